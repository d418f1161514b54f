// Upper case to lower case, as Unicode's full mapping has it and as Python's str.lower does it.
#pragma once

#include <string>
#include <string_view>

namespace zimg::key {

// İ becomes two code points; Σ becomes ς at the end of a word and σ elsewhere. Idempotent. Takes linear time.
std::u32string lower_case(std::u32string_view text);

}  // namespace zimg::key
