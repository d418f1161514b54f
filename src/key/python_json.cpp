#include "key/python_json.hpp"

#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "key/code_points.hpp"
#include "key/python_float.hpp"
#include "zimg/error.hpp"

namespace zimg::key {
namespace {

constexpr int kMaxDepth = 500;
constexpr std::size_t kMaxDigits = 4300;  // of a whole number: sys.get_int_max_str_digits()

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

class Reader {
 public:
  Reader(std::string_view json, const std::string& origin) : json_(json), origin_(origin) {}

  PythonValue read_all() {
    if (const auto offset = base::find_invalid_utf8(json_)) {
      at_ = *offset;
      refuse("valid UTF-8");
    }
    PythonValue value = read_value(0);
    skip_blanks();
    if (at_ < json_.size()) refuse("the end of the text");
    return value;
  }

 private:
  [[noreturn]] void refuse(const std::string& expected) const {
    throw Error(ErrorCode::kInvalidArgument, origin_ + " is not what Python's json reads: at byte " +
                                                 std::to_string(at_) + " " + expected + " is expected");
  }

  char peek() const { return at_ < json_.size() ? json_[at_] : '\0'; }

  void skip_blanks() {
    while (at_ < json_.size() && std::string_view(" \t\n\r").find(json_[at_]) != std::string_view::npos) ++at_;
  }

  void expect(char c) {
    skip_blanks();
    if (at_ >= json_.size() || json_[at_] != c) refuse(std::string("'") + c + "'");
    ++at_;
  }

  bool take(std::string_view word) {
    if (json_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  PythonValue read_value(int depth) {
    if (depth > kMaxDepth) refuse("nesting of at most " + std::to_string(kMaxDepth) + " levels");
    skip_blanks();
    PythonValue value;
    if (peek() == '"') {
      value.kind = PythonValue::Kind::kString;
      value.text = read_string();
    } else if (peek() == '[') {
      value.kind = PythonValue::Kind::kArray;
      read_items(value, depth);
    } else if (peek() == '{') {
      value.kind = PythonValue::Kind::kObject;
      read_members(value, depth);
    } else {
      value.word = read_word();
    }
    return value;
  }

  void read_items(PythonValue& array, int depth) {
    ++at_;
    skip_blanks();
    if (take("]")) return;
    for (;;) {
      array.items.push_back(read_value(depth + 1));
      skip_blanks();
      if (take("]")) return;
      expect(',');
    }
  }

  void read_members(PythonValue& object, int depth) {
    auto members = std::make_shared<PythonObject>();
    object.members = members;
    ++at_;
    skip_blanks();
    if (take("}")) return;
    for (;;) {
      skip_blanks();
      if (peek() != '"') refuse("the name of a member");
      const std::u32string name = read_string();
      expect(':');
      members->insert_or_assign(name, read_value(depth + 1));
      skip_blanks();
      if (take("}")) return;
      expect(',');
    }
  }

  std::string read_word() {
    for (const char* word : {"null", "true", "false", "NaN", "Infinity", "-Infinity"}) {
      if (take(word)) return word;
    }
    return read_number();
  }

  // -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?
  std::string read_number() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    if (!is_ascii_digit(peek())) {
      at_ = start;
      refuse("a value");
    }
    if (peek() == '0') {
      ++at_;
    } else {
      skip_digits();
    }
    const std::size_t whole_end = at_;
    if (peek() == '.' && at_ + 1 < json_.size() && is_ascii_digit(json_[at_ + 1])) {
      ++at_;
      skip_digits();
    }
    skip_exponent();
    const std::string_view number = json_.substr(start, at_ - start);
    if (at_ > whole_end) return python_float(number);
    if (number.size() - (number.front() == '-' ? 1 : 0) > kMaxDigits) refuse("a whole number of at most 4300 digits");
    return number == "-0" ? "0" : std::string(number);
  }

  void skip_digits() {
    while (is_ascii_digit(peek())) ++at_;
  }

  void skip_exponent() {
    if (peek() != 'e' && peek() != 'E') return;
    std::size_t digits = at_ + 1;
    if (digits < json_.size() && (json_[digits] == '-' || json_[digits] == '+')) ++digits;
    if (digits >= json_.size() || !is_ascii_digit(json_[digits])) return;
    at_ = digits;
    skip_digits();
  }

  std::u32string read_string() {
    ++at_;
    std::u32string text;
    for (;;) {
      const std::size_t start = at_;
      while (at_ < json_.size() && json_[at_] != '"' && json_[at_] != '\\' &&
             static_cast<unsigned char>(json_[at_]) >= 0x20) {
        ++at_;
      }
      text += to_code_points(json_.substr(start, at_ - start));
      if (at_ >= json_.size()) refuse("the end of a string");
      if (take("\"")) return text;
      if (!take("\\")) refuse("an escape in place of a control character");
      text.push_back(read_escape());
    }
  }

  char32_t read_escape() {
    constexpr std::string_view kNames = "\"\\/bfnrt", kCodes = "\"\\/\b\f\n\r\t";
    const std::size_t name = at_ < json_.size() ? kNames.find(json_[at_]) : std::string_view::npos;
    if (name != std::string_view::npos) {
      ++at_;
      return static_cast<char32_t>(kCodes[name]);
    }
    if (!take("u")) refuse("an escape that JSON knows");
    const char32_t high = read_hex();
    if (high < 0xD800 || high > 0xDBFF || json_.substr(at_, 2) != "\\u") return high;
    const std::size_t before = at_;
    at_ += 2;
    const auto low = try_hex();
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10) + (*low - 0xDC00);
    at_ = before;  // the half stands alone
    return high;
  }

