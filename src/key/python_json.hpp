// JSON as Python reads and writes it: json.loads and json.dumps(…, sort_keys=True), to the octet. It differs from JSON:
// NaN and Infinity are values, numbers keep being whole or not and may be of any size, a string may hold half a
// surrogate pair.
//
// Free functions; thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zimg::key {

struct PythonValue;
using PythonObject = std::map<std::u32string, PythonValue>;

struct PythonValue {
  enum class Kind { kWord, kString, kArray, kObject };

  Kind kind = Kind::kWord;
  std::string word;     // null, true, false or a number, as Python writes it
  std::u32string text;  // of a string; code points, halves of surrogate pairs among them
  std::vector<PythonValue> items;
  std::shared_ptr<const PythonObject> members;  // of an object; by code points, the last of equal names
};

// Errors: kInvalidArgument with a sentence that begins with `origin`: for what json.loads refuses, for numbers of more
// than 4300 digits and for nesting of more than 500 levels.
PythonValue read_python_json(std::string_view json, const std::string& origin);

// ASCII alone, members in order of their names, ", " and ": " between.
std::string write_python_json(const PythonValue& value);

}  // namespace zimg::key
