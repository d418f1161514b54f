// Words on the command line and in request lists that stand for values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "zimg/error.hpp"

namespace zimg::app {

template <class Value>
using Choices = std::initializer_list<std::pair<std::string_view, Value>>;

// The value that `word` stands for. Errors: kInvalidArgument naming `field` and the words there are.
template <class Value>
Value choose(const std::string& field, const std::string& word, Choices<Value> choices) {
  std::string expected;
  for (const auto& [name, value] : choices) {
    if (word == name) return value;
    if (!expected.empty()) expected += name == (choices.end() - 1)->first ? " or " : ", ";
    expected += name;
  }
  throw Error(ErrorCode::kInvalidArgument, field + " is '" + word + "' where " + expected + " is expected");
}

}  // namespace zimg::app
