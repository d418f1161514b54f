#include "key/punctuation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "key/character_classes.hpp"

namespace zimg::key {
namespace {

bool has_cjk(const Segment& segment) {
  const auto is_any = [](char32_t code) { return is_cjk(code) || is_cjk_mark(code); };
  return !segment.is_quoted && std::any_of(segment.text.begin(), segment.text.end(), is_any);
}

// Whether a mark may take its other form: one in ASCII, the full-width dot, or one that stands in its line before all
// that is CJK. Any other stands in CJK text and has the form of it.
bool may_change(const std::vector<Segment>& segments) {
  bool follows_cjk = false;
  for (const Segment& segment : segments) {
    if (segment.is_quoted) continue;
    for (const char32_t code : segment.text) {
      if (is_cjk(code)) {
        follows_cjk = true;
      } else if (is_line_break(code)) {
        follows_cjk = false;
      } else if (const auto mark = find_mark(code)) {
        if (code == mark->ascii || code == U'．' || !follows_cjk) return true;
      }
    }
  }
  return false;
}

bool is_dot(char32_t code) {
  return code == U'.' || code == U'。' || code == U'．' || code == U'…';
}

// What stands at a place: text of the one kind or the other, the end of a line, or nothing that tells. Numbers and
// words with a digit or a capital ("4K", "HDR", "Tesla") tell nothing: they stand in text of either kind.
enum class Kind : std::uint8_t { kNothing, kCjk, kOther, kLineEnd };

class Folder {
 public:
  explicit Folder(const std::vector<Segment>& segments) {
    for (const Segment& segment : segments) {
      if (segment.is_quoted) {
        text_.append(segment.text.size(), kQuoted);
      } else {
        text_ += segment.text;
      }
    }
    find_kinds();
  }

  // Whether a mark took its other form.
  bool fold() {
    bool changed = false;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (const auto mark = find_mark(text_[at])) {
        const char32_t folded = fold_mark(*mark, at);
        changed = changed || folded != text_[at];
        text_[at] = folded;
      }
      pass(at);
    }
    return changed;
  }

  void write_to(std::vector<Segment>& segments) const {
    std::size_t start = 0;
    for (Segment& segment : segments) {
      if (!segment.is_quoted) segment.text = text_.substr(start, segment.text.size());
      start += segment.text.size();
    }
  }

 private:
  // 0 behind the end too.
  char32_t plain(std::size_t at) const { return at < text_.size() ? text_[at] : 0; }

  void find_kinds() {
    kinds_.assign(text_.size(), Kind::kNothing);
    for (std::size_t at = 0; at < text_.size();) {
      if (is_cjk(text_[at])) {
        kinds_[at++] = Kind::kCjk;
        has_cjk_ = true;
        continue;
      }
      if (is_line_break(text_[at])) kinds_[at] = Kind::kLineEnd;
      const std::size_t start = at;
      bool has_letter = false, is_name = false;
      for (; !is_cjk(plain(at)) && is_word(plain(at)); ++at) {
        has_letter = has_letter || is_letter(text_[at]);
        is_name = is_name || is_digit(text_[at]) || is_upper_case(text_[at]);
      }
      if (has_letter && !is_name) kinds_[start] = Kind::kOther;
      if (at == start) ++at;
    }
  }

  // The first telling kind behind a place in its line. All are found at the first question, which most prompts never
  // ask.
  Kind kind_ahead(std::size_t at) {
    if (ahead_.empty()) find_kinds_ahead();
    return ahead_[at];
  }

  void find_kinds_ahead() {
    ahead_.assign(text_.size(), Kind::kNothing);
    Kind seen = Kind::kNothing;
    for (std::size_t at = text_.size(); at-- > 0;) {
      ahead_[at] = seen;
      if (kinds_[at] == Kind::kLineEnd) {
        seen = Kind::kNothing;
      } else if (kinds_[at] != Kind::kNothing) {
        seen = kinds_[at];
      }
    }
  }

  // Remembers what the following marks follow.
  void pass(std::size_t at) {
    const char32_t code = text_[at];
    if (kinds_[at] == Kind::kLineEnd) behind_ = Kind::kNothing;
    if (kinds_[at] == Kind::kCjk || (kinds_[at] == Kind::kOther && behind_ == Kind::kNothing)) behind_ = kinds_[at];
    const bool is_mark = is_cjk_mark(code);
    if (!is_mark && (is_combining(code) || is_variation_selector(code))) return;
    follows_cjk_ = is_mark || kinds_[at] == Kind::kCjk;
  }

  bool stands_in_cjk() const {
    return behind_ == Kind::kCjk || (behind_ == Kind::kNothing && context_ahead_ == Kind::kCjk);
  }

  char32_t fold_mark(const PunctuationMark& mark, std::size_t at) {
    if (mark.ascii == U')') return fold_closing(mark, at);
    const char32_t folded = native(mark, at);
    if (mark.ascii == U'(') open_.push_back(folded == mark.full_width);
    return folded;
  }

  char32_t fold_closing(const PunctuationMark& mark, std::size_t at) {
    if (open_.empty()) return text_[at];
    const bool is_full_width = open_.back();
    open_.pop_back();
    return is_full_width ? mark.full_width : mark.ascii;
  }

  char32_t native(const PunctuationMark& mark, std::size_t at) {
    const char32_t before = at > 0 ? plain(at - 1) : 0;
    const char32_t after = plain(at + 1);
    if (is_digit(before) && is_digit(after)) return text_[at];
    if (mark.ascii == U'.' && (is_dot(before) || is_dot(after))) return text_[at];
    if (text_[at] == mark.ascii) {
      if (!follows_cjk_) return mark.ascii;
      return mark.ascii == U'.' && joins_names(after) ? mark.ascii : mark.full_width;
    }
    if (follows_cjk_) return mark.is_one_way && mark.ascii == U'.' ? U'。' : mark.full_width;
    const Kind ahead = kind_ahead(at);
    context_ahead_ = ahead != Kind::kNothing ? ahead : has_cjk_ ? Kind::kCjk : Kind::kNothing;
    return stands_in_cjk() ? text_[at] : mark.ascii;
  }

  // What follows a dot inside a name, as in "猫.png".
  static bool joins_names(char32_t after) {
    return (is_word(after) && !is_cjk(after)) || after == U'/' || after == U'\\' || after == U'_' || after == U'-';
  }

  static constexpr char32_t kQuoted = 0;

  std::u32string text_;  // with kQuoted in place of what is quoted
  std::vector<Kind> kinds_;
  std::vector<Kind> ahead_;
  bool has_cjk_ = false;
  Kind behind_ = Kind::kNothing;
  Kind context_ahead_ = Kind::kNothing;
  bool follows_cjk_ = false;
  std::vector<bool> open_;  // brackets that wait for their closing: is it full-width?
};

}  // namespace

bool fold_punctuation(std::vector<Segment>& segments) {
  if (!may_change(segments)) return false;
  if (std::none_of(segments.begin(), segments.end(), has_cjk)) return false;  // then all marks are ASCII, and stay so
  Folder folder(segments);
  if (!folder.fold()) return false;
  folder.write_to(segments);
  return true;
}

}  // namespace zimg::key
