#include "tokenizer/vocabulary.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/excerpt.hpp"
#include "base/file.hpp"
#include "base/git_lfs.hpp"
#include "base/json.hpp"
#include "tokenizer/byte_symbols.hpp"
#include "tokenizer/tokenizer_config.hpp"
#include "zimg/error.hpp"

namespace zimg::tokenizer {
namespace {

using base::in_quotes;
using base::Json;

constexpr std::uint64_t kMaxFileBytes = 100'000'000;
constexpr std::uint64_t kMaxId = (std::uint64_t{1} << 24) - 1;

[[noreturn]] void refuse(const std::string& origin, const std::string& what) {
  throw Error(ErrorCode::kBadModel, origin + " " + what);
}

TokenId id_of(const Json& value, const std::string& piece, const std::string& origin) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMaxId) {
    refuse(origin, "gives " + in_quotes(piece) + " no id from 0 to " + std::to_string(kMaxId));
  }
  return value.get<TokenId>();
}

void add_pieces(const Json& vocab, const std::string& origin, Vocabulary& vocabulary) {
  if (!vocab.is_object()) refuse(origin, "holds no object of pieces and ids");
  vocabulary.ids.reserve(vocab.size());
  for (const auto& [piece, id] : vocab.items()) vocabulary.ids.emplace(piece, id_of(id, piece, origin));
  for (unsigned octet = 0; octet < 256; ++octet) {
    const std::string symbol = symbol_of(static_cast<std::uint8_t>(octet));
    const auto found = vocabulary.ids.find(symbol);
    if (found == vocabulary.ids.end()) refuse(origin, "lacks the symbol " + in_quotes(symbol) + " of a single byte");
    vocabulary.encoder.set_octet(static_cast<std::uint8_t>(octet), found->second);
  }
}

// One merge; its parts and its result must be pieces.
void add_merge(std::string_view left, std::string_view right, std::uint32_t rank, const std::string& origin,
               Vocabulary& vocabulary) {
  const auto id = [&](const std::string& piece) {
    const auto found = vocabulary.ids.find(piece);
    if (found == vocabulary.ids.end()) {
      refuse(origin, "merges " + in_quotes(left) + " and " + in_quotes(right) + ", but the vocabulary lacks " +
                         in_quotes(piece));
    }
    return found->second;
  };
  const std::string joined = std::string(left) + std::string(right);
  vocabulary.encoder.add_merge(id(std::string(left)), id(std::string(right)), rank, id(joined));
}

// "left right"
void add_merge_line(std::string_view line, std::uint32_t rank, const std::string& origin, Vocabulary& vocabulary) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos || blank == 0 || blank + 1 == line.size() ||
      line.find(' ', blank + 1) != std::string_view::npos) {
    refuse(origin, "has a merge " + in_quotes(line) + ", expected two pieces with one blank between");
  }
  add_merge(line.substr(0, blank), line.substr(blank + 1), rank, origin, vocabulary);
}

void add_merges_text(std::string_view text, const std::string& origin, Vocabulary& vocabulary) {
  std::uint32_t rank = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#version")) continue;
    add_merge_line(line, rank++, origin, vocabulary);
  }
}

void add_merges_json(const Json& merges, const std::string& origin, Vocabulary& vocabulary) {
  if (!merges.is_array()) refuse(origin, "has no array 'merges'");
  vocabulary.encoder.reserve(merges.size());
  std::uint32_t rank = 0;
  for (const Json& merge : merges) {
    if (merge.is_string()) {
      add_merge_line(merge.get_ref<const std::string&>(), rank++, origin, vocabulary);
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      add_merge(merge[0].get_ref<const std::string&>(), merge[1].get_ref<const std::string&>(), rank++, origin,
                vocabulary);
    } else {
      refuse(origin, "has a merge " + base::excerpt(merge.dump(-1, ' ', true)) + ", expected two pieces");
    }
  }
}

// An added token as both kinds of file describe it. Qwen's are matched in the text as it stands.
void add_token(const Json& token, TokenId id, const std::string& origin, Vocabulary& vocabulary) {
  const auto content = token.is_object() ? token.find("content") : token.end();
  if (content == token.end() || !content->is_string() || content->get_ref<const std::string&>().empty()) {
    refuse(origin, "has an added token " + std::to_string(id) + " without 'content'");
  }
  const auto& text = content->get_ref<const std::string&>();
  for (const char* flag : {"lstrip", "rstrip", "single_word", "normalized"}) {
    const auto found = token.find(flag);
    if (found == token.end() || *found == Json(false)) continue;
    throw Error(ErrorCode::kUnsupported, origin + " asks for '" + flag + "' with the added token " + in_quotes(text) +
                                             ", zimg knows only false");
  }
  const auto [entry, is_new] = vocabulary.added.emplace(text, id);
  if (!is_new && entry->second != id) {
    refuse(origin, "gives the added token " + in_quotes(text) + " the id " + std::to_string(id) + ", elsewhere it is " +
                       std::to_string(entry->second));
  }
}

