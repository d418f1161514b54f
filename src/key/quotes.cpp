#include "key/quotes.hpp"

#include <cstddef>

#include "key/character_classes.hpp"

namespace zimg::key {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

// The closing mark that each opening mark finds, by position.
class Partners {
 public:
  explicit Partners(std::u32string_view text) : text_(text), partner_(text.size(), kNowhere) {
    look_around();
    pair_nesting(U'“', U'”');
    pair_nesting(U'「', U'」');
    pair_nesting(U'『', U'』');
    pair_single(U'‘', U'’');
    pair_single(U'\'', U'\'');
    pair_double();
  }

  std::size_t of(std::size_t at) const { return partner_[at]; }

 private:
  // The neighbours of every quotation mark, seen through what may be dropped and through combining marks, which
  // composing moves; 0 at the ends of the text.
  void look_around() {
    before_.resize(text_.size());
    after_.resize(text_.size());
    char32_t seen = 0;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      before_[at] = seen;
      if (!is_maybe_invisible(text_[at]) && !is_combining(text_[at])) seen = text_[at];
    }
    seen = 0;
    for (std::size_t at = text_.size(); at-- > 0;) {
      after_[at] = seen;
      if (!is_maybe_invisible(text_[at]) && !is_combining(text_[at])) seen = text_[at];
    }
  }

  void pair_nesting(char32_t open, char32_t close) {
    std::vector<std::size_t> waiting;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (text_[at] == open) {
        waiting.push_back(at);
      } else if (text_[at] == close && !waiting.empty()) {
        partner_[waiting.back()] = at;
        waiting.pop_back();
      }
    }
  }

  static bool is_gap(char32_t code) { return code == 0 || is_blank(code) || is_line_break(code); }
  // Chinese and Japanese put no blank beside a quotation, so a letter of theirs is as good as one.
  static bool may_touch(char32_t code) { return !is_word(code) || is_cjk(code); }

  // A single mark quotes around words of one line; between two letters, or after the s of a plural, it is an
  // apostrophe.
  void pair_single(char32_t open, char32_t close) {
    std::size_t next_close = kNowhere;
    for (std::size_t at = text_.size(); at-- > 0;) {
      if (is_line_break(text_[at])) next_close = kNowhere;
      const bool opens = text_[at] == open && may_touch(before_[at]) && !is_gap(after_[at]);
      const bool closes = text_[at] == close && may_touch(after_[at]) && !is_gap(before_[at]);
      if (opens) partner_[at] = next_close;
      if (closes) next_close = at;
    }
  }

  // After a number and before anything but a word, a double mark that does not close is a sign for inches.
  void pair_double() {
    std::size_t next_close = kNowhere;
    for (std::size_t at = text_.size(); at-- > 0;) {
      if (text_[at] != U'"') continue;
      const bool is_inches = is_digit(before_[at]) && !is_word(after_[at]);
      if (!is_inches) partner_[at] = next_close;
      next_close = at;
    }
  }

  std::u32string_view text_;
  std::vector<std::size_t> partner_;
  std::u32string before_;
  std::u32string after_;
};

}  // namespace

std::vector<Segment> split_at_quotes(std::u32string_view text) {
  const Partners partners(text);
  std::vector<Segment> segments;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t partner = partners.of(at);
    if (partner == kNowhere) {
      ++at;
      continue;
    }
    if (at > start) segments.push_back({std::u32string(text.substr(start, at - start)), false});
    segments.push_back({std::u32string(text.substr(at, partner + 1 - at)), true});
    at = start = partner + 1;
  }
  if (start < text.size()) segments.push_back({std::u32string(text.substr(start)), false});
  return segments;
}

}  // namespace zimg::key
