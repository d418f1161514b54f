// The drawings under way in this process, by picture key. Thread-safe.
#pragma once

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
  };

  // Takes a seat in the flight of `key`, or opens one.
  Boarding board(const CacheKey& key, const Request& request);

  // The flight has ended: a later request opens another.
  void end(const CacheKey& key, const Flight* flight);

 private:
  std::mutex mutex_;
  std::unordered_map<CacheKey, std::shared_ptr<Flight>> flights_;
};

}  // namespace zimg::generator
