#include "key/quotes.hpp"

#include <cstddef>

#include "key/character_classes.hpp"

namespace zimg::key {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

// What decides about quotations: a quotation mark, or a line break, which no single mark quotes across.
struct Mark {
  char32_t code;
  std::size_t at;                  // place in the text
  std::size_t partner = kNowhere;  // place of the mark that closes what this one opens
};

bool is_mark_of_interest(char32_t code) {
  return is_quotation_mark(code) || is_line_break(code);
}

std::vector<Mark> marks_of(std::u32string_view text) {
  std::vector<Mark> marks;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_mark_of_interest(text[at])) marks.push_back({text[at], at});
  }
  return marks;
}

// Finds the partner of each mark. Takes linear time: what is looked through beside one mark is so for no other but the
// next.
class Pairing {
 public:
  Pairing(std::u32string_view text, std::vector<Mark>& marks) : text_(text), marks_(marks) {}

  void pair_all() {
    pair_nesting(U'“', U'”');
    pair_nesting(U'「', U'」');
    pair_nesting(U'『', U'』');
    pair_single(U'‘', U'’');
    pair_single(U'\'', U'\'');
    pair_double();
  }

 private:
  // The neighbours of a mark, seen through what may be dropped and through combining marks, which composing moves; 0 at
  // the ends of the text.
  static bool is_looked_through(char32_t code) { return is_maybe_invisible(code) || is_combining(code); }
  char32_t before(const Mark& mark) const {
    std::size_t at = mark.at;
    while (at > 0 && is_looked_through(text_[at - 1])) --at;
    return at > 0 ? text_[at - 1] : 0;
  }
  char32_t after(const Mark& mark) const {
    std::size_t at = mark.at + 1;
    while (at < text_.size() && is_looked_through(text_[at])) ++at;
    return at < text_.size() ? text_[at] : 0;
  }

  void pair_nesting(char32_t open, char32_t close) {
    std::vector<Mark*> waiting;
    for (Mark& mark : marks_) {
      if (mark.code == open) {
        waiting.push_back(&mark);
      } else if (mark.code == close && !waiting.empty()) {
        waiting.back()->partner = mark.at;
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
    for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark) {
      if (is_line_break(mark->code)) next_close = kNowhere;
      if (mark->code != open && mark->code != close) continue;
      const char32_t left = before(*mark), right = after(*mark);
      if (mark->code == open && may_touch(left) && !is_gap(right)) mark->partner = next_close;
      if (mark->code == close && may_touch(right) && !is_gap(left)) next_close = mark->at;
    }
  }

  // After a number and before anything but a word, a double mark that does not close is a sign for inches.
  void pair_double() {
    std::size_t next_close = kNowhere;
    for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark) {
      if (mark->code != U'"') continue;
      const bool is_inches = is_digit(before(*mark)) && !is_word(after(*mark));
      if (!is_inches) mark->partner = next_close;
      next_close = mark->at;
    }
  }

  std::u32string_view text_;
  std::vector<Mark>& marks_;
};

}  // namespace

std::vector<Segment> split_at_quotes(std::u32string_view text) {
  std::vector<Mark> marks = marks_of(text);
  Pairing(text, marks).pair_all();
  std::vector<Segment> segments;
  std::size_t start = 0;
  for (const Mark& mark : marks) {
    if (mark.partner == kNowhere || mark.at < start) continue;  // quotes nothing, or inside a quotation
    if (mark.at > start) segments.push_back({std::u32string(text.substr(start, mark.at - start)), false});
    start = mark.partner + 1;
    segments.push_back({std::u32string(text.substr(mark.at, start - mark.at)), true});
  }
  if (start < text.size()) segments.push_back({std::u32string(text.substr(start)), false});
  return segments;
}

}  // namespace zimg::key
