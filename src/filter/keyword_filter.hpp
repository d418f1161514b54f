// A KeywordFilter knows the lists of a Generator and judges prompts by them.
//
// Immutable once built; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/word_finder.hpp"
#include "zimg/keywords.hpp"

namespace zimg::filter {

// What the lists say of one prompt.
struct Verdict {
  bool is_caught = false;  // by a list of whatever action
  bool may_be_stored = true;
  std::vector<std::string> tags;  // of the lists that tag, each once, in their order
};

class KeywordFilter {
 public:
  // Reads the lists. Errors: kNotFound, kIo, kInvalidArgument naming the file and the line, or the list's wrong field.
  explicit KeywordFilter(const std::vector<KeywordList>& lists);

  // `prompt` is valid UTF-8. Errors: kRefused.
  Verdict judge(std::string_view prompt) const;

 private:
  struct List {
    KeywordAction action;
    std::string tag;
    WordFinder words;
  };

  std::vector<List> lists_;  // those that refuse first
};

}  // namespace zimg::filter
