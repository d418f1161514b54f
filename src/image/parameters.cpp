#include "image/parameters.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "base/float_below.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace zimg::image {
namespace {

// The fewest digits that read back as the same float: 4.3, not 4.300000190734863.
std::string shortest(float number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

base::Json json_number(const std::string& digits) {
  return base::Json::parse(digits, nullptr, false);
}

// A1111 reads its last line as "name: value, name: value"; a value with those characters stands in quotation marks, as
// does one with a NUL, which no PNG takes as it is.
std::string quoted(const std::string& value) {
  const bool is_plain = value.find_first_of(std::string_view(",:\n\"\0", 5)) == std::string::npos;
  return is_plain ? value : base::Json(value).dump();
}

std::string a1111_text(const PictureParameters& parameters) {
  std::string text = parameters.prompt;
  if (!text.empty()) text += '\n';
  if (!parameters.negative_prompt.empty()) text += "Negative prompt: " + parameters.negative_prompt + "\n";
  text += "Steps: " + std::to_string(parameters.steps) +
          ", Sampler: Euler, Schedule type: " + quoted(base::repaired_utf8(parameters.schedule)) +
          ", CFG scale: " + shortest(parameters.guidance + 1) + ", Seed: " + std::to_string(parameters.seed) +
          ", Size: " + std::to_string(parameters.width) + "x" + std::to_string(parameters.height) +
          ", Model hash: " + parameters.model_identity.substr(0, 10) +
          ", Model: " + quoted(base::repaired_utf8(parameters.model));
  return text;
}

std::string json_text(const PictureParameters& parameters) {
  base::Json json{
      {"prompt", parameters.prompt},
      {"width", parameters.width},
      {"height", parameters.height},
      {"steps", parameters.steps},
      {"seed", parameters.seed},
      {"guidance", json_number(shortest(parameters.guidance))},
      {"schedule", base::repaired_utf8(parameters.schedule)},
      {"vae_tiling", parameters.vae_tiling},
      {"model", base::repaired_utf8(parameters.model)},
      {"model_identity", parameters.model_identity},
  };
  if (parameters.guidance > 0) {  // dead fields would differ between requests that share a picture
    json["negative_prompt"] = parameters.negative_prompt;
    json["guidance_normalization"] = json_number(shortest(parameters.guidance_normalization));
    json["guidance_truncation"] = json_number(base::digits_above(parameters.guidance_truncation));
  }
  return json.dump();
}

}  // namespace

// Names out of somebody else's cache may be any octets; texts are UTF-8.
TextChunks parameter_texts(const PictureParameters& parameters) {
  return {{"parameters", a1111_text(parameters)}, {"zimg", json_text(parameters)}};
}

}  // namespace zimg::image
