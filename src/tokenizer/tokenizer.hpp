// The byte-level BPE tokenizer of Qwen2: text to the ids that the text encoder reads.
//
// Immutable after construction, so const-safe. Linear in the length of the text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zimg::tokenizer {

using TokenId = std::uint32_t;

class Tokenizer {
 public:
  // Reads `folder`: merges.txt + vocab.json, or tokenizer.json, and tokenizer_config.json for added tokens.
  // Errors: kBadModel naming file and field.
  static Tokenizer open(const std::string& folder);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  // Ids of `text` as it stands: added tokens split first, then NFC, pre-tokenisation, BPE.
  // Errors: kInvalidArgument when `text` is not UTF-8.
  std::vector<TokenId> encode(std::string_view text) const;

  // Ids of `prompt` in the chat template, cut to the first `max_tokens`.
  std::vector<TokenId> encode_prompt(std::string_view prompt, std::size_t max_tokens = 512) const;

  // The octets that `id` stands for; empty for an unused id.
  std::string piece(TokenId id) const;

  // One more than the largest id, added tokens included: at most the text encoder's vocab_size in a sound model.
  TokenId id_end() const;

 private:
  struct Tables;
  explicit Tokenizer(std::unique_ptr<const Tables> tables);
  std::unique_ptr<const Tables> tables_;
};

}  // namespace zimg::tokenizer
