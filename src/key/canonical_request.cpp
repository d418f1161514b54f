#include "key/canonical_request.hpp"

#include <string_view>

#include "base/drawing_limits.hpp"
#include "base/float_below.hpp"
#include "base/namespace_name.hpp"
#include "base/utf8.hpp"
#include "key/folding.hpp"
#include "key/schedule.hpp"
#include "key/size_grid.hpp"
#include "zimg/error.hpp"

namespace zimg::key {
namespace {

using base::kMaxGuidance;
using base::kMaxPicturePixels;
using base::kMaxSteps;

constexpr std::size_t kMaxPromptBytes = std::size_t{1} << 20;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

std::string shown(double number) {
  std::string text = std::to_string(number);
  if (text.find('.') == std::string::npos) return text;  // "nan", "inf"
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void check_length(std::string_view text, const std::string& field, const char* when) {
  if (text.size() <= kMaxPromptBytes) return;
  refuse("the " + field + " is " + std::to_string(text.size()) + " bytes long" + when +
         "; at most 1 MiB (1048576 bytes) is expected");
}

// How texts are folded.
struct TextRules {
  MatchLevel level;
  const Synonyms* synonyms;
};

std::string canonical_text(const std::string& text, const std::string& field, const TextRules& rules,
                           std::vector<std::string>& folded) {
  check_length(text, field, "");
  if (const auto offset = base::find_invalid_utf8(text)) {
    refuse("the " + field + " is not UTF-8 at byte " + std::to_string(*offset) + "; valid UTF-8 is expected");
  }
  if (const auto place = text.find('\0'); place != std::string::npos) {
    refuse("the " + field + " holds a NUL at byte " + std::to_string(place) + "; text is expected");
  }
  FoldedText result = fold_text(text, rules.level, rules.synonyms);
  check_length(result.text, field, rules.level == MatchLevel::kLoose ? " once folded" : " once composed (Unicode NFC)");
  for (const std::string& change : result.changes) folded.push_back(field + ": " + change);
  return std::move(result.text);
}

std::string checked_namespace(const std::string& name) {
  if (const auto problem = base::namespace_name_problem(name)) refuse("the namespace " + *problem);
  return name;
}

std::uint32_t checked_side(std::uint32_t side, const char* field, const ModelFacts& model) {
  if (side != 0 && side % model.size_step == 0 && side <= model.max_side) return side;
  const std::string step = std::to_string(model.size_step);
  refuse("the " + std::string(field) + " is " + std::to_string(side) + " pixels; a multiple of " + step + " from " +
         step + " to " + std::to_string(model.max_side) + " is expected");
}

// Each side may be what the model reaches, and both together still more than a picture may hold.
void check_area(std::uint32_t width, std::uint32_t height) {
  const std::uint64_t area = std::uint64_t{width} * height;
  if (area <= kMaxPicturePixels) return;
  refuse("the size is " + std::to_string(width) + "x" + std::to_string(height) + ", " + std::to_string(area) +
         " pixels; at most " + std::to_string(kMaxPicturePixels) + " are expected");
}

void settle_size(const Request& request, const ModelFacts& model, DrawingOrder& order,
                 std::vector<std::string>& folded) {
  const std::uint32_t width = request.width.value_or(model.default_width);
  const std::uint32_t height = request.height.value_or(model.default_height);
  const bool folds = request.match == MatchLevel::kLoose;
  order.width = checked_side(folds ? fold_side(width, model.size_step) : width, "width", model);
  order.height = checked_side(folds ? fold_side(height, model.size_step) : height, "height", model);
  check_area(order.width, order.height);
  if (order.width == width && order.height == height) return;
  folded.push_back("size: " + std::to_string(width) + "x" + std::to_string(height) + " brought down to " +
                   std::to_string(order.width) + "x" + std::to_string(order.height));
}

std::uint32_t checked_steps(std::uint32_t steps) {
  if (steps >= 1 && steps <= kMaxSteps) return steps;
  refuse("the number of steps is " + std::to_string(steps) + "; 1 to " + std::to_string(kMaxSteps) + " is expected");
}

double checked_number(double number, const char* field, double highest) {
  if (number >= 0 && number <= highest) return number;
  refuse("the " + std::string(field) + " is " + shown(number) + "; a number from 0 to " + shown(highest) +
         " is expected");  // NaN too
}

// In float32, which is what reaches the model, with -0 made 0.
float checked_float(double number, const char* field, double highest) {
  const auto rounded = static_cast<float>(checked_number(number, field, highest));
  return rounded == 0 ? 0.0F : rounded;
}

void check_choices(const Request& request) {
  const auto number = [](auto choice) { return std::to_string(static_cast<int>(choice)); };
  if (request.match != MatchLevel::kExact && request.match != MatchLevel::kNormalized &&
      request.match != MatchLevel::kLoose) {
    refuse("the match level is " + number(request.match) + "; 0 (exact), 1 (normalized) or 2 (loose) is expected");
  }
  if (request.schedule != Schedule::kLinear && request.schedule != Schedule::kLegacyZeroEnd &&
      request.schedule != Schedule::kNative) {
    refuse("the schedule is " + number(request.schedule) +
           "; 0 (linear), 1 (legacy, zero at the end) or 2 (native) is expected");
  }
  if (request.format != ImageFormat::kPng && request.format != ImageFormat::kJpeg) {
    refuse("the image format is " + number(request.format) + "; 1 (PNG) or 2 (JPEG) is expected");
  }
  if (request.format == ImageFormat::kJpeg && (request.jpeg_quality < 1 || request.jpeg_quality > 100)) {
    refuse("the JPEG quality is " + std::to_string(request.jpeg_quality) + "; 1 to 100 is expected");
  }
}

std::uint32_t canonical_seed(std::uint64_t seed, std::vector<std::string>& folded) {
  const auto low = static_cast<std::uint32_t>(seed & 0xFFFFFFFFu);
  if (low != seed) folded.emplace_back("seed: cut to its low 32 bits, which the noise reads");
  return low;
}

bool checked_tiling(bool is_asked_for, const ModelFacts& model) {
  if (is_asked_for && !model.tiling_problem.empty()) refuse("VAE tiling is asked for, but " + model.tiling_problem);
  return is_asked_for;
}

// Where guidance is off, what steers it is dead and takes its neutral value.
void settle_guidance(const Request& request, const ModelFacts& model, const TextRules& rules, DrawingOrder& order,
                     std::vector<std::string>& folded) {
  order.guidance = checked_float(request.guidance.value_or(model.default_guidance), "guidance", kMaxGuidance);
  const float normalization = checked_float(request.guidance_normalization, "guidance normalization", kMaxGuidance);
  // The reference compares the model's times, which are floats, with the number itself.
  const float truncation = base::float_below(checked_number(request.guidance_truncation, "guidance truncation", 1));
  std::vector<std::string> negative_folded;
  std::string negative = canonical_text(request.negative_prompt, "negative prompt", rules, negative_folded);
  if (order.guidance > 0) {
    order.guidance_normalization = normalization;
    order.guidance_truncation = truncation;
    order.negative_prompt = std::move(negative);
    folded.insert(folded.end(), negative_folded.begin(), negative_folded.end());
  } else if (!request.negative_prompt.empty()) {
    folded.emplace_back("negative prompt: left out, since guidance is off");
  }
}

}  // namespace

CanonicalRequest canonicalize(const Request& request, const ModelFacts& model, const Synonyms* synonyms) {
  check_choices(request);
  CanonicalRequest canonical;
  canonical.name_space = checked_namespace(request.name_space);
  canonical.schedule = request.schedule;
  canonical.steps = checked_steps(request.steps.value_or(model.default_steps));
  DrawingOrder& order = canonical.order;
  settle_size(request, model, order, canonical.folded);
  const TextRules rules{request.match, synonyms};
  order.prompt = canonical_text(request.prompt, "prompt", rules, canonical.folded);
  settle_guidance(request, model, rules, order, canonical.folded);
  order.seed = canonical_seed(request.seed, canonical.folded);
  order.sigmas = sigmas(canonical.schedule, canonical.steps, model.shift);
  order.vae_tiling = checked_tiling(request.vae_tiling, model);
  return canonical;
}

}  // namespace zimg::key
