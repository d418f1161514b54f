// A Drawing is a picture that has been drawn and encoded, as the participants of its flight share it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/store_state.hpp"
#include "zimg/cache.hpp"
#include "zimg/result.hpp"

namespace zimg::generator {

struct Drawing {
  CacheEntry entry;  // the PNG and its facts
  // The JPEG that is kept in the PNG's place (Kept::kDelivered), and its quality.
  std::optional<CacheEntry> jpeg;
  int jpeg_quality = 0;
  bool is_kept = false;  // `store` tells how that went on
  bool is_flat = false;
  std::vector<std::string> warnings;
  StageTimes times_ms;  // of the stages of drawing
  std::shared_ptr<StoreState> store = std::make_shared<StoreState>();
};

}  // namespace zimg::generator
