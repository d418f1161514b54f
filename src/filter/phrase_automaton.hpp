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

  // The same for the phrases that `text` says with letters whose code is `hidden`, each of which may be any one; all
  // others are left to find(). Reads words of up to 64 letters before a hidden one, and no more than 64 hidden places:
  // a text that hides more says nothing.
  template <class Text, class OnMatch>
  bool find_with_hidden(const Text& text, char32_t hidden, OnMatch on_match) const {
    constexpr std::size_t kMostLetters = 64;
    int places = 64;
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (text[at].code != hidden || text[at - 1].code == hidden) continue;
      if (places-- == 0) return false;
      for (std::size_t begin = at; begin-- > 0 && at - begin <= kMostLetters;) {
        if (follow(text, begin, at, hidden, on_match)) return true;
      }
    }
    return false;
  }

  static constexpr std::uint32_t kNone = UINT32_MAX;

 private:
  // From `begin`, by letters that are not hidden, to the first hidden one at `at`, and on from there by every way.
  template <class Text, class OnMatch>
  bool follow(const Text& text, std::size_t begin, std::size_t at, char32_t hidden, OnMatch& on_match) const {
    std::uint32_t state = 0;
    for (; begin < at; ++begin) {
      state = child(state, text[begin].code);
      if (state == kNone) return false;
    }
    return go_on(text, state, at, hidden, on_match);
  }

  template <class Text, class OnMatch>
  bool go_on(const Text& text, std::uint32_t state, std::size_t at, char32_t hidden, OnMatch& on_match) const {
    for (; at < text.size(); ++at) {
      if (text[at].code == hidden) {
        return std::any_of(states_[state].edges.begin(), states_[state].edges.end(), [&](const Edge& edge) {
          return is_end(edge.to, at + 1, on_match) || go_on(text, edge.to, at + 1, hidden, on_match);
        });
      }
      state = child(state, text[at].code);
      if (state == kNone) return false;
      if (is_end(state, at + 1, on_match)) return true;
    }
    return false;
  }

  template <class OnMatch>
  bool is_end(std::uint32_t state, std::size_t end, OnMatch& on_match) const {
    return states_[state].phrase != kNone && on_match(states_[state].phrase, end);
  }

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
