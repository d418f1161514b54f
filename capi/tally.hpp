// zimg_tally: counts of a run, by zimg_count.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "capi/handle.hpp"
#include "zimg/bundle.hpp"
#include "zimg/cache.hpp"
#include "zimg/prewarm.hpp"
#include "zimg/store_maintenance.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

class Counts {
 public:
  // Of a number of this header; of another it is 0.
  std::uint64_t at(zimg_count count) const noexcept { return is_one(count) ? values_[index(count)] : 0; }
  Counts& set(zimg_count count, std::uint64_t value) noexcept {
    if (is_one(count)) values_[index(count)] = value;
    return *this;
  }
  static bool is_one(zimg_count count) noexcept { return count >= 0 && count <= ZIMG_COUNT_DRAWN_BYTES; }

 private:
  static std::size_t index(zimg_count count) noexcept { return static_cast<std::size_t>(count); }
  std::array<std::uint64_t, ZIMG_COUNT_DRAWN_BYTES + 1> values_{};
};

Counts tally_of(const VerifyReport& report);
Counts tally_of(const ExportReport& report);
Counts tally_of(const ImportReport& report);
Counts tally_of(const RebuildReport& report);
Counts tally_of(const PrewarmProgress& progress);

// What `on_progress`, which may be NULL, answers.
bool goes_on(zimg_tally_function on_progress, void* user_data, const Counts& so_far);

using VerifyProgress = std::function<bool(const VerifyReport&)>;

// What `verify` found of `verified`, "the cache", with `on_progress`, which may be NULL, as its callback. Errors: those
// of `verify`; kCancelled where the callback stopped it.
Counts verification(const std::function<VerifyReport(const VerifyProgress&)>& verify, const char* verified,
                    zimg_tally_function on_progress, void* user_data);

}  // namespace zimg::capi

struct zimg_tally : zimg::capi::Handle<zimg_tally> {
  explicit zimg_tally(const zimg::capi::Counts& counts) : value(counts) {}
  zimg::capi::Counts value;
};
