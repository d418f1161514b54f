// The drawings under way in this process, by picture key. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
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
    std::shared_ptr<Flight> flight;
    std::unique_ptr<Flight::Seat> seat;
    bool leads = false;  // this request's drawing must be started
    // But the cache is looked into once more before: a flight of the key may have stored its picture since.
    bool looks_again = false;
  };

  // How many flights of `key`, and of the few keys that share its counter, have ended. Asked before the cache is looked
  // into: a picture that is not found there and whose flight is gone too was stored in between.
  std::uint64_t ended(const CacheKey& key) const;

  // Takes a seat in the flight of `key`, or opens one. `ended_before` is what ended() was. Who leads needs no third
  // look: while its flight stands here, nobody else opens one of the key, so nothing is stored behind its back.
  Boarding board(const CacheKey& key, const Request& request, const CachePlan& plan, std::uint64_t ended_before);

  // The flight has ended: a later request opens another.
  void end(const CacheKey& key, const Flight* flight);

 private:
  // So many that other keys seldom cause a second look, which is in vain then.
  static constexpr std::size_t kCounters = 256;
  static std::size_t counter_of(const CacheKey& key) { return std::hash<CacheKey>{}(key) % kCounters; }

  mutable std::mutex mutex_;
  std::unordered_map<CacheKey, std::shared_ptr<Flight>> flights_;
  std::array<std::uint64_t, kCounters> ended_{};
};

}  // namespace zimg::generator
