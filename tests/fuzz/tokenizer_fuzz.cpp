// The tokenizer's files and its text, the first octet choosing which.
#include <cstdlib>
#include <string_view>

#include "base/utf8.hpp"
#include "tokenizer/tokenizer.hpp"
#include "tokenizer/tokenizer_config.hpp"
#include "tokenizer/vocabulary.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg::tokenizer;

// Whatever vocabulary is accepted can encode every octet.
void use(const Vocabulary& vocabulary) {
  std::vector<TokenId> ids;
  vocabulary.encoder.encode("a red circle \xFF\x80\n", ids);
  if (ids.empty()) std::abort();
}

// The pieces of any text join to text again.
void encode(std::string_view text) {
  static const Tokenizer tokenizer = Tokenizer::open(ZIMG_SOURCE_DIR "/src/builtin_model/model/tokenizer");
  std::string joined;
  for (const TokenId id : tokenizer.encode(text)) {
    const std::string piece = tokenizer.piece(id);
    if (piece.empty()) std::abort();
    joined += piece;
  }
  if (zimg::base::find_invalid_utf8(joined) || joined.empty() != text.empty()) std::abort();
}

void read(unsigned which, std::string_view text) {
  const std::size_t cut = std::min(text.find('\0'), text.size());
  Vocabulary vocabulary;
  switch (which) {
    case 0:
      return use(parse_tokenizer_json(text, "tokenizer.json"));
    case 1:
      return use(parse_vocab_and_merges(text.substr(0, cut), "vocab.json", text.substr(cut), "merges.txt"));
    case 2:
      return check_tokenizer_config(add_tokens_of_config(text, "tokenizer_config.json", vocabulary),
                                    "tokenizer_config.json", vocabulary);
    default:
      return encode(text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    read(data[0] % 4, std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  } catch (const zimg::Error&) {
    return 0;
  }
  return 0;
}
