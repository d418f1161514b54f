#include "app/messages.hpp"

#include <array>
#include <cerrno>
#include <cstdio>

#include "app/printable.hpp"
#include "base/system_error.hpp"

namespace zimg::app {
namespace {

[[noreturn]] void fail_printing() {
  throw base::system_error(ErrorCode::kIo, "cannot write", "standard output", errno);
}

void print(const std::string& line) {
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fputc('\n', stdout) == EOF) {
    fail_printing();
  }
}

}  // namespace

void print_line(const std::string& line) {
  print(printable_line(line));
}

void print_text(const std::string& text) {
  print(printable_text(text));
}

void print_json(const base::Json& json) {
  print(json_line(json));
}

void print_result(bool is_json, const base::Json& json, const std::string& line) {
  print(is_json ? json_line(json) : printable_line(line));
}

void finish_printing() {
  if (std::fflush(stdout) != 0) fail_printing();
}

void warn(const std::string& sentence) {
  std::fprintf(stderr, "zimg: warning: %s\n", printable_line(sentence).c_str());
}

void complain(const std::string& sentence) {
  std::fprintf(stderr, "zimg: %s\n", printable_line(sentence).c_str());
}

void advise(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
}

std::string count_of(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) return count_of(bytes, "byte");
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (amount >= 999.95 && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  char words[32];
  std::snprintf(words, sizeof words, "%.1f %s", amount, kUnits[unit]);
  return words;
}

std::string human_time(double milliseconds) {
  char words[32];
  if (milliseconds == 0) return "0 s";
  if (milliseconds < 0.01) {
    std::snprintf(words, sizeof words, "%.2f us", milliseconds * 1000);
  } else if (milliseconds < 1) {
    std::snprintf(words, sizeof words, "%.0f us", milliseconds * 1000);
  } else if (milliseconds < 100) {
    std::snprintf(words, sizeof words, "%.1f ms", milliseconds);
  } else {
    std::snprintf(words, sizeof words, "%.2f s", milliseconds / 1000);
  }
  return words;
}

}  // namespace zimg::app
