// What the program says to people: results to stdout, everything else to stderr, one sentence a line.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"

namespace zimg::app {

// A line on stdout. Errors: kIo when it cannot be written (a full disk).
void print_line(const std::string& line);
// Errors: kIo when something printed before could not be written after all.
void finish_printing();

void warn(const std::string& sentence);
void complain(const std::string& sentence);
void advise(const std::string& text);  // without "zimg:" before it

// `json` as one line; octets that are not UTF-8 are replaced.
using base::dump;

// "1 picture", "2 pictures".
std::string count_of(std::uint64_t count, const std::string& what);
// "1.5 MB", "812 bytes".
std::string human_bytes(std::uint64_t bytes);
// "0.42 s", "1.3 ms".
std::string human_time(double milliseconds);

}  // namespace zimg::app
