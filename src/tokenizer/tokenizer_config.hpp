// What tokenizer_config.json may say beside the added tokens.
#pragma once

#include <string>

#include "base/json.hpp"
#include "tokenizer/vocabulary.hpp"

namespace zimg::tokenizer {

// Refuses settings with which the reference (transformers' Qwen2Tokenizer) would give a prompt other tokens than zimg
// does. The prompt template is the released one, whatever `chat_template` says. `config` is an object whose added
// tokens `vocabulary` has. Errors: kUnsupported.
void check_tokenizer_config(const base::Json& config, const std::string& origin, const Vocabulary& vocabulary);

}  // namespace zimg::tokenizer
