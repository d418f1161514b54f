#include "filter/matching_form.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/composition.hpp"
#include "filter/character_class.hpp"
#include "filter/lookalikes.hpp"
#include "filter/traditional_chinese.hpp"
#include "zimg/error.hpp"

namespace zimg::filter {
namespace {

constexpr std::ptrdiff_t kLettersOfDeceit = 5;

// Appends what becomes of `code`. 18 code points is the longest there is, U+FDFA.
void append_mapped(std::u32string& out, char32_t code, int options) {
  std::array<utf8proc_int32_t, 32> pieces{};
  int boundary = UTF8PROC_BOUNDCLASS_START;
  const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), pieces.data(), pieces.size(),
                                             static_cast<utf8proc_option_t>(options), &boundary);
  if (count < 0 || count > static_cast<utf8proc_ssize_t>(pieces.size())) {
    throw Error(ErrorCode::kInternal, "utf8proc could not decompose a code point");
  }
  out.append(pieces.begin(), pieces.begin() + count);
}

// The decomposition, less what does not count. A run of marks is not ordered: those that stay never compose in two
// orders.
std::u32string decomposed(std::string_view text) {
  std::u32string all;
  all.reserve(text.size());
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(at, left, &code);
    if (length <= 0) throw Error(ErrorCode::kInternal, "a text that was to be matched is not UTF-8");
    append_mapped(all, static_cast<char32_t>(code), UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE);
    at += length;
    left -= length;
  }
  all.erase(std::remove_if(all.begin(), all.end(), [](char32_t code) { return is_ornament(code) || is_control(code); }),
            all.end());
  return all;
}

// Kana with their voicing marks and Hangul syllables are whole again after this.
void compose(std::u32string& text) {
  if (std::all_of(text.begin(), text.end(), [](char32_t code) { return code < 0x300; })) return;
  std::vector<utf8proc_int32_t> codes(text.begin(), text.end());
  codes.resize(base::compose(codes.data(), codes.size()));
  text.assign(codes.begin(), codes.end());
}

bool is_of_word(char32_t code) {
  return is_letter(code) ? !is_spaceless(code) : code == U'.' || gap_of(code) == Gap::kSoft;
}

bool is_deceiving(const char32_t* begin, const char32_t* end) {
  if (std::none_of(begin, end, is_foreign_alphabet)) return false;
  if (std::any_of(begin, end, is_latin)) return true;
  const auto letters = std::count_if(begin, end, is_letter);
  const auto lookalikes = std::count_if(begin, end, [](char32_t code) { return latin_for_foreign(code) != code; });
  return letters == lookalikes && letters >= kLettersOfDeceit;
}

void replace_lookalikes(std::u32string& text) {
  char32_t* const text_end = text.data() + text.size();
  for (char32_t* begin = text.data(); begin != text_end;) {
    char32_t* const end = std::find_if_not(begin, text_end, is_of_word);
    if (is_deceiving(begin, end)) std::transform(begin, end, begin, latin_for_foreign);
    begin = std::find_if(end, text_end, is_of_word);
  }
}

}  // namespace

std::u32string matching_form(std::string_view text, Lookalikes lookalikes) {
  std::u32string typed = decomposed(text);
  compose(typed);
  if (lookalikes == Lookalikes::kInDeceivingWords) replace_lookalikes(typed);
  if (lookalikes == Lookalikes::kEverywhere)
    std::transform(typed.begin(), typed.end(), typed.begin(), latin_for_foreign);
  std::u32string form;
  form.reserve(typed.size());
  for (const char32_t code : typed) append_mapped(form, code, UTF8PROC_CASEFOLD);
  std::transform(form.begin(), form.end(), form.begin(),
                 [](char32_t code) { return simplified(latin_for_variant(code)); });
  return form;
}

}  // namespace zimg::filter
