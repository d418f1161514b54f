#include "app/request_fields.hpp"

#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "app/choice.hpp"
#include "base/drawing_limits.hpp"
#include "base/duration.hpp"
#include "base/excerpt.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

using base::Json;

constexpr const char* kSeeds = "random or a whole number from 0 to 18446744073709551615";

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

[[noreturn]] void fail(const std::string& field, const std::string& found, const std::string& expected) {
  throw Error(ErrorCode::kInvalidArgument, field + " is " + found + " where " + expected + " is expected");
}

// Prompts are texts: here one can only be found to be none, so that it is never repeated in an error.
std::string text(const Json& value, const std::string& field) {
  if (!value.is_string()) fail(field, shown_value(value), "a string");
  return value.get<std::string>();
}

std::uint32_t count(const Json& value, const std::string& field, std::uint32_t least, std::uint32_t most) {
  const std::uint64_t number = value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
  if (value.is_number_unsigned() && number >= least && number <= most) return static_cast<std::uint32_t>(number);
  fail(field, shown_value(value), "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

std::uint32_t side(const Json& value, const std::string& field) {
  return count(value, field, 1, base::kMaxPictureSide);
}

double number(const Json& value, const std::string& field, double most) {
  const double found = value.is_number() ? value.get<double>() : -1;
  if (found >= 0 && found <= most) return found;
  fail(field, shown_value(value), "a number from 0 to " + std::to_string(static_cast<int>(most)));
}

bool truth(const Json& value, const std::string& field) {
  if (!value.is_boolean()) fail(field, shown_value(value), "true or false");
  return value.get<bool>();
}

void set_json_seed(Request& request, const Json& value, const std::string& field) {
  if (value.is_number_unsigned()) {
    request.seed = value.get<std::uint64_t>();
    request.random_seed = false;
  } else if (value.is_string()) {
    set_seed(request, field, value.get<std::string>());
  } else {
    fail(field, shown_value(value), kSeeds);
  }
}

using Setter = std::function<void(Request&, const Json&, const std::string&)>;

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> all{
      {"prompt", [](Request& r, const Json& v, const std::string& f) { r.prompt = text(v, f); }},
      {"negative_prompt", [](Request& r, const Json& v, const std::string& f) { r.negative_prompt = text(v, f); }},
      {"size", [](Request& r, const Json& v, const std::string& f) { set_size(r, f, text(v, f)); }},
      {"width", [](Request& r, const Json& v, const std::string& f) { r.width = side(v, f); }},
      {"height", [](Request& r, const Json& v, const std::string& f) { r.height = side(v, f); }},
      {"steps", [](Request& r, const Json& v, const std::string& f) { r.steps = count(v, f, 1, base::kMaxSteps); }},
      {"guidance",
       [](Request& r, const Json& v, const std::string& f) { r.guidance = number(v, f, base::kMaxGuidance); }},
      {"guidance_normalization",
       [](Request& r, const Json& v, const std::string& f) {
         r.guidance_normalization = number(v, f, base::kMaxGuidance);
       }},
      {"guidance_truncation",
       [](Request& r, const Json& v, const std::string& f) { r.guidance_truncation = number(v, f, 1); }},
      {"schedule", [](Request& r, const Json& v, const std::string& f) { r.schedule = schedule(f, text(v, f)); }},
      {"seed", set_json_seed},
      {"match", [](Request& r, const Json& v, const std::string& f) { r.match = match_level(f, text(v, f)); }},
      {"namespace", [](Request& r, const Json& v, const std::string& f) { r.name_space = text(v, f); }},
      {"mode", [](Request& r, const Json& v, const std::string& f) { r.mode = cache_mode(f, text(v, f)); }},
      {"ttl",
       [](Request& r, const Json& v, const std::string& f) { r.ttl_ms = base::parse_duration_ms(f, text(v, f)); }},
      {"tag", [](Request& r, const Json& v, const std::string& f) { r.tag = text(v, f); }},
      {"pin", [](Request& r, const Json& v, const std::string& f) { r.pin = truth(v, f); }},
      {"vae_tiling", [](Request& r, const Json& v, const std::string& f) { r.vae_tiling = truth(v, f); }},
      {"format", [](Request& r, const Json& v, const std::string& f) { r.format = image_format(f, text(v, f)); }},
      {"quality",
       [](Request& r, const Json& v, const std::string& f) { r.jpeg_quality = static_cast<int>(count(v, f, 1, 100)); }},
  };
  return all;
}

void refuse_two_sizes(const Json& object, const std::string& origin) {
  if (!object.contains("size")) return;
  for (const char* side : {"width", "height"}) {
    if (!object.contains(side)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                origin + " has both 'size' and '" + side + "' where one of size and width with height is expected");
  }
}

}  // namespace

