#include "zimg/article_key.hpp"

#include <algorithm>
#include <memory>

#include "base/sha256.hpp"
#include "base/utf8.hpp"
#include "key/code_points.hpp"
#include "key/letter_case.hpp"
#include "key/python_json.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

// str.isspace()
bool is_python_space(char32_t code) {
  return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 || code == 0xA0 ||
         code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
         code == 0x205F || code == 0x3000;
}

// " ".join(text.lower().split()).replace("，", ",")
std::string normal_form(std::u32string_view text) {
  std::u32string normal;
  bool is_apart = false;
  for (const char32_t code : key::lower_case(text)) {
    if (is_python_space(code)) {
      is_apart = true;
      continue;
    }
    if (is_apart && !normal.empty()) normal.push_back(U' ');
    is_apart = false;
    normal.push_back(code == U'，' ? U',' : code);
  }
  return key::to_utf8(normal);
}

std::string hashed_config(const key::PythonValue& config) {
  if (config.kind != key::PythonValue::Kind::kObject) refuse("the config is no JSON object, which is expected");
  const auto used = std::make_shared<key::PythonObject>();
  for (const char32_t* name : {U"cfg_scale", U"model_version", U"resolution", U"steps"}) {
    const auto found = config.members->find(name);
    if (found == config.members->end()) {
      refuse("the config has no '" + key::to_utf8(name) +
             "'; resolution, steps, cfg_scale and model_version are expected");
    }
    used->insert(*found);
  }
  key::PythonValue hashed;
  hashed.kind = key::PythonValue::Kind::kObject;
  hashed.members = used;
  return key::write_python_json(hashed);
}

std::string joined(std::u32string_view prompt, std::u32string_view negative, const key::PythonValue& config) {
  return normal_form(prompt) + "||" + normal_form(negative) + "||" + hashed_config(config);
}

std::u32string code_points_of(const std::string& text, const std::string& field) {
  if (const auto offset = base::find_invalid_utf8(text)) {
    refuse("the " + field + " is not UTF-8 at byte " + std::to_string(*offset) + "; valid UTF-8 is expected");
  }
  return key::to_code_points(text);
}

// The text of a member that UTF-8 can hold; empty where it is absent and may be.
std::u32string text_of(const key::PythonObject& object, const std::u32string& name, bool is_required) {
  const auto found = object.find(name);
  const std::string field = "'" + key::to_utf8(name) + "'";
  if (found == object.end()) {
    if (is_required) refuse("the JSON object has no " + field + ", which is expected");
    return {};
  }
  if (found->second.kind != key::PythonValue::Kind::kString) refuse(field + " is no string, which is expected");
  const std::u32string& text = found->second.text;
  if (std::any_of(text.begin(), text.end(), [](char32_t code) { return code >= 0xD800 && code <= 0xDFFF; })) {
    refuse(field + " holds half a surrogate pair, which cannot be encoded; whole characters are expected");
  }
  return text;
}

CacheKey digest_of(const std::string& text) {
  return CacheKey(base::sha256(text.data(), text.size()));
}

}  // namespace

std::string article_text(const ArticleRequest& request) {
  const std::u32string prompt = code_points_of(request.prompt, "prompt");
  const std::u32string negative = code_points_of(request.negative_prompt, "negative prompt");
  return joined(prompt, negative, key::read_python_json(request.config, "the config"));
}

CacheKey article_key(const ArticleRequest& request) {
  return digest_of(article_text(request));
}

std::string article_text(std::string_view json) {
  const key::PythonValue request = key::read_python_json(json, "the text");
  if (request.kind != key::PythonValue::Kind::kObject) refuse("the text is no JSON object, which is expected");
  const auto config = request.members->find(U"config");
  if (config == request.members->end()) refuse("the JSON object has no 'config', which is expected");
  const std::u32string prompt = text_of(*request.members, U"prompt", true);
  const std::u32string negative = text_of(*request.members, U"negative_prompt", false);
  return joined(prompt, negative, config->second);
}

CacheKey article_key(std::string_view json) {
  return digest_of(article_text(json));
}

}  // namespace v0
}  // namespace zimg