void add_tokens_of_tokenizer_json(const Json& json, const std::string& origin, Vocabulary& vocabulary) {
  const auto tokens = json.find("added_tokens");
  if (tokens == json.end()) return;
  if (!tokens->is_array()) refuse(origin, "has 'added_tokens' that are no array");
  for (const Json& token : *tokens) {
    const auto id = token.is_object() ? token.find("id") : token.end();
    if (id == token.end()) refuse(origin, "has an added token without 'id'");
    add_token(token, id_of(*id, "an added token", origin), origin, vocabulary);
  }
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

std::string read_tokenizer_file(const std::string& path) {
  try {
    std::string content = base::read_file(path, kMaxFileBytes, ErrorCode::kBadModel);
    base::refuse_git_lfs_pointer(path, content);
    return content;
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kNotFound) throw;
    throw Error(ErrorCode::kBadModel,
                "'" + path + "' is missing: expected tokenizer.json, or vocab.json and merges.txt");
  }
}

std::string origin_of(const std::string& path) {
  return "'" + path + "'";
}

// A list of merges that was cut at the end of a line reads as one, and would split words otherwise than the model
// learnt.
void require_all_merges(const std::string& merges, const std::string& vocab, const Vocabulary& vocabulary) {
  std::size_t merged = vocabulary.ids.size() - 256;
  for (const auto& [content, id] : vocabulary.added) merged -= vocabulary.ids.count(content);
  if (vocabulary.encoder.merges() >= merged) return;
  refuse(origin_of(merges), "has " + std::to_string(vocabulary.encoder.merges()) + " merges, expected at least " +
                                std::to_string(merged) + ", one for each piece of several bytes in " +
                                origin_of(vocab));
}

}  // namespace

Vocabulary parse_tokenizer_json(std::string_view content, const std::string& origin) {
  const Json json = base::parse_json(content, origin, ErrorCode::kBadModel);
  const auto model = json.is_object() ? json.find("model") : json.end();
  if (model == json.end() || !model->is_object()) refuse(origin, "has no object 'model'");
  if (model->value("/type"_json_pointer, Json("BPE")) != Json("BPE")) {
    throw Error(ErrorCode::kUnsupported, origin + " describes another model than 'BPE', the only one zimg knows");
  }
  const auto vocab = model->find("vocab");
  const auto merges = model->find("merges");
  if (vocab == model->end() || merges == model->end()) refuse(origin, "has no 'vocab' and 'merges' under 'model'");
  Vocabulary vocabulary;
  add_pieces(*vocab, origin, vocabulary);
  add_merges_json(*merges, origin, vocabulary);
  add_tokens_of_tokenizer_json(json, origin, vocabulary);
  return vocabulary;
}

Vocabulary parse_vocab_and_merges(std::string_view vocab, const std::string& vocab_origin, std::string_view merges,
                                  const std::string& merges_origin) {
  Vocabulary vocabulary;
  add_pieces(base::parse_json(vocab, vocab_origin, ErrorCode::kBadModel), vocab_origin, vocabulary);
  vocabulary.encoder.reserve(vocabulary.ids.size());
  add_merges_text(merges, merges_origin, vocabulary);
  return vocabulary;
}

Json add_tokens_of_config(std::string_view content, const std::string& origin, Vocabulary& vocabulary) {
  Json json = base::parse_json(content, origin, ErrorCode::kBadModel);
  if (!json.is_object()) refuse(origin, "is no JSON object");
  const auto tokens = json.find("added_tokens_decoder");
  if (tokens == json.end()) return json;
  if (!tokens->is_object()) refuse(origin, "has an 'added_tokens_decoder' that is no object");
  for (const auto& [key, token] : tokens->items()) {
    const bool is_id = !key.empty() && key.size() <= 8 && key.find_first_not_of("0123456789") == std::string::npos;
    if (!is_id || std::stoul(key) > kMaxId) refuse(origin, "has an added token with the id " + in_quotes(key));
    add_token(token, static_cast<TokenId>(std::stoul(key)), origin, vocabulary);
  }
  return json;
}

Vocabulary read_vocabulary(const std::string& folder) {
  Vocabulary vocabulary;
  const std::string json = folder + "/tokenizer.json";
  const std::string vocab = folder + "/vocab.json";
  const std::string merges = folder + "/merges.txt";
  const bool is_one_file = is_file(json);
  if (is_one_file) {
    vocabulary = parse_tokenizer_json(read_tokenizer_file(json), origin_of(json));
  } else {
    const std::string vocab_text = read_tokenizer_file(vocab);
    vocabulary = parse_vocab_and_merges(vocab_text, origin_of(vocab), read_tokenizer_file(merges), origin_of(merges));
  }
  const std::string config = folder + "/tokenizer_config.json";
  Json settings = Json::object();
  if (is_file(config)) settings = add_tokens_of_config(read_tokenizer_file(config), origin_of(config), vocabulary);
  if (!is_one_file) require_all_merges(merges, vocab, vocabulary);
  for (const char* needed : {"<|im_start|>", "<|im_end|>"}) {  // without them the prompt template would be plain text
    if (vocabulary.added.count(needed) == 0) {
      refuse("'" + folder + "'", "defines no added token '" + std::string(needed) +
                                     "': expected it in tokenizer.json or under 'added_tokens_decoder' in "
                                     "tokenizer_config.json");
    }
  }
  check_tokenizer_config(settings, origin_of(config), vocabulary);
  return vocabulary;
}

}  // namespace zimg::tokenizer
