#include <algorithm>
#include <new>
#include <utility>

#include "base/scope_exit.hpp"
#include "cache/entry_codec.hpp"
#include "generator/derived_entry.hpp"
#include "generator/exception_text.hpp"
#include "generator/generator_impl.hpp"
#include "image/image_writer.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

using generator::Drawing;
using generator::Failure;
using generator::Flight;

bool is_one_colour(const Bytes& rgb) {
  return std::equal(rgb.begin() + 3, rgb.end(), rgb.begin());
}

void check_picture(const Picture& picture, const DrawingOrder& order) {
  const std::size_t expected = std::size_t{3} * order.width * order.height;
  if (picture.width == order.width && picture.height == order.height && picture.rgb.size() == expected) return;
  throw Error(ErrorCode::kDevice,
              "the pipeline drew " + std::to_string(picture.width) + "x" + std::to_string(picture.height) +
                  " pixels in " + std::to_string(picture.rgb.size()) + " bytes where " + std::to_string(order.width) +
                  "x" + std::to_string(order.height) + " was ordered");
}

// A pipeline may be anybody's: whatever it throws is told as an Error.
Failure failure_of_current_exception() noexcept {
  try {
    try {
      throw;
    } catch (const Error& e) {
      return {e.code(), e.what()};
    } catch (const std::bad_alloc&) {
      return {ErrorCode::kOutOfMemory, "memory ran out while the picture was drawn"};
    } catch (...) {
      return {ErrorCode::kInternal, generator::text_of_current_exception("the pipeline failed: ")};
    }
  } catch (...) {
    return {ErrorCode::kOutOfMemory, generator::kNoMemory};
  }
}

}  // namespace

std::shared_ptr<Drawing> Generator::Impl::draw_and_encode(const key::CanonicalRequest& canonical, Flight& flight) {
  if (flight.is_cancelled()) throw Error(ErrorCode::kCancelled, "the drawing was cancelled while it was queued");
  auto drawing = std::make_shared<Drawing>();
  StageTimes& times = drawing->times_ms;
  double draw_ms = 0;
  Picture picture;
  {
    const telemetry::Stopwatch watch(draw_ms);
    picture = drawer_.draw(canonical.order, flight);
  }
  check_picture(picture, canonical.order);
  times.wait = picture.wait_ms;
  times.load = picture.load_ms;
  times.encode_text = picture.encode_text_ms;
  times.denoise = picture.denoise_ms;
  times.decode = picture.decode_ms;
  const telemetry::Stopwatch watch(times.encode_image);
  drawing->is_flat = is_one_colour(picture.rgb);
  if (drawing->is_flat) drawing->warnings.emplace_back("the picture is one flat colour; it is not stored");
  EntryInfo& info = drawing->entry.info;
  info.width = picture.width;
  info.height = picture.height;
  info.seed = canonical.order.seed;
  info.steps = canonical.steps;
  info.guidance = static_cast<double>(canonical.order.guidance);
  info.draw_ms = std::max(0.0, draw_ms - picture.wait_ms - picture.load_ms);
  pace_.add(canonical, info.draw_ms);
  tracer_.counters.count_drawing(info.draw_ms);
  info.name_space = canonical.name_space;
  info.model = drawer_.model_name();
  drawing->entry.payload = std::make_shared<const Bytes>(image::encode_png(picture.rgb, picture.width, picture.height));
  return drawing;
}

// On the drawing thread: to the end of the flight, whichever way. The claim `hold` is held until then.
void Generator::Impl::fly(const std::shared_ptr<Flight>& flight, const Course& course, std::shared_ptr<void> hold) {
  const auto end = [this, flight, key = course.key, is_shared = course.is_shared, hold = std::move(hold)] {
    if (is_shared) flights_.end(key, flight.get());
  };
  std::shared_ptr<Drawing> drawing;
  try {
    drawing = draw_and_encode(course.canonical, *flight);
  } catch (...) {
    end();  // before anyone hears of it: who asks again after a failure gets a flight of his own
    flight->fail(failure_of_current_exception());
    return;
  }
  // Before the store: what is counted behind it would look like a lookup of what stands there.
  if (course.misses) count_miss(course.key, course.format, course.jpeg_quality);
  const auto wish = flight->settle_wish();
  if (wish && !drawing->is_flat) {
    try {
      keep(course, *wish, *drawing, end);
    } catch (...) {  // memory ran out, but the picture is there
      leave_out(*drawing->store, generator::text_of_current_exception());
      end();
    }
  } else {
    end();
  }
  flight->succeed(drawing);
}

void Generator::Impl::count_miss(const CacheKey& picture, ImageFormat format, int jpeg_quality) {
  try {
    cache_->count_miss(kept_key(picture, format, jpeg_quality));
  } catch (...) {  // a cache that fails has told so when it was looked into
  }
}

