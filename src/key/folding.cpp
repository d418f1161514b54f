#include "key/folding.hpp"

#include <algorithm>
#include <optional>

#include "key/ascii_punctuation.hpp"
#include "key/character_classes.hpp"
#include "key/code_points.hpp"
#include "key/invisible.hpp"
#include "key/letter_case.hpp"
#include "key/punctuation.hpp"
#include "key/quotes.hpp"
#include "key/synonyms.hpp"

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

std::u32string joined(const std::vector<Segment>& segments) {
  std::u32string text;
  for (const Segment& segment : segments) text += segment.text;
  return text;
}

// `segments` with `step` done to all but the quotations; none where the result would quote otherwise.
template <class Step>
std::optional<std::vector<Segment>> with_quotations_kept(std::vector<Segment> segments, Step step) {
  std::erase_if(segments, [](const Segment& segment) { return segment.text.empty(); });  // trimmed away
  for (Segment& segment : segments) {
    if (!segment.is_quoted) segment.text = step(segment.text);
  }
  const std::vector<Segment> again = split_at_quotes(joined(segments));
  const bool is_same =
      std::equal(again.begin(), again.end(), segments.begin(), segments.end(),
                 [](const Segment& a, const Segment& b) { return a.is_quoted == b.is_quoted && a.text == b.text; });
  if (!is_same) return std::nullopt;
  return segments;
}

std::u32string unbroken(std::u32string text) {
  std::replace(text.begin(), text.end(), U'\n', U' ');
  return text;
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
    const std::u32string before = text();
    step(segments_);
    note(before != text(), phrase);
  }

  std::u32string text() const { return joined(segments_); }

  void note(bool changed, const char* phrase) {
    if (changed) changes_.emplace_back(phrase);
  }

  std::vector<std::string> take_changes() { return std::move(changes_); }

 private:
  std::vector<Segment> segments_;
  std::vector<std::string> changes_;
};

// Replaces synonyms until a pass finds none: what a word became may spell another with what stands beside it. A text
// that does not come to rest stays as it was, so that folding twice is folding once.
void replace_synonyms(std::vector<Segment>& segments, const Synonyms& synonyms) {
  constexpr int kMaxPasses = 8;
  std::vector<Segment> settled = split_at_quotes(joined(segments));
  for (int pass = 0; pass <= kMaxPasses; ++pass) {
    auto replaced = with_quotations_kept(settled, [&](const std::u32string& text) { return synonyms.replace(text); });
    const std::u32string before = joined(settled), after = replaced ? joined(*replaced) : before;
    // A word in a new place may change what is folded around it; such a pass is not made.
    if (after == before || fold_text(to_utf8(after), MatchLevel::kLoose).text != to_utf8(after)) {
      segments = std::move(settled);
      return;
    }
    settled = std::move(*replaced);
  }
}

// Printable ASCII with single blanks inside, which most English prompts are: no step up to normalized changes it, nor
// does loose where no letter is a capital.
bool is_settled_ascii(std::string_view text, MatchLevel level) {
  char before = ' ';
  for (const char c : text) {
    if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) return false;
    if (level == MatchLevel::kLoose && c >= 'A' && c <= 'Z') return false;
    before = c;
  }
  return text.empty() || before != ' ';
}

// What loose folds beyond normalized; instead of normalized's punctuation, of which its own leaves nothing.
void loosen(Folding& folding, const Synonyms* synonyms) {
  // A selector may have lost the symbol before it, an accent have gained a letter that it joins.
  const auto tidied = [](std::u32string_view text) { return compose(drop_invisible(text)); };
  folding.apply([&](std::u32string_view text) { return tidied(to_ascii_punctuation(text)); },
                "CJK punctuation written in ASCII");
  folding.apply([&](std::u32string_view text) { return tidied(lower_case(text)); }, "letters written in lower case");
  folding.apply_to_whole(
      [](std::vector<Segment>& segments) {
        if (auto flowing = with_quotations_kept(segments, unbroken)) segments = std::move(*flowing);
      },
      "line breaks written as blanks");
  if (synonyms == nullptr) return;
  folding.apply_to_whole([&](std::vector<Segment>& segments) { replace_synonyms(segments, *synonyms); },
                         "synonyms replaced");
}

}  // namespace

FoldedText fold_text(std::string_view text, MatchLevel level, const Synonyms* synonyms) {
  const bool may_replace = level == MatchLevel::kLoose && synonyms != nullptr;
  if (!may_replace && is_settled_ascii(text, level)) return {std::string(text), {}};
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
    if (level == MatchLevel::kLoose) {
      loosen(folding, synonyms);
    } else {
      folding.apply_to_whole(fold_punctuation, "punctuation written in the form of its text");
    }
  }
  return {to_utf8(folding.text()), folding.take_changes()};
}

}  // namespace zimg::key
