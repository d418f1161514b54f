#include "key/letter_case.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

namespace zimg::key {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kSmallSigma = 0x3C3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr char32_t kDottedI = 0x130;
constexpr char32_t kDotAbove = 0x307;

utf8proc_category_t general_category(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

// Unicode's Case_Ignorable.
bool is_case_ignorable(char32_t code) {
  switch (general_category(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      break;
  }
  constexpr std::u32string_view kInsideWords =
      U"'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";
  return kInsideWords.find(code) != std::u32string_view::npos;
}

// Unicode's Cased, less what is Case_Ignorable too.
bool is_cased(char32_t code) {
  const auto found = general_category(code);
  if (found == UTF8PROC_CATEGORY_LU || found == UTF8PROC_CATEGORY_LL || found == UTF8PROC_CATEGORY_LT) return true;
  return code == 0xAA || code == 0xBA || (code >= 0x2160 && code <= 0x217F) || (code >= 0x24B6 && code <= 0x24E9) ||
         (code >= 0x1F130 && code <= 0x1F149) || (code >= 0x1F150 && code <= 0x1F169) ||
         (code >= 0x1F170 && code <= 0x1F189);
}

bool ends_a_word(std::u32string_view text, std::size_t sigma) {
  const auto before = text.substr(0, sigma), after = text.substr(sigma + 1);
  const auto last = std::find_if_not(before.rbegin(), before.rend(), is_case_ignorable);
  if (last == before.rend() || !is_cased(*last)) return false;
  const auto next = std::find_if_not(after.begin(), after.end(), is_case_ignorable);
  return next == after.end() || !is_cased(*next);
}

}  // namespace

std::u32string lower_case(std::u32string_view text) {
  std::u32string lower;
  lower.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char32_t code = text[at];
    if (code == kCapitalSigma) {
      lower.push_back(ends_a_word(text, at) ? kFinalSigma : kSmallSigma);
    } else if (code == kDottedI) {
      lower.append({U'i', kDotAbove});
    } else if (code < 0x80) {
      lower.push_back(code >= U'A' && code <= U'Z' ? code + 0x20 : code);
    } else {
      lower.push_back(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))));
    }
  }
  return lower;
}

}  // namespace zimg::key
