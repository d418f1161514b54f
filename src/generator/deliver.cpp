#include <utility>

#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "generator/derived_entry.hpp"
#include "generator/generator_impl.hpp"
#include "image/image_writer.hpp"
#include "image/parameters.hpp"
#include "key/picture_key.hpp"
#include "key/schedule.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

// The program's word for the schedule that lays out `sigmas`. They are live and the word is not: where two schedules
// lay out the same, as linear and native do in 8 steps, requests for either have one key and must get one file.
const char* schedule_name(const std::vector<float>& sigmas, double shift) {
  const auto is_of = [&](Schedule schedule) {
    return key::sigmas(schedule, static_cast<std::uint32_t>(sigmas.size()), shift) == sigmas;
  };
  if (is_of(Schedule::kLinear)) return "linear";
  return is_of(Schedule::kNative) ? "native" : "legacy-zero-end";
}

// From the canonical request's live fields, the entry's own facts and the drawer alone, so that a hit tells what the
// miss told. Not the model's name that the entry has from whoever drew it: another folder with the same files has the
// same keys.
image::PictureParameters parameters_of(const key::CanonicalRequest& canonical, const EntryInfo& info,
                                       const generator::Drawer& drawer, const key::DrawerIdentity& identity) {
  const DrawingOrder& order = canonical.order;
  image::PictureParameters parameters;
  parameters.prompt = order.prompt;
  parameters.negative_prompt = order.negative_prompt;
  parameters.width = info.width;
  parameters.height = info.height;
  parameters.steps = info.steps;
  parameters.seed = info.seed;
  parameters.guidance = order.guidance;
  parameters.guidance_normalization = order.guidance_normalization;
  parameters.guidance_truncation = order.guidance_truncation;
  parameters.vae_tiling = order.vae_tiling;
  parameters.schedule = schedule_name(order.sigmas, drawer.facts().shift);
  parameters.model = drawer.model_name();
  parameters.model_identity = base::to_hex(identity.model.data(), identity.model.size());
  return parameters;
}

bool is_zero(const CacheKey::Digest& digest) {
  return digest == CacheKey::Digest{};
}

}  // namespace

Result Generator::Impl::deliver(Passage& passage, const CacheEntry& png, Origin origin) {
  const Request& asked = passage.asked;
  if (asked.format == ImageFormat::kPng) return finish(passage, png, ImageFormat::kPng);
  CacheEntry converted;
  {
    const telemetry::Stopwatch watch(passage.report.times_ms.encode_image);
    converted = generator::jpeg_entry(png, asked.jpeg_quality);
  }
  // One that can be made again of a kept PNG is not: unpinning that must do.
  converted.info.is_pinned = asked.pin && origin.key != passage.report.key;
  // What it is made from is kept already or is being kept: this only saves the next conversion.
  if (passage.plan.writes && !passage.report.is_flat) {
    remember({entry_key(passage.report.key, asked.format, asked.jpeg_quality),
              converted,
              passage.drawer,
              {},
              std::move(origin)},
             std::make_shared<StoreState>(), nullptr);
  }
  return finish(passage, converted, asked.format);
}

// The PNG of a drawing of which another request keeps the JPEG.
Result Generator::Impl::deliver_beside(Passage& passage, const CacheEntry& png, Origin origin) {
  if (passage.plan.writes) {
    const auto state = std::make_shared<StoreState>();
    CacheEntry beside = png;
    beside.info.is_pinned = passage.asked.pin;  // the other request's pin is of its own
    remember({passage.report.key, std::move(beside), passage.drawer, {}, std::move(origin)}, state, nullptr);
    passage.report.store_state = state;
    passage.report.refresh_stored();
  }
  return finish(passage, png, ImageFormat::kPng);
}

Generator::Impl::Origin Generator::Impl::origin_of(const CacheKey& picture, const generator::Drawing& drawing) {
  if (!drawing.jpeg) return {picture, drawing.entry.payload, drawing.store};
  return {entry_key(picture, ImageFormat::kJpeg, drawing.jpeg_quality), drawing.jpeg->payload, drawing.store};
}

CacheKey Generator::Impl::kept_key(const CacheKey& picture, ImageFormat format, int jpeg_quality) const {
  return kept_ == Kept::kDelivered && format == ImageFormat::kJpeg ? entry_key(picture, format, jpeg_quality) : picture;
}

CacheKey Generator::Impl::entry_key(const CacheKey& picture, ImageFormat format, int jpeg_quality) {
  return key::entry_key(picture, format, jpeg_quality, image::kEncoderVersion);
}

Result Generator::Impl::finish(Passage& passage, const CacheEntry& entry, ImageFormat format) {
  passage.report.steps = entry.info.steps;
  passage.saved_ms = entry.info.draw_ms;
  const auto digest = is_zero(entry.info.payload_sha256) ? base::sha256(entry.payload->data(), entry.payload->size())
                                                         : entry.info.payload_sha256;
  passage.report.payload_sha256 = base::to_hex(digest.data(), digest.size());
  SharedBytes bytes = entry.payload;
  if (passage.asked.splice_parameters) {
    const telemetry::Stopwatch watch(passage.report.times_ms.encode_image);
    const auto texts = image::parameter_texts(parameters_of(passage.canonical, entry.info, drawer_, passage.drawer));
    bytes = std::make_shared<const Bytes>(image::splice_texts(*entry.payload, texts));
  }
  Result result(std::move(passage.report));  // at the end: what fails before is told in it
  result.bytes = std::move(bytes);
  result.format = format;
  result.width = entry.info.width;
  result.height = entry.info.height;
  return result;
}

}  // namespace v0
}  // namespace zimg
