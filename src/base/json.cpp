#include "base/json.hpp"

#include <algorithm>

namespace zimg::base {
namespace {

struct Extent {
  int depth = 0;
  std::size_t values = 1;
};

// Of `text`, were it JSON: how deep it nests, and at least as many values as it has. (An empty array counts twice.)
Extent extent_of(std::string_view text) {
  Extent extent;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      extent.depth = std::max(extent.depth, ++depth);
      ++extent.values;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ',') {
      ++extent.values;
    }
  }
  return extent;
}

// "parse error at line 2, column 7: syntax error while parsing value - invalid literal", of the library's
// "[json.exception.parse_error.101] parse error at …; last read: '…'": what was read may be long, or a prompt. A text
// of one line has no line 1: it may be a line of something itself.
std::string place_and_reason(const Json::parse_error& error, bool is_one_line) {
  constexpr std::string_view kLine = "line 1, ";
  std::string words = error.what();
  const std::size_t line = words.find(kLine);
  if (is_one_line && line != std::string::npos) words.erase(line, kLine.size());
  words.resize(std::min(words.find("; last read: "), words.size()));
  const auto name_end = words.find("] ");
  return name_end == std::string::npos ? words : words.substr(name_end + 2);
}

}  // namespace

Json parse_json(std::string_view text, const std::string& origin, ErrorCode code, const JsonLimits& limits,
                const Json::parser_callback_t& watch) {
  const Extent extent = extent_of(text);
  // The parser itself does not recurse, but what walks its result does.
  if (extent.depth > limits.depth) {
    throw Error(code, origin + " nests deeper than " + std::to_string(limits.depth) + " levels of JSON");
  }
  if (extent.values > limits.values) {
    throw Error(code, origin + " holds more than " + std::to_string(limits.values) + " values of JSON");
  }
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error& error) {
    throw Error(code, origin + " is not JSON: " + place_and_reason(error, text.find('\n') == std::string_view::npos));
  } catch (const Json::out_of_range&) {
    throw Error(code, origin + " holds a number that is too large, expected at most 1.8e308");
  }
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zimg::base
