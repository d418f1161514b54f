#include "key/tidiness.hpp"

#include <array>
#include <cstddef>

#include "key/character_classes.hpp"
#include "key/punctuation.hpp"
#include "key/quotes.hpp"

namespace zimg::key {
namespace {

// What a character is; of ASCII in a table, since most prompts are of nothing else.
enum Trait : std::uint8_t {
  kRare = 1,
  kBlank = 2,
  kCapital = 4,
  kMark = 8,  // that may change beside anything CJK
  kQuote = 16,
  kCjk = 32,
  kIdeograph = 64,
  kFullWidthMark = 128,
};

constexpr unsigned traits_of(char32_t code) {
  if (is_ideograph(code)) return kCjk | kIdeograph;
  if (code == U' ') return kBlank;
  if (code >= U'A' && code <= U'Z') return kCapital;
  if (is_quotation_mark(code)) return code < U'、' ? kQuote : kQuote | kCjk;
  if (const auto mark = find_mark(code)) {
    if (code == U'．') return kCjk | kMark;
    return code == mark->ascii ? kMark : kCjk | kFullWidthMark;
  }
  if (code >= U'〈' && code <= U'】') return kCjk;
  return is_printable_ascii(code) || code == U'…' || code == U'—' ? 0 : kRare;
}

constexpr std::array<std::uint8_t, 0x80> kAscii = [] {
  std::array<std::uint8_t, 0x80> traits{};
  for (char32_t code = 0; code < traits.size(); ++code) traits[code] = static_cast<std::uint8_t>(traits_of(code));
  return traits;
}();

// What was seen of a text so far. What it says of the punctuation is what may_change() in punctuation.cpp goes by:
// beside anything CJK a mark in ASCII may change, and so may one in full width that follows no ideograph.
class Look {
 public:
  void add(unsigned traits) {
    has_untidy_ = has_untidy_ || (traits & kRare) != 0 || (traits & before_ & kBlank) != 0;
    seen_ |= traits;
    before_ = traits;
  }
  void add_cjk(unsigned traits) {
    if ((traits & kFullWidthMark) != 0 && !follows_ideograph_) has_early_mark_ = true;
    // One in a quotation is not seen by what stands outside.
    if ((traits & kIdeograph) != 0 && (seen_ & kQuote) == 0) follows_ideograph_ = true;
    add(traits);
  }

  bool is_untidy() const { return has_untidy_ || (seen_ != 0 && (before_ & kBlank) != 0); }
  bool has_capital() const { return (seen_ & kCapital) != 0; }
  bool may_change_marks() const { return has_early_mark_ || ((seen_ & kMark) != 0 && (seen_ & kCjk) != 0); }

 private:
  unsigned seen_ = 0;
  unsigned before_ = kBlank;  // a blank at the start is one too many
  bool has_untidy_ = false;
  bool has_early_mark_ = false;
  bool follows_ideograph_ = false;
};

}  // namespace

Tidiness tidiness_of(std::string_view text, MatchLevel level) {
  Look look;
  bool is_ascii = true;
  const auto octet = [&](std::size_t at) { return static_cast<char32_t>(static_cast<std::uint8_t>(text[at])); };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t lead = octet(at);
    if (lead < 0x80) {
      look.add(kAscii[lead]);
      ++at;
      continue;
    }
    is_ascii = false;
    if ((lead & 0xF0) != 0xE0) return Tidiness::kUntidy;
    look.add_cjk(traits_of(((lead & 0x0F) << 12) | ((octet(at + 1) & 0x3F) << 6) | (octet(at + 2) & 0x3F)));
    at += 3;
  }
  if (look.is_untidy()) return Tidiness::kUntidy;
  const bool is_settled = level == MatchLevel::kExact ||
                          (level == MatchLevel::kLoose ? is_ascii && !look.has_capital() : !look.may_change_marks());
  return is_settled ? Tidiness::kSettled : Tidiness::kTidy;
}

}  // namespace zimg::key
