// JSON as zimg reads it: bounded in depth and number, errors in one sentence. The one place that names the JSON
// library.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "zimg/error.hpp"

namespace zimg::base {

using Json = nlohmann::json;

// What a text may hold. Looked at before anything is built of it: a value takes up to a hundred times its text.
struct JsonLimits {
  int depth = 32;                  // arrays and objects within each other
  std::size_t values = 2'000'000;  // in all; a tokenizer.json as released has 0.6 million
};

// Parses `text`. Throws Error with `code`, naming `origin` (a path, or "--from line 3") and the place, when it is not
// JSON in UTF-8 or goes beyond `limits`; never with what `text` says, which may be a prompt. `watch`, where given, sees
// each part as it is read, may leave it out, and may throw.
Json parse_json(std::string_view text, const std::string& origin, ErrorCode code, const JsonLimits& limits = {},
                const Json::parser_callback_t& watch = nullptr);

// `json` as text; U+FFFD stands for what is not UTF-8 in it, such as a path. `indent` as the library has it: -1 is one
// line.
std::string dump(const Json& json, int indent = -1);

}  // namespace zimg::base