  char32_t read_hex() {
    const auto code = try_hex();
    if (!code) refuse("four hexadecimal digits");
    return *code;
  }

  std::optional<char32_t> try_hex() {
    if (json_.size() - at_ < 4) return std::nullopt;
    char32_t code = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const char c = json_[at_ + i];
      const bool is_lower = c >= 'a' && c <= 'f', is_upper = c >= 'A' && c <= 'F';
      if (!is_ascii_digit(c) && !is_lower && !is_upper) return std::nullopt;
      code = code * 16 + static_cast<char32_t>(is_ascii_digit(c) ? c - '0' : is_lower ? c - 'a' + 10 : c - 'A' + 10);
    }
    at_ += 4;
    return code;
  }

  const std::string_view json_;
  const std::string& origin_;
  std::size_t at_ = 0;
};

void put_escape(std::string& out, char32_t unit) {
  char escape[16];
  std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(unit));
  out += escape;
}

void put_string(std::string& out, std::u32string_view text) {
  constexpr std::string_view kNames = "\"\\bfnrt";
  constexpr std::u32string_view kCodes = U"\"\\\b\f\n\r\t";
  out += '"';
  for (const char32_t code : text) {
    const std::size_t name = kCodes.find(code);
    if (name != std::u32string_view::npos) {
      out += {'\\', kNames[name]};
    } else if (code >= 0x20 && code < 0x7F) {
      out += static_cast<char>(code);
    } else if (code < 0x10000) {
      put_escape(out, code);
    } else {
      put_escape(out, 0xD800 + ((code - 0x10000) >> 10));
      put_escape(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
  out += '"';
}

void put_value(std::string& out, const PythonValue& value) {
  const char* between = "";
  switch (value.kind) {
    case PythonValue::Kind::kWord:
      out += value.word;
      break;
    case PythonValue::Kind::kString:
      put_string(out, value.text);
      break;
    case PythonValue::Kind::kArray:
      out += '[';
      for (const PythonValue& item : value.items) {
        out += std::exchange(between, ", ");
        put_value(out, item);
      }
      out += ']';
      break;
    case PythonValue::Kind::kObject:
      out += '{';
      for (const auto& [name, member] : *value.members) {
        out += std::exchange(between, ", ");
        put_string(out, name);
        out += ": ";
        put_value(out, member);
      }
      out += '}';
      break;
  }
}

}  // namespace

PythonValue read_python_json(std::string_view json, const std::string& origin) {
  return Reader(json, origin).read_all();
}

std::string write_python_json(const PythonValue& value) {
  std::string out;
  put_value(out, value);
  return out;
}

}  // namespace zimg::key
