#include "generator/generator_impl.hpp"
#include "image/image_writer.hpp"
#include "key/picture_key.hpp"
#include "telemetry/stopwatch.hpp"

namespace zimg {
inline namespace v0 {

// A cache that fails costs time, never the picture: the failure becomes a warning.
std::optional<CacheEntry> Generator::Impl::find(const CacheKey& key, Passage& passage) {
  const telemetry::Stopwatch watch(passage.report.times_ms.lookup);
  try {
    return cache_->find(key);
  } catch (const std::exception& e) {
    passage.report.warnings.push_back(std::string("the cache could not be read: ") + e.what());
    return std::nullopt;
  }
}

std::optional<Result> Generator::Impl::look_up(Passage& passage) {
  const Request& asked = passage.asked;
  if (!cache_ || !asked.use_cache || asked.random_seed) return std::nullopt;
  passage.report.outcome = Outcome::kHit;
  passage.report.stored = Stored::kYes;
  if (asked.format != ImageFormat::kPng) {
    const CacheKey derived =
        key::entry_key(passage.report.key, asked.format, asked.jpeg_quality, image::kEncoderVersion);
    if (const auto entry = find(derived, passage)) return finish(passage, *entry, asked.format);
  }
  if (const auto png = find(passage.report.key, passage)) {
    passage.report.converted = asked.format != ImageFormat::kPng;
    return deliver(passage, *png);
  }
  passage.report.outcome = Outcome::kDrawn;
  passage.report.stored = Stored::kNo;
  return std::nullopt;
}

}  // namespace v0
}  // namespace zimg
