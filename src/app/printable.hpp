// Text as it may be printed: names, prompts and texts out of files may hold what a terminal obeys, or a line break that
// would make the rest look like another line of zimg's.
//
// Free functions; thread-safe.
#pragma once

#include <string>

#include "base/json.hpp"

namespace zimg::app {

// Control characters but tabs, line breaks among them, are shown as \x1b is here.
std::string printable_line(const std::string& text);

// The same, but line breaks stay: for texts that are meant to have lines.
std::string printable_text(const std::string& text);

// `json` on one line, with control characters as JSON writes them, \u007f; U+FFFD stands for what is not UTF-8.
std::string json_line(const base::Json& json);

}  // namespace zimg::app
