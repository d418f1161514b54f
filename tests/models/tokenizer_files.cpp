#include "models/tokenizer_files.hpp"

#include <map>
#include <sstream>
#include <vector>

#include "base/file.hpp"
#include "base/json.hpp"
#include "tokenizer/byte_symbols.hpp"

namespace zimg_test {
namespace {

using zimg::ErrorCode;
using zimg::base::Json;

const std::string kReleased = std::string(ZIMG_TEST_DATA) + "/z-image-turbo/tokenizer/";

std::string released(const char* name) {
  return zimg::base::read_file(kReleased + name, 1 << 26, ErrorCode::kIo);
}

// The pieces of the ids 0 to 255: octets that are written as themselves first.
std::vector<std::string> octet_pieces() {
  std::vector<std::string> first;
  std::vector<std::string> rest;
  for (int octet = 0; octet < 256; ++octet) {
    const bool is_itself = (octet >= 33 && octet <= 126) || (octet >= 161 && octet <= 172) || octet >= 174;
    (is_itself ? first : rest).push_back(zimg::tokenizer::symbol_of(static_cast<std::uint8_t>(octet)));
  }
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

// "left right" of each of the first merges.
std::vector<std::string> released_merges(std::size_t count) {
  std::istringstream file(released("merges.txt"));
  std::vector<std::string> merges;
  std::string line;
  std::getline(file, line);  // "#version: 0.2"
  while (merges.size() < count && std::getline(file, line)) {
    if (!line.empty()) merges.push_back(line);
  }
  return merges;
}

// The released config, its added tokens moved behind `pieces` pieces. Returns one more than the last id.
std::size_t write_config(const std::string& path, std::size_t pieces) {
  Json config = zimg::base::parse_json(released("tokenizer_config.json"), kReleased, ErrorCode::kIo);
  std::map<std::size_t, Json> in_order;
  for (const auto& [id, token] : config.at("added_tokens_decoder").items()) in_order.emplace(std::stoul(id), token);
  Json moved = Json::object();
  std::size_t next = pieces;
  for (const auto& [id, token] : in_order) moved[std::to_string(next++)] = token;
  config["added_tokens_decoder"] = moved;
  zimg::base::write_file(path, config.dump(2), 0644, false);
  return next;
}

}  // namespace

std::size_t write_tokenizer(const std::string& folder, std::size_t merge_count) {
  std::vector<std::string> pieces = octet_pieces();
  std::string merges = "#version: 0.2\n";
  for (const std::string& merge : released_merges(merge_count)) {
    merges += merge + "\n";
    const std::size_t blank = merge.find(' ');
    pieces.push_back(merge.substr(0, blank) + merge.substr(blank + 1));
  }
  Json vocabulary = Json::object();
  for (std::size_t id = 0; id < pieces.size(); ++id) vocabulary[pieces[id]] = id;
  zimg::base::write_file(folder + "/merges.txt", merges, 0644, false);
  zimg::base::write_file(folder + "/vocab.json", vocabulary.dump(), 0644, false);
  return write_config(folder + "/tokenizer_config.json", pieces.size());
}

}  // namespace zimg_test
