#include <utility>

#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "generator/generator_impl.hpp"
#include "image/image_writer.hpp"
#include "image/parameters.hpp"
#include "key/picture_key.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"
#include "zimg/image.hpp"

namespace zimg {
inline namespace v0 {
namespace {

// From the canonical request's live fields and the entry's own facts alone, so that a hit tells what the miss told. The
// schedule is read off the sigmas, which are live; its name is not.
image::PictureParameters parameters_of(const key::CanonicalRequest& canonical, const EntryInfo& info,
                                       const key::DrawerIdentity& drawer) {
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
  parameters.schedule = order.sigmas.back() == 0 ? "legacy zero end" : "linear";
  parameters.model = info.model;
  parameters.model_identity = base::to_hex(drawer.model.data(), drawer.model.size());
  return parameters;
}

CacheEntry convert(const CacheEntry& png, int jpeg_quality) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  const Bytes rgb = read_picture_pixels(*png.payload, width, height);
  if (width != png.info.width || height != png.info.height) {
    throw Error(ErrorCode::kInvalidArgument, "the picture is " + std::to_string(width) + "x" + std::to_string(height) +
                                                 " pixels where its entry says " + std::to_string(png.info.width) +
                                                 "x" + std::to_string(png.info.height));
  }
  CacheEntry jpeg{png.info, nullptr};
  jpeg.info.format = ImageFormat::kJpeg;
  jpeg.info.stored_at_ms = 0;
  jpeg.info.payload_sha256 = {};
  jpeg.payload = std::make_shared<const Bytes>(image::encode_jpeg(rgb, width, height, jpeg_quality));
  return jpeg;
}

bool is_zero(const CacheKey::Digest& digest) {
  return digest == CacheKey::Digest{};
}

}  // namespace

Result Generator::Impl::deliver(Passage& passage, const CacheEntry& png) {
  const Request& asked = passage.asked;
  if (asked.format == ImageFormat::kPng) return finish(passage, png, ImageFormat::kPng);
  CacheEntry converted;
  {
    const telemetry::Stopwatch watch(passage.report.times_ms.encode_image);
    converted = convert(png, asked.jpeg_quality);
  }
  const bool keep = cache_ && asked.use_cache && !passage.report.is_flat;
  if (keep) {  // the PNG is kept already or is being kept: this only saves the next conversion
    remember(key::entry_key(passage.report.key, asked.format, asked.jpeg_quality, image::kEncoderVersion), converted,
             std::make_shared<StoreState>(), nullptr);
  }
  return finish(passage, converted, asked.format);
}

Result Generator::Impl::finish(Passage& passage, const CacheEntry& entry, ImageFormat format) {
  const telemetry::Stopwatch watch(passage.report.times_ms.encode_image);
  passage.report.steps = entry.info.steps;
  passage.report.model = entry.info.model;
  const auto digest = is_zero(entry.info.payload_sha256) ? base::sha256(entry.payload->data(), entry.payload->size())
                                                         : entry.info.payload_sha256;
  passage.report.payload_sha256 = base::to_hex(digest.data(), digest.size());
  SharedBytes bytes = entry.payload;
  if (passage.asked.splice_parameters) {
    const auto texts = image::parameter_texts(parameters_of(passage.canonical, entry.info, passage.drawer));
    bytes = std::make_shared<const Bytes>(image::splice_texts(*entry.payload, texts));
  }
  Result result(passage.report);
  result.bytes = std::move(bytes);
  result.format = format;
  result.width = entry.info.width;
  result.height = entry.info.height;
  return result;
}

}  // namespace v0
}  // namespace zimg
