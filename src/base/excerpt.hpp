// What an error shows of a name or a value that a file holds: enough to know it by, however long it is.
#pragma once

#include <string>
#include <string_view>

namespace zimg::base {

// At most 60 octets of `text`, with dots for the middle of a longer one. No character of UTF-8 is cut.
std::string excerpt(std::string_view text);

// The same between quotation marks.
std::string in_quotes(std::string_view text);

}  // namespace zimg::base
