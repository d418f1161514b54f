#include "generator/flight_table.hpp"

namespace zimg::generator {

std::uint64_t FlightTable::ended(const CacheKey& key) const {
  const std::lock_guard lock(mutex_);
  return ended_[counter_of(key)];
}

FlightTable::Boarding FlightTable::board(const CacheKey& key, const Request& request, const CachePlan& plan,
                                         std::uint64_t ended_before) {
  const std::lock_guard lock(mutex_);
  const auto found = flights_.find(key);
  if (found != flights_.end()) {
    if (auto seat = Flight::join(found->second, request, plan)) return {found->second, std::move(seat), false, false};
  }
  auto flight = std::make_shared<Flight>();
  auto seat = Flight::join(flight, request, plan);
  flights_.insert_or_assign(key, flight);  // in the place of one that would not do
  const bool looks_again = plan.reads && ended_[counter_of(key)] != ended_before;
  return {std::move(flight), std::move(seat), true, looks_again};
}

void FlightTable::end(const CacheKey& key, const Flight* flight) {
  const std::lock_guard lock(mutex_);
  ++ended_[counter_of(key)];
  const auto found = flights_.find(key);
  if (found != flights_.end() && found->second.get() == flight) flights_.erase(found);
}

}  // namespace zimg::generator
