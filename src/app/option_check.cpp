#include "app/option_check.hpp"

#include <algorithm>
#include <string>

#include "app/messages.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

struct Undoing {
  const char* option;
  void (*undo)(Request&);
};

// Without the option that is at fault, the rest is sound.
constexpr Undoing kUndoings[] = {
    {"--size", [](Request& request) { request.width = request.height = std::nullopt; }},
    {"--negative", [](Request& request) { request.negative_prompt.clear(); }},
    {"--seed", [](Request& request) { request.random_seed = false; }},
    {"--ttl", [](Request& request) { request.ttl_ms = Request().ttl_ms; }},
    {"--ttl-jitter", [](Request& request) { request.ttl_jitter = Request().ttl_jitter; }},
    {"--tag", [](Request& request) { request.tag.clear(); }},
};

bool is_sound(Generator& generator, const Request& request) {
  try {
    static_cast<void>(generator.key(request));
    return true;
  } catch (const Error& error) {
    return error.code() != ErrorCode::kInvalidArgument;
  }
}

std::string option_at_fault(Generator& generator, const Request& defaults) {
  for (const Undoing& one : kUndoings) {
    Request without = defaults;
    one.undo(without);
    if (is_sound(generator, without)) return one.option;
  }
  return "the options";
}

// Whether `defaults` are guided by their own word or the model's. Where there is no key, as without an engine, nobody
// knows, and nothing is drawn.
bool is_guided(Generator& generator, const Request& defaults) {
  try {
    const std::vector<KeyField> fields = generator.explain_key(defaults);
    return std::any_of(fields.begin(), fields.end(),
                       [](const KeyField& field) { return field.name == "guidance" && field.is_live; });
  } catch (const Error&) {
    return true;
  }
}

std::string guidance_options(const DrawingOptions& options) {
  const DrawingOptions absent;
  std::string names;
  const auto add = [&](const char* name, bool is_given) {
    if (is_given) names += (names.empty() ? "" : ", ") + std::string(name);
  };
  add("--negative", !options.negative_prompt.empty());
  add("--guidance-normalization", options.guidance_normalization != absent.guidance_normalization);
  add("--guidance-truncation", options.guidance_truncation != absent.guidance_truncation);
  return names;
}

}  // namespace

void Wanted::add(const Request& request) {
  is_folding |= request.match == MatchLevel::kLoose;
  is_guided |= request.guidance.value_or(0) > 0;
}

void refuse_idle_synonyms(const DrawingOptions& options, const Wanted& wanted) {
  if (options.synonyms.empty() || wanted.is_folding) return;
  throw Error(ErrorCode::kInvalidArgument, "--synonyms goes with --match loose, at which alone words are replaced");
}

void warn_of_idle_guidance(const DrawingOptions& options, Generator& generator, const Request& defaults,
                           const Wanted& wanted) {
  const std::string names = guidance_options(options);
  if (names.empty() || wanted.is_guided || is_guided(generator, defaults)) return;
  warn("without --guidance above 0 nothing is changed by " + names);
}

void check_options(Generator& generator, const Request& defaults) {
  try {
    static_cast<void>(generator.key(defaults));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument) return;  // an engine that is missing, say: told where it is needed
    throw Error(error.code(), option_at_fault(generator, defaults) + ": " + error.what());
  }
}

}  // namespace zimg::app
