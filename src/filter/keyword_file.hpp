// The file that a keyword list is read from: UTF-8, a word or phrase a line, lines that begin with # passed over.
//
// Free functions; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zimg::filter {

// The lines that hold a word, trimmed. Errors: kNotFound, kIo, and kInvalidArgument naming `path` and the line: more
// than 1 MiB, a line of more than 1024 bytes, not UTF-8, a NUL, nothing that is a letter or digit, no word at all.
std::vector<std::string> read_keywords(const std::string& path);

// The same from `content`; `path` begins each sentence.
std::vector<std::string> parse_keywords(std::string_view content, const std::string& path);

}  // namespace zimg::filter
