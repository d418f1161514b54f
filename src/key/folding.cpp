#include "key/folding.hpp"

#include "key/character_classes.hpp"
#include "key/code_points.hpp"
#include "key/invisible.hpp"
#include "key/punctuation.hpp"
#include "key/quotes.hpp"

namespace zimg::key {
namespace {

constexpr char32_t kToAscii = 0xFEE0;  // from a full-width form down to its ASCII character

std::u32string fold_width(std::u32string_view text) {
  std::u32string folded(text);
  for (char32_t& code : folded) {
    const bool is_full_width =
        (code >= U'０' && code <= U'９') || (code >= U'Ａ' && code <= U'Ｚ') || (code >= U'ａ' && code <= U'ｚ');
    if (is_full_width) code -= kToAscii;
  }
  return folded;
}

// Runs of blanks become one blank, runs with a line break in them one line break.
std::u32string fold_blanks(std::u32string_view text) {
  std::u32string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    bool breaks = false;
    const std::size_t start = at;
    for (; at < text.size() && (is_blank(text[at]) || is_line_break(text[at])); ++at) {
      breaks = breaks || is_line_break(text[at]);
    }
    if (at > start) {
      folded.push_back(breaks ? U'\n' : U' ');
    } else {
      folded.push_back(text[at++]);
    }
  }
  return folded;
}

// REQUIRES: `text` went through fold_blanks, so that an end holds at most one.
void trim(std::vector<Segment>& segments) {
  const auto is_gap = [](char32_t code) { return code == U' ' || code == U'\n'; };
  if (segments.empty()) return;
  Segment& first = segments.front();
  if (!first.is_quoted && !first.text.empty() && is_gap(first.text.front())) first.text.erase(0, 1);
  Segment& last = segments.back();
  if (!last.is_quoted && !last.text.empty() && is_gap(last.text.back())) last.text.pop_back();
}

// One text on its way through the steps.
class Folding {
 public:
  explicit Folding(std::u32string_view text) : segments_(split_at_quotes(text)) {}

  template <class Step>
  void apply(Step step, const char* phrase) {
    bool changed = false;
    for (Segment& segment : segments_) {
      if (segment.is_quoted) continue;
      std::u32string folded = step(segment.text);
      changed = changed || folded != segment.text;
      segment.text = std::move(folded);
    }
    note(changed, phrase);
  }

  template <class Step>
  void apply_to_whole(Step step, const char* phrase) {
    const std::u32string before = joined();
    step(segments_);
    note(before != joined(), phrase);
  }

  std::u32string joined() const {
    std::u32string text;
    for (const Segment& segment : segments_) text += segment.text;
    return text;
  }

  void note(bool changed, const char* phrase) {
    if (changed) changes_.emplace_back(phrase);
  }

  std::vector<std::string> take_changes() { return std::move(changes_); }

 private:
  std::vector<Segment> segments_;
  std::vector<std::string> changes_;
};

}  // namespace

FoldedText fold_text(std::string_view text, MatchLevel level) {
  const std::u32string typed = to_code_points(text);
  const std::u32string composed = compose(typed);
  Folding folding(composed);
  folding.note(composed != typed, "composed (Unicode NFC)");
  if (level != MatchLevel::kExact) {
    folding.apply(fold_width, "full-width letters and digits written in ASCII");
    folding.apply(drop_invisible, "invisible characters dropped");
    // What was dropped or changed may have kept a letter from its accent. Composing moves neither a quotation mark nor
    // anything that the two steps above look at.
    folding.apply(compose, "accents joined with their letters");
    folding.apply(fold_blanks, "runs of blanks and line breaks shortened");
    folding.apply_to_whole(trim, "blanks at the ends trimmed");
    folding.apply_to_whole(fold_punctuation, "punctuation written in the form of its text");
  }
  return {to_utf8(folding.joined()), folding.take_changes()};
}

}  // namespace zimg::key
