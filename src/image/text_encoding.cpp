#include "image/text_encoding.hpp"

#include <algorithm>
#include <set>

#include "base/utf8.hpp"
#include "image/byte_order.hpp"

namespace zimg::image {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

bool is_high_half(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_half(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Hands each code point of `text` to `take`.
template <class Take>
void read_utf16(std::string_view text, ByteOrder order, Take&& take) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t units = text.size() / 2;
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    if (i >= units) return 0;
    return order == ByteOrder::kBig ? read_big16(data + 2 * i) : read_little16(data + 2 * i);
  };
  for (std::size_t i = 0; i < units; ++i) {
    std::uint32_t code = unit(i);
    if (is_high_half(code) && is_low_half(unit(i + 1))) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(++i) - 0xDC00);
    } else if (is_high_half(code) || is_low_half(code)) {
      code = kReplacement;
    }
    take(code);
  }
}

bool is_ascii_text(std::uint32_t code) {
  return (code >= 0x20 && code < 0x7F) || code == '\t' || code == '\n' || code == '\r';
}

// Whether hardly any text holds it: control characters, private use, and what ASCII is in the wrong byte order, such as
// U+2000 for a blank and U+6C00 for an "l".
bool is_strange(std::uint32_t code) {
  // Not so these of them, given by their ASCII: U+4E00 is 一, "one", and U+6700 is 最, "most".
  constexpr std::string_view kCommon = "\"%&0NQRSVX_`bdefghivxz}";
  if (code < 0xA0) return !is_ascii_text(code);
  if ((code >= 0xE000 && code < 0xF900) || code == kReplacement || code == 0xFFFE || code == 0xFFFF) return true;
  const std::uint32_t ascii = code >> 8;
  return code % 0x100 == 0 && is_ascii_text(ascii) && kCommon.find(static_cast<char>(ascii)) == kCommon.npos;
}

std::size_t count_strange(std::string_view text, ByteOrder order) {
  std::set<std::uint32_t> strange;  // each once: what is repeated proves no more
  read_utf16(text, order, [&](std::uint32_t code) {
    if (is_strange(code)) strange.insert(code);
  });
  return strange.size();
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string utf16_from_utf8(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<std::uint8_t>(text[i + k]) & 0x3Fu);
    }
    i += length;
    if (code >= 0x10000) {
      append_big16(out, static_cast<std::uint16_t>(0xD800 + ((code - 0x10000) >> 10)));
      code = 0xDC00 + ((code - 0x10000) & 0x3FF);
    }
    append_big16(out, static_cast<std::uint16_t>(code));
  }
  return out;
}

std::string utf8_from_utf16(std::string_view text, ByteOrder order) {
  const bool has_big_mark = text.starts_with("\xFE\xFF");
  const bool has_little_mark = text.starts_with("\xFF\xFE");
  if (has_big_mark) order = ByteOrder::kBig;
  if (has_little_mark) order = ByteOrder::kLittle;
  if (has_big_mark || has_little_mark) text.remove_prefix(2);
  std::string out;
  read_utf16(text, order, [&](std::uint32_t code) { append_utf8(out, code); });
  return out;
}

ByteOrder likely_utf16_order(std::string_view text, ByteOrder claimed) {
  constexpr std::size_t kClearly = 2;  // one alone may be meant
  const ByteOrder other = claimed == ByteOrder::kBig ? ByteOrder::kLittle : ByteOrder::kBig;
  return count_strange(text, claimed) >= count_strange(text, other) + kClearly ? other : claimed;
}

std::string utf8_from_latin1(std::string_view text) {
  if (!base::find_invalid_utf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) append_utf8(out, static_cast<std::uint8_t>(c));
  return out;
}

}  // namespace zimg::image
