// A Vocabulary is what the tokenizer's files say: pieces, merges, added tokens. Plain values, checked.
//
// Free functions. Errors: Error kBadModel naming file and entry; kUnsupported for a tokenizer of another kind.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "tokenizer/byte_pair_encoder.hpp"

namespace zimg::tokenizer {

struct Vocabulary {
  std::unordered_map<std::string, TokenId> ids;  // by piece, in byte symbols
  BytePairEncoder encoder;
  std::map<std::string, TokenId> added;  // by content, which is plain text
};

// tokenizer.json, else vocab.json and merges.txt; added tokens from tokenizer_config.json as well where there is one.
Vocabulary read_vocabulary(const std::string& folder);

// The same from the files' contents; `origin` is what errors name. For reading and for fuzzing.
Vocabulary parse_tokenizer_json(std::string_view content, const std::string& origin);
Vocabulary parse_vocab_and_merges(std::string_view vocab, const std::string& vocab_origin, std::string_view merges,
                                  const std::string& merges_origin);
// Returns the file as parsed, for what else it says.
base::Json add_tokens_of_config(std::string_view content, const std::string& origin, Vocabulary& vocabulary);

}  // namespace zimg::tokenizer
