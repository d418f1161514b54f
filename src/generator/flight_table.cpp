#include "generator/flight_table.hpp"

namespace zimg::generator {

FlightTable::Boarding FlightTable::board(const CacheKey& key, const Request& request) {
  const std::lock_guard lock(mutex_);
  const auto found = flights_.find(key);
  if (found != flights_.end()) {
    if (auto seat = Flight::join(found->second, request)) return {found->second, std::move(seat), false};
  }
  auto flight = std::make_shared<Flight>();
  flights_.insert_or_assign(key, flight);  // in the place of one that everybody has left
  auto seat = Flight::join(flight, request);
  return {std::move(flight), std::move(seat), true};
}

void FlightTable::end(const CacheKey& key, const Flight* flight) {
  const std::lock_guard lock(mutex_);
  const auto found = flights_.find(key);
  if (found != flights_.end() && found->second.get() == flight) flights_.erase(found);
}

}  // namespace zimg::generator
