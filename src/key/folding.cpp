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
#include "key/tidiness.hpp"

namespace zimg::key {
namespace {

constexpr char32_t kToAscii = 0xFEE0;  // from a full-width form down to its ASCII character

bool is_full_width(char32_t code) {
  return (code >= U'０' && code <= U'９') || (code >= U'Ａ' && code <= U'Ｚ') || (code >= U'ａ' && code <= U'ｚ');
}

std::u32string fold_width(std::u32string_view text) {
  std::u32string folded(text);
  for (char32_t& code : folded) {
    if (is_full_width(code)) code -= kToAscii;
  }
  return folded;
}

bool is_gap(char32_t code) {
  if (code > U' ' && (is_printable_ascii(code) || is_ideograph(code))) return false;
  return is_blank(code) || is_line_break(code);
}

// Whether `text` holds blanks or line breaks that fold_blanks changes: any but the plain ones, or two in a row.
bool has_untidy_gap(std::u32string_view text) {
  bool follows_gap = false;
  for (const char32_t code : text) {
    const bool gap = is_gap(code);
    if (gap && (follows_gap || (code != U' ' && code != U'\n'))) return true;
    follows_gap = gap;
  }
  return false;
}

// Runs of blanks become one blank, runs with a line break in them one line break.
std::u32string fold_blanks(std::u32string_view text) {
  std::u32string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    bool breaks = false;
    const std::size_t start = at;
    for (; at < text.size() && is_gap(text[at]); ++at) {
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

// Whether there was something to trim. REQUIRES: `text` went through fold_blanks, so that an end holds at most one.
bool trim(std::vector<Segment>& segments) {
  if (segments.empty()) return false;
  Segment& first = segments.front();
  const bool begins = !first.is_quoted && !first.text.empty() && is_gap(first.text.front());
  if (begins) first.text.erase(0, 1);
  Segment& last = segments.back();
  const bool ends = !last.is_quoted && !last.text.empty() && is_gap(last.text.back());
  if (ends) last.text.pop_back();
  return begins || ends;
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

  // Does `step` to what is not quoted.
  template <class Step>
  void apply(Step step, const char* phrase) {
    apply_where([](std::u32string_view) { return true; }, step, phrase);
  }

  // The same where `may_matter`, which saves most prompts most steps: where it is false, `step` must change nothing.
  template <class Question, class Step>
  void apply_where(Question may_matter, Step step, const char* phrase) {
    bool changed = false;
    for (Segment& segment : segments_) {
      if (segment.is_quoted || !may_matter(segment.text)) continue;
      std::u32string folded = step(segment.text);
      changed = changed || folded != segment.text;
      segment.text = std::move(folded);
    }
    note(changed, phrase);
  }

  // `step` takes all segments and tells whether it changed the text.
  template <class Step>
  void apply_to_whole(Step step, const char* phrase) {
    note(step(segments_), phrase);
  }

  std::u32string text() const { return joined(segments_); }
  bool is_changed() const { return !changes_.empty(); }

  void note(bool changed, const char* phrase) {
    if (changed) changes_.emplace_back(phrase);
  }

  std::vector<std::string> take_changes() { return std::move(changes_); }

 private:
  std::vector<Segment> segments_;
  std::vector<std::string> changes_;
};

// How long a text may get by its synonyms, in code points: as much as one pass makes of it, and no longer than any
// prompt. Words that make each other again could multiply it at every pass.
std::size_t longest_replaced(std::size_t length) {
  constexpr std::size_t kLongestPrompt = std::size_t{1} << 20;
  return std::min(length, kLongestPrompt / Synonyms::kMaxWord) * Synonyms::kMaxWord;
}

// Replaces synonyms until a pass finds none: what a word became may spell another with what stands beside it. A text
// that does not come to rest, or outgrows its bound, stays as it was, so that folding twice is folding once.
bool replace_synonyms(std::vector<Segment>& segments, const Synonyms& synonyms) {
  constexpr int kMaxPasses = 8;
  const std::u32string at_first = joined(segments);
  const std::size_t longest = longest_replaced(at_first.size());
  std::vector<Segment> settled = split_at_quotes(at_first);
  for (int pass = 0; pass <= kMaxPasses; ++pass) {
    bool outgrows = false;
    std::size_t room = longest;
    auto replaced = with_quotations_kept(settled, [&](const std::u32string& text) {
      const auto made = synonyms.replace(text, room);
      outgrows = outgrows || !made;
      room -= made ? made->size() : 0;
      return made.value_or(text);
    });
    if (outgrows) return false;
    const std::u32string before = joined(settled), after = replaced ? joined(*replaced) : before;
    // A word in a new place may change what is folded around it; such a pass is not made.
    if (after == before || fold_text(to_utf8(after), MatchLevel::kLoose).text != to_utf8(after)) {
      segments = std::move(settled);
      return before != at_first;
    }
    settled = std::move(*replaced);
  }
  return false;
}

// Whether `text` holds a character of which `question` is true.
template <bool (*question)(char32_t)>
bool any_is(std::u32string_view text) {
  return std::any_of(text.begin(), text.end(), [](char32_t code) { return question(code); });
}

// What normalized folds of a text that is not tidy, up to its punctuation.
void tidy_up(Folding& folding) {
  folding.apply_where(any_is<is_full_width>, fold_width, "full-width letters and digits written in ASCII");
  folding.apply_where(any_is<is_maybe_invisible>, drop_invisible, "invisible characters dropped");
  // What was dropped or changed may have kept a letter from its accent. Composing moves neither a quotation mark nor
  // anything that the two steps above look at.
  folding.apply_where([](std::u32string_view part) { return !is_surely_composed(part); }, compose,
                      "accents joined with their letters");
  folding.apply_where(has_untidy_gap, fold_blanks, "runs of blanks and line breaks shortened");
  folding.apply_to_whole(trim, "blanks at the ends trimmed");
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
        auto flowing = with_quotations_kept(segments, unbroken);
        if (!flowing) return false;
        const bool changes = joined(*flowing) != joined(segments);
        segments = std::move(*flowing);
        return changes;
      },
      "line breaks written as blanks");
  if (synonyms == nullptr) return;
  folding.apply_to_whole([&](std::vector<Segment>& segments) { return replace_synonyms(segments, *synonyms); },
                         "synonyms replaced");
}

}  // namespace

FoldedText fold_text(std::string_view text, MatchLevel level, const Synonyms* synonyms) {
  const bool may_replace = level == MatchLevel::kLoose && synonyms != nullptr;
  const Tidiness tidiness = tidiness_of(text, level);
  if (!may_replace && tidiness == Tidiness::kSettled) return {std::string(text), {}};
  const std::u32string typed = to_code_points(text);
  const bool tidy = tidiness != Tidiness::kUntidy;
  const std::u32string composed = tidy ? std::u32string() : compose(typed);
  Folding folding(tidy ? typed : composed);
  folding.note(!tidy && composed != typed, "composed (Unicode NFC)");
  if (level != MatchLevel::kExact) {
    if (!tidy) tidy_up(folding);
    if (level == MatchLevel::kLoose) {
      loosen(folding, synonyms);
    } else {
      folding.apply_to_whole(fold_punctuation, "punctuation written in the form of its text");
    }
  }
  if (!folding.is_changed()) return {std::string(text), {}};
  return {to_utf8(folding.text()), folding.take_changes()};
}

}  // namespace zimg::key
