// A PhraseAutomaton finds all of many phrases in one pass over a text (Aho and Corasick, 1975).
//
// Immutable once built; thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace zimg::filter {

class PhraseAutomaton {
 public:
  // Phrases are numbered by their place. REQUIRES: none is empty.
  explicit PhraseAutomaton(const std::vector<std::u32string>& phrases);

  // Goes through `text`, whose elements have a `code`; calls `on_match(phrase, end)` for each phrase that ends just
  // before `end`, longest first, until one call gives true. Whether one did.
  template <class Text, class OnMatch>
  bool find(const Text& text, OnMatch on_match) const {
    std::uint32_t state = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      state = next(state, text[at].code);
      std::uint32_t ending = states_[state].phrase != kNone ? state : states_[state].shorter;
      for (; ending != 0; ending = states_[ending].shorter) {
        if (on_match(states_[ending].phrase, at + 1)) return true;
      }
    }
    return false;
  }

  static constexpr std::uint32_t kNone = UINT32_MAX;

 private:
  struct Edge {
    char32_t code;
    std::uint32_t to;
  };
  struct State {
    std::vector<Edge> edges;       // ascending
    std::uint32_t fallback = 0;    // the longest proper suffix that is a state
    std::uint32_t shorter = 0;     // the next state among the fallbacks at which a phrase ends; 0 is none
    std::uint32_t phrase = kNone;  // the first of the equal phrases that end here
  };

  void add(const std::u32string& phrase, std::uint32_t number);
  void link();
  std::uint32_t child(std::uint32_t state, char32_t code) const;  // kNone where there is none
  std::uint32_t next(std::uint32_t state, char32_t code) const;

  std::vector<State> states_;  // the first is the beginning
};

}  // namespace zimg::filter