// Stores what the policy keeps of a drawing.
void Generator::Impl::keep(const Course& course, const generator::StoreWish& wish, Drawing& drawing,
                           std::function<void()> afterwards) {
  EntryInfo& info = drawing.entry.info;
  info.tag = wish.tag;
  info.is_pinned = wish.is_pinned;
  if (wish.lifetime_ms > 0) info.expires_at_ms = cache::unix_now_ms() + wish.lifetime_ms;
  drawing.is_kept = true;
  if (kept_ == Kept::kDelivered && wish.format == ImageFormat::kJpeg) {
    try {
      const telemetry::Stopwatch watch(drawing.times_ms.encode_image);
      drawing.jpeg = generator::jpeg_entry(drawing.entry, wish.jpeg_quality);
      drawing.jpeg_quality = wish.jpeg_quality;
    } catch (...) {
      leave_out(*drawing.store, generator::text_of_current_exception());
      afterwards();
      return;
    }
  }
  const CacheEntry& kept = drawing.jpeg ? *drawing.jpeg : drawing.entry;
  const auto refreshed = wish.refreshes ? std::optional(course.key) : std::nullopt;
  remember({kept_key(course.key, wish.format, wish.jpeg_quality), kept, course.drawer, refreshed}, drawing.store,
           std::move(afterwards));
}

// A flight that cannot even start ends like one that fails. For a handler of the exception that says why.
void Generator::Impl::ground(Flight& flight, const Course& course) noexcept {
  if (course.is_shared) flights_.end(course.key, &flight);
  flight.fail(failure_of_current_exception());
}

void Generator::Impl::start(const std::shared_ptr<Flight>& flight, std::shared_ptr<const Course> course) noexcept {
  try {
    drawings_.post([this, flight, course] { run_step(*flight, *course, [&] { take_off(flight, course); }); });
  } catch (...) {
    ground(*flight, *course);
  }
}

// On the asking thread, which does not wait for the drawing ones to find what is there.
std::optional<Result> Generator::Impl::look_again(Passage& passage, Flight& flight, const Course& course) {
  // Found, or failed at that: those who have come aboard meanwhile look for themselves.
  base::ScopeExit land([&] { land_elsewhere(flight, course); });
  auto found = look_up(passage);
  if (!found) land.dismiss();
  return found;
}

std::optional<Result> Generator::Impl::draw(Passage& passage, std::uint64_t ended_before) {
  const Request& asked = passage.asked;
  const bool shared = passage.plan.shares;
  const bool claims = passage.plan.reads && !passage.has_landed_elsewhere;
  // Before boarding: between a flight that others can join and its start, nothing may fail.
  auto course =
      std::make_shared<const Course>(Course{passage.canonical, passage.drawer, passage.report.key, asked.format,
                                            asked.jpeg_quality, shared, claims, passage.plan.reads});
  generator::FlightTable::Boarding boarding;
  if (shared) {
    boarding = flights_.board(passage.report.key, asked, passage.plan, ended_before);
    if (boarding.looks_again) {
      if (auto found = look_again(passage, *boarding.flight, *course)) return found;
    }
  } else {
    boarding.flight = std::make_shared<Flight>();
    boarding.seat = Flight::join(boarding.flight, asked, passage.plan);
    boarding.leads = true;
  }
  double waited_ms = 0;
  std::shared_ptr<const Drawing> drawing;
  {
    const telemetry::Stopwatch watch(waited_ms);
    if (boarding.leads) start(boarding.flight, std::move(course));
    drawing = boarding.seat->wait();
  }
  boarding.seat.reset();
  if (!drawing) {
    passage.has_landed_elsewhere = true;
    passage.report.times_ms.wait += waited_ms;
    return std::nullopt;
  }
  return arrive(passage, *drawing, boarding.leads, waited_ms);
}

// Of a drawing that is kept as a JPEG.
bool Generator::Impl::is_kept_as_asked(const Passage& passage, const Drawing& drawing) {
  return drawing.jpeg && passage.asked.format == ImageFormat::kJpeg &&
         passage.asked.jpeg_quality == drawing.jpeg_quality;
}

Result Generator::Impl::arrive(Passage& passage, const Drawing& drawing, bool leads, double waited_ms) {
  Report& report = passage.report;
  report.outcome = leads ? Outcome::kDrawn : Outcome::kJoined;
  report.is_flat = drawing.is_flat;
  if (drawing.is_kept) {
    report.store_state = drawing.store;
    report.refresh_stored();
  } else {
    report.store_note =
        drawing.is_flat && passage.plan.writes ? "the picture is one flat colour" : passage.plan.unwritten;
  }
  report.warnings.insert(report.warnings.end(), drawing.warnings.begin(), drawing.warnings.end());
  pin_joined(passage, drawing);
  StageTimes& times = report.times_ms;
  if (leads) {
    const StageTimes& stages = drawing.times_ms;
    times.load = stages.load;
    times.encode_text = stages.encode_text;
    times.denoise = stages.denoise;
    times.decode = stages.decode;
    times.encode_image += stages.encode_image;
    waited_ms -= stages.load + stages.encode_text + stages.denoise + stages.decode + stages.encode_image;
  }
  times.wait += std::max(0.0, waited_ms);
  if (is_kept_as_asked(passage, drawing)) return finish(passage, *drawing.jpeg, ImageFormat::kJpeg);
  Origin origin = origin_of(report.key, drawing);
  if (drawing.jpeg && passage.asked.format == ImageFormat::kPng) {
    return deliver_beside(passage, drawing.entry, std::move(origin));
  }
  return deliver(passage, drawing.entry, std::move(origin));
}

}  // namespace v0
}  // namespace zimg
