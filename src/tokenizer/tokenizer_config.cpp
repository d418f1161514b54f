#include "tokenizer/tokenizer_config.hpp"

#include "base/excerpt.hpp"
#include "zimg/error.hpp"

namespace zimg::tokenizer {
namespace {

using base::Json;

[[noreturn]] void refuse_setting(const std::string& origin, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, origin + " " + what);
}

const Json* setting(const Json& config, const char* key) {
  const auto found = config.find(key);
  return found == config.end() || found->is_null() ? nullptr : &*found;
}

void expect_setting(const Json& config, const char* key, const Json& value, const std::string& origin) {
  const Json* found = setting(config, key);
  if (found == nullptr || *found == value) return;
  refuse_setting(origin, "gives '" + std::string(key) + "' as " +
                             base::excerpt(found->dump(-1, ' ', true, Json::error_handler_t::replace)) +
                             ", zimg knows only " + value.dump());
}

// The reference adds a token that it is told of and does not know, under a number of its own.
void expect_known(const Json& token, const char* key, const std::string& origin, const Vocabulary& vocabulary) {
  const Json& content = token.is_object() && token.contains("content") ? token.at("content") : token;
  if (!content.is_string() || vocabulary.added.count(content.get_ref<const std::string&>()) != 0) return;
  refuse_setting(origin, "names " + base::in_quotes(content.get_ref<const std::string&>()) + " under '" + key +
                             "', expected one of the added tokens");
}

}  // namespace

void check_tokenizer_config(const Json& config, const std::string& origin, const Vocabulary& vocabulary) {
  expect_setting(config, "add_prefix_space", false, origin);
  expect_setting(config, "split_special_tokens", false, origin);
  expect_setting(config, "truncation_side", "right", origin);
  if (setting(config, "bos_token") != nullptr) expect_setting(config, "add_bos_token", false, origin);
  for (const char* key : {"bos_token", "eos_token", "pad_token", "unk_token"}) {
    if (const Json* token = setting(config, key)) expect_known(*token, key, origin, vocabulary);
  }
  for (const char* key : {"additional_special_tokens", "extra_special_tokens"}) {
    const Json* tokens = setting(config, key);
    if (tokens == nullptr || !tokens->is_structured()) continue;
    for (const Json& token : *tokens) expect_known(token, key, origin, vocabulary);
  }
}

}  // namespace zimg::tokenizer
