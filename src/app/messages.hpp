// What the program says: results to stdout, everything else to stderr, one sentence a line. What a terminal would obey
// is escaped (printable.hpp).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"

namespace zimg::app {

// One line on stdout. Errors of all four: kIo when it cannot be written (a full disk).
void print_line(const std::string& line);
// Text that is meant to have lines, as a picture's may.
void print_text(const std::string& text);
// `json` as one line; octets that are not UTF-8 are replaced.
void print_json(const base::Json& json);
// `json` under --json, else `line`.
void print_result(bool is_json, const base::Json& json, const std::string& line);
// Errors: kIo when something printed before could not be written after all.
void finish_printing();

void warn(const std::string& sentence);
void complain(const std::string& sentence);
void advise(const std::string& text);  // without "zimg:" before it

// "1 picture", "2 pictures".
std::string count_of(std::uint64_t count, const std::string& what);
// "1.5 MB", "812 bytes".
std::string human_bytes(std::uint64_t bytes);
// "0.42 s", "1.3 ms".
std::string human_time(double milliseconds);

}  // namespace zimg::app
