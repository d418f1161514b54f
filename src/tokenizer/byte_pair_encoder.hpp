// The byte-pair encoder: octets to ids by merging, again and again, the adjacent pair of lowest rank, leftmost first.
//
// Const-safe once filled. Time n log n in the length of the word, whatever the word.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokenizer/tokenizer.hpp"

namespace zimg::tokenizer {

class BytePairEncoder {
 public:
  void set_octet(std::uint8_t octet, TokenId id) { octet_ids_[octet] = id; }
  void reserve(std::size_t merges) { merges_.reserve(merges); }
  // Of a pair that comes twice the later rank counts, as in the reference.
  void add_merge(TokenId left, TokenId right, std::uint32_t rank, TokenId merged) {
    merges_[key_of(left, right)] = {rank, merged};
  }

  std::size_t merges() const { return merges_.size(); }

  // Appends the ids of `word` to `ids`.
  void encode(std::string_view word, std::vector<TokenId>& ids) const;

 private:
  struct Merge {
    std::uint32_t rank;
    TokenId merged;
  };
  struct Symbol;

  static std::uint64_t key_of(TokenId left, TokenId right) { return std::uint64_t{left} << 32 | right; }
  const Merge* find(TokenId left, TokenId right) const {
    const auto found = merges_.find(key_of(left, right));
    return found == merges_.end() ? nullptr : &found->second;
  }
  void merge_all(std::vector<Symbol>& symbols) const;

  std::array<TokenId, 256> octet_ids_{};
  std::unordered_map<std::uint64_t, Merge> merges_;
};

}  // namespace zimg::tokenizer
