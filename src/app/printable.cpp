#include "app/printable.hpp"

#include <cstdio>
#include <string_view>

namespace zimg::app {
namespace {

struct Control {
  unsigned code = 0;       // U+0000 to U+001F, U+007F to U+009F
  std::size_t octets = 0;  // 0: there is none
};

// The control character that `text`, which is not empty, begins with.
Control leading_control(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7F) return {first, 1};
  if (first != 0xC2 || text.size() < 2) return {};
  const auto second = static_cast<unsigned char>(text[1]);
  return second >= 0x80 && second < 0xA0 ? Control{second, 2} : Control{};
}

// `mark` and two digits stand for each control character that is not one of `kept`.
std::string escaped(std::string_view text, std::string_view kept, const std::string& mark) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const Control control = leading_control(text);
    if (control.octets == 0 || kept.find(text[0]) != std::string_view::npos) {
      escaped += text[0];
      text.remove_prefix(1);
      continue;
    }
    char digits[8];
    std::snprintf(digits, sizeof digits, "%02x", control.code);
    escaped += mark + digits;
    text.remove_prefix(control.octets);
  }
  return escaped;
}

}  // namespace

std::string printable_line(const std::string& text) {
  return escaped(text, "\t", "\\x");
}

std::string printable_text(const std::string& text) {
  return escaped(text, "\t\n", "\\x");
}

std::string json_line(const base::Json& json) {
  return escaped(base::dump(json), "", "\\u00");  // control characters are in its strings alone
}

}  // namespace zimg::app
