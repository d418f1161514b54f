#include "tokenizer/byte_pair_encoder.hpp"

#include <queue>
#include <tuple>

namespace zimg::tokenizer {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

// A merge that was possible when it was queued.
struct Candidate {
  std::uint32_t rank;
  std::uint32_t left;  // index of the left symbol
  TokenId left_id;     // what both were then: a candidate whose symbols changed since is stale
  TokenId right_id;
  TokenId merged;

  bool operator>(const Candidate& other) const { return std::tie(rank, left) > std::tie(other.rank, other.left); }
};

}  // namespace

// One symbol of a doubly linked list within a vector.
struct BytePairEncoder::Symbol {
  TokenId id;
  std::uint32_t previous;
  std::uint32_t next;
  bool is_gone;
};

void BytePairEncoder::encode(std::string_view word, std::vector<TokenId>& ids) const {
  std::vector<Symbol> symbols;
  symbols.reserve(word.size());
  for (std::uint32_t i = 0; i < word.size(); ++i) {
    const std::uint32_t next = i + 1 < word.size() ? i + 1 : kNone;
    symbols.push_back({octet_ids_[static_cast<std::uint8_t>(word[i])], i == 0 ? kNone : i - 1, next, false});
  }
  merge_all(symbols);
  for (const Symbol& symbol : symbols) {
    if (!symbol.is_gone) ids.push_back(symbol.id);
  }
}

void BytePairEncoder::merge_all(std::vector<Symbol>& symbols) const {
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto consider = [&](std::uint32_t left) {
    if (left == kNone || symbols[left].next == kNone) return;
    const TokenId left_id = symbols[left].id;
    const TokenId right_id = symbols[symbols[left].next].id;
    if (const Merge* merge = find(left_id, right_id)) queue.push({merge->rank, left, left_id, right_id, merge->merged});
  };
  for (std::uint32_t i = 0; i < symbols.size(); ++i) consider(i);

  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = symbols[best.left];
    if (left.is_gone || left.id != best.left_id || left.next == kNone) continue;
    Symbol& right = symbols[left.next];
    if (right.id != best.right_id) continue;
    left.id = best.merged;
    left.next = right.next;
    right.is_gone = true;
    if (left.next != kNone) symbols[left.next].previous = best.left;
    consider(left.previous);
    consider(best.left);
  }
}

}  // namespace zimg::tokenizer
