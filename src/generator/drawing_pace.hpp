// DrawingPace says how long a drawing will take, from what earlier ones took.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <string>

#include "key/canonical_request.hpp"
#include "zimg/cache.hpp"

namespace zimg::generator {

class DrawingPace {
 public:
  // A drawing took `draw_ms`.
  void add(const key::CanonicalRequest& drawn, double draw_ms);

  // Where nothing has been drawn yet, by the pictures of `model` in `cache`, which may be null. 0 if nobody knows.
  // Errors: those of ICache::list.
  double expected_ms(const key::CanonicalRequest& asked, ICache* cache, const std::string& model);

 private:
  std::atomic<double> ms_per_work_{0};  // of the last drawing
};

}  // namespace zimg::generator
