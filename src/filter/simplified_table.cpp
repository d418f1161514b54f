// Asks OpenCC, when zimg is built, for the simplified form of every Han character by itself, and writes those that
// differ as two strings, to be compiled into the filter. Nothing of OpenCC is needed when zimg runs.
//
//   simplified_table OUT.inc

#include <opencc/opencc.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

namespace {

struct Range {
  char32_t first, last;
};
constexpr Range kHan[] = {{0x3400, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x323AF}};

std::string utf8(char32_t code) {
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

// The code point of a text of one; 0 for any other text.
char32_t only_code(const std::string& text) {
  const auto at = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto tail = [&at](std::size_t i) { return static_cast<char32_t>(at(i) & 0x3F); };
  if (text.size() == 3 && at(0) >= 0xE0) return (static_cast<char32_t>(at(0) & 0x0F) << 12) | (tail(1) << 6) | tail(2);
  if (text.size() != 4 || at(0) < 0xF0) return 0;
  return (static_cast<char32_t>(at(0) & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3);
}

std::string escape(char32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, "\\U%08X", static_cast<unsigned>(code));
  return text;
}

void write_table(const char* path) {
  const opencc::SimpleConverter converter("t2s.json");
  const auto simplified = [&converter](char32_t code) {
    const char32_t found = only_code(converter.Convert(utf8(code)));
    return found == 0 ? code : found;
  };
  std::string traditional;
  std::string simple;
  std::size_t count = 0;
  for (const Range& range : kHan) {
    for (char32_t code = range.first; code <= range.last; ++code) {
      const char32_t found = simplified(code);
      if (found == code || simplified(found) != found) continue;
      const char* const separator = count++ % 8 == 0 ? "\"\n    U\"" : "";
      traditional += separator + escape(code);
      simple += separator + escape(found);
    }
  }
  std::ofstream out(path);
  out << "constexpr std::u32string_view kTraditional =\n    U\"" << traditional << "\";\n"
      << "constexpr std::u32string_view kSimplified =\n    U\"" << simple << "\";\n";
  out.close();
  if (!out) throw std::runtime_error(std::string("'") + path + "' could not be written");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "simplified_table: one argument is expected, the file to write\n");
    return 2;
  }
  try {
    write_table(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "simplified_table: %s\n", error.what());
    return 1;
  }
}
