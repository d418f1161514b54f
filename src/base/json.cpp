#include "base/json.hpp"

namespace zimg::base {
namespace {

// The parser itself does not recurse, but what walks its result does: depth is bounded before anything is built.
bool nests_deeper(std::string_view text, int limit) {
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
      if (++depth > limit) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& origin, ErrorCode code, int max_depth,
                const Json::parser_callback_t& watch) {
  if (nests_deeper(text, max_depth)) {
    throw Error(code, origin + " nests deeper than " + std::to_string(max_depth) + " levels of JSON");
  }
  try {
    return Json::parse(text, watch);
  } catch (const Json::exception& e) {
    const std::string words = e.what();  // "[json.exception.parse_error.101] parse error at line 1, …"
    const auto at = words.find("] ");
    throw Error(code, origin + " is not JSON: " + (at == std::string::npos ? words : words.substr(at + 2)));
  }
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zimg::base
