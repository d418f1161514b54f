#include "filter/saying.hpp"

#include <algorithm>

namespace zimg::filter {
namespace {

// One place at which the letters of a word stand in a text.
class Place {
 public:
  Place(const Spelling& text, std::size_t begin, const Spelling& word, Reading reading)
      : text_(text), begin_(begin), end_(begin + word.size()), word_(word), reading_(reading) {}

  bool is_said() const {
    return has_the_repeats() && has_fair_stand_ins() && hides_few() && is_border(begin_) && is_border(end_) &&
           has_fair_gaps();
  }

 private:
  // A run of three and more stands for any shorter one. But for one letter of a long word that is typed twice, no other
  // may differ: "good" is not "god".
  bool has_the_repeats() const {
    bool may_slip = word_.size() >= 8;
    for (std::size_t i = 0; i < word_.size(); ++i) {
      const std::uint32_t typed = text_[begin_ + i].repeats;
      const std::uint32_t meant = word_[i].repeats;
      if (typed == meant || (typed >= 3 && typed > meant)) continue;
      if (!may_slip || typed != 2 || meant != 1) return false;
      may_slip = false;
    }
    return true;
  }

  // "A5" is a size of paper and "1980s" a time: letters must make more than half of four. Digits that the word has
  // itself count as letters.
  bool has_fair_stand_ins() const {
    if (reading_ != Reading::kStandIns) return true;
    std::size_t count = 0;
    for (std::size_t i = 0; i < word_.size(); ++i) {
      count += text_[begin_ + i].is_stand_in && !word_[i].is_stand_in ? 1 : 0;
    }
    return count > 0 && word_.size() >= 4 && count * 2 < word_.size();
  }

  // Of a hidden letter must be known what stands before it, and of all letters most: "a*b" is anything.
  bool hides_few() const {
    if (reading_ != Reading::kHidden) return true;
    std::size_t hidden = 0;
    for (std::size_t at = begin_; at < end_; ++at) hidden += text_[at].code == kHiddenLetter ? 1 : 0;
    const bool is_short = word_.size() < (is_spaceless(word_.front().code) ? 3u : 4u);
    return hidden > 0 && !is_short && hidden * 2 <= word_.size() && text_[begin_].code != kHiddenLetter;
  }

  // Whether a word may begin or end between the letters before `at` and at it.
  bool is_border(std::size_t at) const {
    if (at == 0 || at == text_.size() || text_[at].before != Gap::kNone || is_loose(at)) return true;
    const bool is_number = is_digit(text_[at - 1].code) != is_digit(text_[at].code);
    return is_number && word_.size() >= 4 && reading_ != Reading::kStandIns;
  }

  bool is_loose(std::size_t at) const { return is_spaceless(text_[at - 1].code) || is_spaceless(text_[at].code); }

  bool has_fair_gaps() const {
    std::size_t pieces = 1;
    std::size_t singles = 0;
    std::size_t piece_begin = begin_;
    Gap widest = Gap::kNone;
    bool is_broken = false;  // by more than a word may be broken by
    const auto end_piece = [&](std::size_t at) {
      singles += at - piece_begin == 1 ? 1 : 0;
      piece_begin = at;
    };
    for (std::size_t at = begin_ + 1; at < end_; ++at) {
      const Gap found = text_[at].before;
      const Gap meant = word_[at - begin_].before;
      if (found == Gap::kNone) {
        if (meant >= Gap::kBlank && !is_loose(at)) return false;  // "penrose" is not "pen rose"
        continue;
      }
      end_piece(at);
      ++pieces;
      widest = std::max(widest, found);
      is_broken = is_broken || found > std::max(meant, meant == Gap::kNone ? Gap::kSoft : Gap::kBlank);
    }
    end_piece(end_);
    if (pieces == word_.size() && pieces > 1 && goes_on_being_spelled(widest)) return false;
    return !is_broken || is_spelled_out(pieces, singles, widest);
  }

  // A word in pieces is that word only where it was visibly taken apart: "f o o", never "pen rose" for "penrose".
  bool is_spelled_out(std::size_t pieces, std::size_t singles, Gap widest) const {
    const std::size_t size = word_.size();
    if (size >= 3 && pieces == size) return true;
    const bool is_loose_word =
        std::all_of(word_.begin(), word_.end(), [](const Letter& letter) { return is_spaceless(letter.code); });
    if (!is_loose_word) return size >= 5 && singles >= 3 && singles * 2 >= pieces;
    if (size == 2) return is_gap(begin_) && is_gap(end_);
    return size >= 4 && widest <= Gap::kBlank;
  }

  bool is_gap(std::size_t at) const { return at == 0 || at == text_.size() || text_[at].before != Gap::kNone; }

  // "s.h.e.d" is not said by "w.a.s.h.e.d".
  bool goes_on_being_spelled(Gap widest) const {
    if (begin_ > 0 && is_lone(begin_ - 1) && text_[begin_].before <= widest && !is_own_word(begin_ - 1)) return true;
    return end_ < text_.size() && is_lone(end_) && text_[end_].before <= widest;
  }

  // A lone a or I in blanks is a word, unless it is spelled out with what stands before it.
  bool is_own_word(std::size_t at) const {
    const bool is_word = text_[at].code == U'a' || text_[at].code == U'i';
    return is_word && text_[at + 1].before == Gap::kBlank && (at == 0 || !is_lone(at - 1));
  }

  bool is_lone(std::size_t at) const {
    return is_gap(at) && is_gap(at + 1) && !is_digit(text_[at].code) && !is_spaceless(text_[at].code);
  }

  const Spelling& text_;
  const std::size_t begin_;
  const std::size_t end_;
  const Spelling& word_;
  const Reading reading_;
};

}  // namespace

bool says(const Spelling& text, std::size_t begin, const Spelling& word, Reading reading) {
  return Place(text, begin, word, reading).is_said();
}

}  // namespace zimg::filter
