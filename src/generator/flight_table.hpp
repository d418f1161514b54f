// The drawings under way in this process, by picture key. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "generator/flight.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::generator {

class FlightTable {
 public:
  struct Boarding {
    std::shared_ptr<Flight> flight;  // null: a flight has ended since the cache was looked into, so look again
    std::unique_ptr<Flight::Seat> seat;
    bool leads = false;  // this request's drawing must be started
  };

  // How many flights have ended. Asked before the cache is looked into: a picture that is not found there and whose
  // flight is gone too was stored in between.
  std::uint64_t ended() const;

  // Takes a seat in the flight of `key`, or opens one if none has ended since ended() was `ended_before` or if `plan`
  // does not look into the cache.
  Boarding board(const CacheKey& key, const Request& request, const CachePlan& plan, std::uint64_t ended_before);

  // The flight has ended: a later request opens another.
  void end(const CacheKey& key, const Flight* flight);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<CacheKey, std::shared_ptr<Flight>> flights_;
  std::uint64_t ended_ = 0;
};

}  // namespace zimg::generator
