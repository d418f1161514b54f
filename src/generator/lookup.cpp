#include <utility>

#include "base/scope_exit.hpp"
#include "generator/exception_text.hpp"
#include "generator/generator_impl.hpp"
#include "image/jpeg_segments.hpp"
#include "image/png_chunks.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

constexpr const char* kUnpinned = "the picture could not be pinned: ";

// A cache that fails does so at each entry: once is enough to say it.
void warn(Report& report, std::string warning) {
  if (report.warnings.empty() || report.warnings.back() != warning) report.warnings.push_back(std::move(warning));
}

// What shows at a glance that an entry is not what was stored under its key. The cache's own check sees the rest.
void check_entry(const CacheEntry& entry, ImageFormat format, const DrawingOrder& order) {
  const EntryInfo& info = entry.info;
  const bool is_ours = info.format == format && info.width == order.width && info.height == order.height &&
                       info.seed == order.seed && entry.payload != nullptr;
  if (!is_ours) throw Error(ErrorCode::kInvalidArgument, "it is another picture");
  if (!(format == ImageFormat::kPng ? image::is_png(*entry.payload) : image::is_jpeg(*entry.payload))) {
    throw Error(ErrorCode::kInvalidArgument, "it does not begin as its format does");
  }
}

}  // namespace

// A cache that fails costs time, never the picture: the failure becomes a warning.
std::optional<CacheEntry> Generator::Impl::find(const CacheKey& key, Passage& passage) {
  const generator::Tracer::Listening listening(tracer_, passage.report.name_space);
  double found_ms = 0;
  const base::ScopeExit count([&] {
    passage.report.times_ms.lookup += found_ms;
    tracer_.counters.lookup_ms.record(found_ms);
  });
  const telemetry::Stopwatch watch(found_ms);
  try {
    // What another process drew for this request is no hit.
    return passage.has_landed_elsewhere ? cache_->peek(key) : cache_->try_find(key);
  } catch (...) {
    warn(passage.report, generator::text_of_current_exception("the cache could not be read: "));
    return std::nullopt;
  }
}

void Generator::Impl::forget(const CacheKey& key, Passage& passage, const std::string& why) {
  warn(passage.report, "the cache's entry cannot be used: " + why);
  tracer_.tell(TraceKind::kInvalidated, key, passage.report.name_space, why);
  try {
    cache_->erase(key);
  } catch (...) {
    warn(passage.report, generator::text_of_current_exception("the cache could not be written: "));
  }
}

// A picture that is to be pinned may have been there before, without, and what was found be a JPEG that was made of it:
// then the PNG is pinned, of which such a JPEG can be made again, and the JPEG only where it is all that is left.
void Generator::Impl::pin_found(const CacheKey& key, const CacheEntry& entry, Passage& passage) {
  if (!passage.asked.pin || !passage.plan.writes) return;
  const CacheKey& picture = passage.report.key;
  try {
    // To pin is to write, one process at a time: only where it has to be.
    const auto png = cache_->peek(picture);
    if (png && (png->info.is_pinned || cache_->pin(picture, true))) return;
    if (!png && key != picture && (entry.info.is_pinned || cache_->pin(key, true))) return;
    // What was found is a copy of one that is gone: it is kept anew.
    CacheEntry pinned = entry;
    pinned.info.is_pinned = true;
    const auto state = std::make_shared<StoreState>();
    remember({key, std::move(pinned), passage.drawer}, state, nullptr);
    passage.report.store_state = state;
    passage.report.refresh_stored();
  } catch (...) {
    warn(passage.report, generator::text_of_current_exception(kUnpinned));
  }
}

// Who joined when it was settled already how the picture is kept, and it is not pinned, waits for its store. Another
// form of it than that one is kept for this request alone, and pinned with it.
void Generator::Impl::pin_joined(Passage& passage, const generator::Drawing& drawing) {
  const bool is_left = passage.asked.pin && passage.plan.writes && drawing.is_kept && !drawing.entry.info.is_pinned;
  if (!is_left || (drawing.jpeg && !is_kept_as_asked(passage, drawing))) return;
  try {
    stores_.drain();
    const bool is_pinned = cache_->pin(origin_of(passage.report.key, drawing).key, true);
    if (!is_pinned) warn(passage.report, std::string(kUnpinned) + "it is not kept");
  } catch (...) {
    warn(passage.report, generator::text_of_current_exception(kUnpinned));
  }
}

std::optional<Result> Generator::Impl::answer_from(const CacheKey& key, ImageFormat format, Passage& passage) {
  const auto entry = find(key, passage);
  if (!entry) return std::nullopt;
  try {
    check_entry(*entry, format, passage.canonical.order);
    pin_found(key, *entry, passage);
    return format == passage.asked.format ? finish(passage, *entry, format)
                                          : deliver(passage, *entry, {key, entry->payload});
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kInvalidArgument) throw;
    forget(key, passage, e.what());  // no picture that can be read
    return std::nullopt;
  }
}

std::optional<Result> Generator::Impl::look_up(Passage& passage) {
  const Request& asked = passage.asked;
  Report& report = passage.report;
  if (!passage.plan.reads) return std::nullopt;
  report.outcome = passage.has_landed_elsewhere ? Outcome::kJoined : Outcome::kHit;
  report.stored = Stored::kYes;
  if (asked.format != ImageFormat::kPng) {
    const CacheKey derived = entry_key(report.key, asked.format, asked.jpeg_quality);
    if (auto result = answer_from(derived, asked.format, passage)) return result;
  }
  report.converted = asked.format != ImageFormat::kPng;
  if (auto result = answer_from(report.key, ImageFormat::kPng, passage)) return result;
  report.converted = false;
  report.outcome = Outcome::kDrawn;
  report.stored = Stored::kNo;
  return std::nullopt;
}

}  // namespace v0
}  // namespace zimg
