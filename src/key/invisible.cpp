#include "key/invisible.hpp"

#include "key/character_classes.hpp"

namespace zimg::key {
namespace {

constexpr char32_t kEmojiSelector = 0xFE0F;
constexpr char32_t kKeycap = 0x20E3;
constexpr char32_t kBlackFlag = 0x1F3F4;

bool is_skin_tone(char32_t code) {
  return code >= 0x1F3FB && code <= 0x1F3FF;
}

// Everything that is asked here looks only at what was kept before and at what is never dropped after: so doing it
// twice changes nothing. What it needs to know of the kept it remembers: looking back over a long run of marks at each
// character of another would take quadratic time.
class Keeper {
 public:
  void add(char32_t code, char32_t next_visible) {
    if (is_maybe_invisible(code) && !stays(code, next_visible)) return;
    kept_.push_back(code);
    if (!is_combining(code)) base_ = code;
    if (code != kEmojiSelector && !is_skin_tone(code)) bare_ = code;
  }
  std::u32string take() { return std::move(kept_); }

 private:
  bool stays(char32_t code, char32_t next_visible) const {
    if (kept_.empty()) return false;
    if (is_joiner(code)) return joins_emoji(code, next_visible) || needs_joiners(base_);
    if (is_variation_selector(code)) return selects(next_visible);
    if (is_emoji_tag(code)) return kept_.back() == kBlackFlag || is_emoji_tag(kept_.back());
    return false;
  }

  bool joins_emoji(char32_t code, char32_t next_visible) const {
    return code == 0x200D && is_pictographic(next_visible) && is_pictographic(bare_);
  }

  bool selects(char32_t next_visible) const {
    const char32_t before = kept_.back();
    if (is_maybe_invisible(before) || is_combining(before)) return false;  // marks may yet change places
    if (before < 0x80) return next_visible == kKeycap && (is_digit(before) || before == U'#' || before == U'*');
    return is_pictographic(before) || is_cjk(before) || needs_joiners(before) || is_symbol(before);
  }

  std::u32string kept_;
  char32_t base_ = 0;  // the last kept but for combining marks, whose order composing may change
  char32_t bare_ = 0;  // the last kept but for what dresses an emoji: a selector, a skin tone
};

}  // namespace

std::u32string drop_invisible(std::u32string_view text) {
  std::u32string next(text.size(), 0);
  char32_t visible = 0;
  for (std::size_t at = text.size(); at-- > 0;) {
    next[at] = visible;
    if (!is_maybe_invisible(text[at])) visible = text[at];
  }
  Keeper keeper;
  for (std::size_t at = 0; at < text.size(); ++at) keeper.add(text[at], next[at]);
  return keeper.take();
}

}  // namespace zimg::key
