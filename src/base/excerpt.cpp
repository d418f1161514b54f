#include "base/excerpt.hpp"

#include <cstddef>

namespace zimg::base {

std::string excerpt(std::string_view text) {
  constexpr std::size_t kMost = 60;
  constexpr std::string_view kGap = "...";
  constexpr std::size_t kEnd = 41;  // tensors differ there: "layers.35.post_attention_layernorm.weight"
  if (text.size() <= kMost) return std::string(text);
  const auto is_within_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  std::size_t head = kMost - kGap.size() - kEnd;
  std::size_t tail = text.size() - kEnd;
  while (head > 0 && is_within_character(head)) --head;
  while (tail < text.size() && is_within_character(tail)) ++tail;
  return std::string(text.substr(0, head)).append(kGap).append(text.substr(tail));
}

std::string in_quotes(std::string_view text) {
  return "'" + excerpt(text) + "'";
}

}  // namespace zimg::base