std::string shown_value(const base::Json& value) {
  if (value.is_number()) return value.dump();
  if (value.is_string()) return "the text " + base::in_quotes(value.get_ref<const std::string&>());
  return std::string("a JSON ") + value.type_name();
}

void set_size(Request& request, const std::string& field, const std::string& text) {
  const std::size_t cross = text.find('x');
  const auto width = whole_number<std::uint32_t>(std::string_view(text).substr(0, cross));
  const auto height =
      cross == std::string::npos ? std::nullopt : whole_number<std::uint32_t>(std::string_view(text).substr(cross + 1));
  if (!width || !height) fail(field, "'" + text + "'", "WIDTHxHEIGHT in pixels, such as 1024x768,");
  request.width = width;
  request.height = height;
}

void set_seed(Request& request, const std::string& field, const std::string& text) {
  request.random_seed = text == "random";
  if (request.random_seed) return;
  const auto seed = whole_number<std::uint64_t>(text);
  if (!seed) fail(field, "'" + text + "'", kSeeds);
  request.seed = *seed;
}

MatchLevel match_level(const std::string& field, const std::string& word) {
  return choose<MatchLevel>(
      field, word,
      {{"exact", MatchLevel::kExact}, {"normalized", MatchLevel::kNormalized}, {"loose", MatchLevel::kLoose}});
}

Schedule schedule(const std::string& field, const std::string& word) {
  return choose<Schedule>(
      field, word,
      {{"linear", Schedule::kLinear}, {"legacy-zero-end", Schedule::kLegacyZeroEnd}, {"native", Schedule::kNative}});
}

CacheMode cache_mode(const std::string& field, const std::string& word) {
  return choose<CacheMode>(field, word,
                           {{"normal", CacheMode::kNormal},
                            {"bypass", CacheMode::kBypass},
                            {"refresh", CacheMode::kRefresh},
                            {"only-if-cached", CacheMode::kOnlyIfCached},
                            {"no-store", CacheMode::kNoStore}});
}

ImageFormat image_format(const std::string& field, const std::string& word) {
  return choose<ImageFormat>(field, word, {{"png", ImageFormat::kPng}, {"jpeg", ImageFormat::kJpeg}});
}

void set_fields(Request& request, const base::Json& object, const std::string& origin) {
  if (!object.is_object()) fail(origin, shown_value(object), "a JSON object or a bare prompt");
  refuse_two_sizes(object, origin);
  for (const auto& [name, value] : object.items()) {
    check_field_name(name, origin);
    setters().at(name)(request, value, origin + ": " + name);
  }
}

void check_field_name(const std::string& name, const std::string& origin) {
  constexpr const char* kPriority = "priority";
  if (name == kPriority || setters().count(name) != 0) return;
  std::string known;
  for (const auto& [field, setter] : setters()) known += field + ", ";
  throw Error(ErrorCode::kInvalidArgument, origin + ": " + base::in_quotes(name) + " is not a field of a request: " +
                                               known + "or " + kPriority + " is expected");
}

}  // namespace zimg::app
