#include "app/delivery.hpp"

#include "app/messages.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

namespace zimg::app {
namespace {

base::Json times_json(const StageTimes& times) {
  return {
      {"canonicalize", times.canonicalize},
      {"lookup", times.lookup},
      {"wait", times.wait},
      {"load", times.load},
      {"encode_text", times.encode_text},
      {"denoise", times.denoise},
      {"decode", times.decode},
      {"encode_image", times.encode_image},
      {"total", times.total},
  };
}

}  // namespace

base::Json delivery_json(const Result& result, const Delivery& delivery) {
  const Report& report = result.report;
  base::Json json{
      {"outcome", outcome_name(report.outcome)},
      {"key", report.key.hex()},
      {"path", delivery.path},
      {"format", result.format == ImageFormat::kJpeg ? "jpeg" : "png"},
      {"width", result.width},
      {"height", result.height},
      {"bytes", result.bytes->size()},
      {"sha256", base::hex_of(base::sha256(result.bytes->data(), result.bytes->size()))},
      {"stored", stored_name(report.stored)},
      {"seed", report.seed},
      {"steps", report.steps},
      {"model", report.model},
      {"namespace", report.name_space},
      {"folded", report.folded},
      {"filtered", report.is_filtered},
      {"tags", report.tags},
      {"times_ms", times_json(report.times_ms)},
  };
  if (delivery.is_spliced) json["payload_sha256"] = report.payload_sha256;
  if (!report.store_note.empty()) json["store_note"] = report.store_note;
  return json;
}

std::string delivery_line(const Result& result, const Delivery& delivery) {
  const Report& report = result.report;
  std::string line = delivery.path + "  " + std::to_string(result.width) + "x" + std::to_string(result.height) + "  ";
  if (report.is_hit()) {
    line += "from the cache in " + human_time(report.times_ms.total);
  } else {
    const char* const how =
        report.outcome == Outcome::kJoined ? "drawn meanwhile by another, waited for " : "drawn in ";
    line += how + human_time(report.times_ms.total);
    line += report.stored == Stored::kYes ? ", stored" : ", not stored";
  }
  return line + "  seed " + std::to_string(report.seed);
}

}  // namespace zimg::app
