#include "tokenizer/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"
#include "tokenizer/byte_symbols.hpp"
#include "tokenizer/normal_form.hpp"
#include "tokenizer/pre_tokenizer.hpp"
#include "tokenizer/vocabulary.hpp"
#include "zimg/error.hpp"

namespace zimg::tokenizer {

struct Tokenizer::Tables {
  BytePairEncoder encoder;
  std::vector<std::string> pieces;                     // octets by id
  std::vector<std::pair<std::string, TokenId>> added;  // the longest first
  std::array<bool, 256> begins_added{};                // by first octet
};

namespace {

// The added token that `text` begins with, the longest if several; null when there is none.
const std::pair<std::string, TokenId>* added_token_at(const std::vector<std::pair<std::string, TokenId>>& added,
                                                      std::string_view text) {
  const auto found =
      std::find_if(added.begin(), added.end(), [&](const auto& token) { return text.starts_with(token.first); });
  return found == added.end() ? nullptr : &*found;
}

// Ids of text without added tokens.
void encode_plain(const BytePairEncoder& encoder, std::string_view text, std::vector<TokenId>& ids) {
  const std::u32string points = nfc(text);
  std::string word;
  for (std::size_t begin = 0; begin < points.size();) {
    const std::size_t end = word_end(points, begin);
    word.clear();
    for (std::size_t i = begin; i < end; ++i) append_utf8(points[i], word);
    encoder.encode(word, ids);
    begin = end;
  }
}

}  // namespace

Tokenizer::Tokenizer(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Tokenizer Tokenizer::open(const std::string& folder) {
  Vocabulary vocabulary = read_vocabulary(folder);
  auto tables = std::make_unique<Tables>();
  tables->encoder = std::move(vocabulary.encoder);
  TokenId end = 0;
  for (const auto& [piece, id] : vocabulary.ids) end = std::max(end, id + 1);
  for (const auto& [content, id] : vocabulary.added) end = std::max(end, id + 1);
  tables->pieces.resize(end);
  for (const auto& [piece, id] : vocabulary.ids) tables->pieces[id] = octets_of(piece).value_or(piece);
  for (const auto& [content, id] : vocabulary.added) {
    tables->pieces[id] = content;
    tables->added.emplace_back(content, id);
    tables->begins_added[static_cast<std::uint8_t>(content[0])] = true;
  }
  std::stable_sort(tables->added.begin(), tables->added.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return Tokenizer(std::move(tables));
}

std::vector<TokenId> Tokenizer::encode(std::string_view text) const {
  if (const auto offset = base::find_invalid_utf8(text)) {
    throw Error(ErrorCode::kInvalidArgument, "the text is not UTF-8 at byte " + std::to_string(*offset));
  }
  std::vector<TokenId> ids;
  std::size_t plain = 0;  // where the text since the last added token begins
  for (std::size_t at = 0; at < text.size();) {
    const bool may_begin = tables_->begins_added[static_cast<std::uint8_t>(text[at])];
    const auto* token = may_begin ? added_token_at(tables_->added, text.substr(at)) : nullptr;
    if (token == nullptr) {
      ++at;
      continue;
    }
    encode_plain(tables_->encoder, text.substr(plain, at - plain), ids);
    ids.push_back(token->second);
    at += token->first.size();
    plain = at;
  }
  encode_plain(tables_->encoder, text.substr(plain), ids);
  return ids;
}

std::vector<TokenId> Tokenizer::encode_prompt(std::string_view prompt, std::size_t max_tokens) const {
  // One text, never template and prompt apart: a prompt that begins with a line break merges with the template's.
  std::vector<TokenId> ids = encode("<|im_start|>user\n" + std::string(prompt) + "<|im_end|>\n<|im_start|>assistant\n");
  if (ids.size() > max_tokens) ids.resize(max_tokens);
  return ids;
}

std::string Tokenizer::piece(TokenId id) const {
  return id < tables_->pieces.size() ? tables_->pieces[id] : std::string();
}

TokenId Tokenizer::id_end() const {
  return static_cast<TokenId>(tables_->pieces.size());
}

}  // namespace zimg::tokenizer
