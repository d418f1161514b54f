// A file of synonyms: what is accepted folds a text to a form that folding again leaves alone, quotations untouched.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "key/folding.hpp"
#include "key/synonyms.hpp"
#include "zimg/error.hpp"

// The file ends at the first NUL; what follows is a prompt.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zimg::key;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\0'), size);
  const std::string_view prompt = input.substr(std::min(end + 1, size));
  try {
    const Synonyms synonyms = Synonyms::parse(input.substr(0, end), "the file");
    if (zimg::base::find_invalid_utf8(prompt)) return 0;
    const FoldedText once = fold_text(prompt, zimg::MatchLevel::kLoose, &synonyms);
    if (zimg::base::find_invalid_utf8(once.text)) std::abort();
    if (fold_text(once.text, zimg::MatchLevel::kLoose, &synonyms).text != once.text) std::abort();
    if (fold_text(once.text, zimg::MatchLevel::kLoose).text != once.text) std::abort();
  } catch (const zimg::Error&) {
    return 0;
  }
  return 0;
}
