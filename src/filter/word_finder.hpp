// A WordFinder tells whether a text says one of many words, in whatever reading.
//
// Immutable once built; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/phrase_automaton.hpp"
#include "filter/spelling.hpp"

namespace zimg::filter {

class WordFinder {
 public:
  // REQUIRES: each word is valid UTF-8 and holds a letter.
  explicit WordFinder(const std::vector<std::string>& words);

  // `form` is a matching form. Takes time in proportion to its length and to the matches that are none.
  bool finds(std::u32string_view form) const;

 private:
  // All words as one reading has them.
  class Lexicon {
   public:
    Lexicon(const std::vector<std::u32string>& forms, Reading reading);
    bool finds(std::u32string_view form) const;

   private:
    Reading reading_;
    std::vector<std::vector<Spelling>> words_;  // those of equal letters together: "foo bar" and "foobar"
    PhraseAutomaton automaton_;
  };

  struct Forms {  // as texts that say the words may have them
    std::vector<std::u32string> all, backwards;
  };
  explicit WordFinder(const Forms& forms);
  static Forms forms_of(const std::vector<std::string>& words);

  std::vector<Lexicon> lexicons_;
  Lexicon backwards_;  // the words, as they are, that a text may say from its end to its beginning
};

}  // namespace zimg::filter
