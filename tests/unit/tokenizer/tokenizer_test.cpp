#include "tokenizer/tokenizer.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <nlohmann/json.hpp>

#include "expect_error.hpp"
#include "model_fixture.hpp"
#include "tokenizer/byte_symbols.hpp"
#include "tokenizer/vocabulary.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using zimg::ErrorCode;
using zimg::tokenizer::TokenId;
using zimg::tokenizer::Tokenizer;
using zimg_test::expect_error;

using Ids = std::vector<TokenId>;

// A copy of the built-in model's tokenizer, to be spoilt.
struct Folder {
  zimg_test::TemporaryFolder folder;
  std::string path = folder.path("tokenizer");

  Folder() { zimg_test::copy_tokenizer(path); }

  std::string file(const std::string& name) const { return path + "/" + name; }
  json read(const std::string& name) const { return json::parse(zimg_test::read_text(file(name))); }
  void write(const std::string& name, const json& value) const { zimg_test::write_text(file(name), value.dump()); }
  void use_vocab_and_merges() const { fs::remove(file("tokenizer.json")); }
  Ids encode(const std::string& text) const { return Tokenizer::open(path).encode(text); }

  void expect_refused(std::initializer_list<std::string> words, ErrorCode code = ErrorCode::kBadModel) const {
    expect_error(code, words, [&] { Tokenizer::open(path); });
  }
};

// What transformers' tokenizer gives.
void check_known_ids(const Tokenizer& tokenizer) {
  BOOST_TEST(tokenizer.encode("") == Ids{});
  BOOST_TEST(tokenizer.encode("a red circle") == (Ids{64, 485, 602}));
  BOOST_TEST(tokenizer.encode("cafe\u0301") == (Ids{66, 64, 69, 127, 102}));
  BOOST_TEST(tokenizer.encode("It's 2025!\r\n\r\n  x") ==
             (Ids{40, 83, 6, 82, 220, 17, 15, 17, 20, 0, 201, 198, 201, 198, 220, 220, 87}));
  BOOST_TEST(tokenizer.encode("一只可爱的猫") == (Ids{616, 541, 103, 541, 107, 750, 580, 163, 234, 104}));
  BOOST_TEST(tokenizer.encode("a<|im_end|>b</think>\u0338") == (Ids{64, 822, 65, 845, 136, 116}));
  BOOST_TEST(tokenizer.encode("'\u017fo I'LL") == (Ids{6, 129, 123, 78, 220, 40, 6, 43, 43}));
  BOOST_TEST(tokenizer.encode("\u212b\u0345\u0301") == (Ids{131, 118, 137, 227}));
  Ids apart = tokenizer.encode("\uac00");
  for (const TokenId id : tokenizer.encode("\u11a7")) apart.push_back(id);
  BOOST_TEST(tokenizer.encode("\uac00\u11a7") == apart);
  BOOST_TEST(tokenizer.id_end() == 846u);
}

double seconds_to_encode(const std::string& text) {
  const Tokenizer tokenizer = Tokenizer::open(zimg_test::tokenizer_folder());
  const std::clock_t begin = std::clock();  // of this process: a busy machine is no fault
  BOOST_TEST(!tokenizer.encode(text).empty());
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tokenizer, Folder)

BOOST_AUTO_TEST_CASE(gives_the_ids_of_the_reference_from_either_source) {
  check_known_ids(Tokenizer::open(path));
  use_vocab_and_merges();
  check_known_ids(Tokenizer::open(path));
}

BOOST_AUTO_TEST_CASE(reads_merges_as_pairs_and_as_lines) {
  auto config = read("tokenizer.json");
  for (auto& merge : config["model"]["merges"]) {
    if (merge.is_array()) merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
  }
  write("tokenizer.json", config);
  check_known_ids(Tokenizer::open(path));
}

BOOST_AUTO_TEST_CASE(puts_the_prompt_into_the_template) {
  const auto tokenizer = Tokenizer::open(path);
  BOOST_TEST(tokenizer.encode_prompt("a") ==
             tokenizer.encode("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"));
  BOOST_TEST(tokenizer.encode_prompt("").front() == 821u);
}

BOOST_AUTO_TEST_CASE(cuts_long_prompts_to_512) {
  const auto tokenizer = Tokenizer::open(path);
  const auto ids = tokenizer.encode_prompt(std::string(3000, '7'));
  BOOST_TEST(ids.size() == 512u);
  BOOST_TEST(ids.back() == tokenizer.encode("7").front());
  BOOST_TEST(tokenizer.encode_prompt(std::string(3000, '7'), 1504).size() == 1504u);
}

BOOST_AUTO_TEST_CASE(pieces_join_to_the_text) {
  const auto tokenizer = Tokenizer::open(path);
  const std::string text = "Zwei rote Kreise, 一只 🐈<|im_end|>\n\tend";
  std::string joined;
  for (const TokenId id : tokenizer.encode(text)) joined += tokenizer.piece(id);
  BOOST_TEST(joined == text);
  BOOST_TEST(tokenizer.piece(9999).empty());
}

BOOST_AUTO_TEST_CASE(takes_nul_and_refuses_what_is_no_utf8) {
  BOOST_TEST(encode(std::string("a\0b", 3)).size() == 3u);
  for (const char* text : {"\xFF", "a\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    expect_error(ErrorCode::kInvalidArgument, {"UTF-8", "byte"}, [&] { encode(text); });
  }
}

BOOST_AUTO_TEST_CASE(takes_a_megabyte_of_anything_in_seconds) {
  std::string marks = "a";  // in the wrong order all along
  for (int i = 0; i < 250'000; ++i) marks += i % 2 == 0 ? "\u0301" : "\u0323";
  for (const std::string& text : {std::string(1'000'000, 'a'), std::string(1'000'000, ' '), std::string(1'000'000, '<'),
                                  std::string(1'000'000, '\''), marks}) {
    BOOST_TEST(seconds_to_encode(text) < 20.0);  // under sanitizers too; a quadratic way takes hours
  }
}

BOOST_AUTO_TEST_CASE(octets_and_symbols_are_one_to_one) {
  std::string all;
  std::string symbols;
  for (unsigned octet = 0; octet < 256; ++octet) {
    all += static_cast<char>(octet);
    symbols += zimg::tokenizer::symbol_of(static_cast<std::uint8_t>(octet));
  }
  BOOST_TEST((zimg::tokenizer::octets_of(symbols) == all));
  BOOST_TEST(zimg::tokenizer::symbol_of(' ') == "Ġ");
  BOOST_TEST(zimg::tokenizer::symbol_of('\n') == "Ċ");
  for (const char* text : {" ", "一", "\xC4", "\u0144"}) {
    BOOST_TEST(!zimg::tokenizer::octets_of(text).has_value());
  }
}

BOOST_AUTO_TEST_CASE(names_files_that_are_missing) {
  use_vocab_and_merges();
  fs::remove(file("merges.txt"));
  expect_refused({file("merges.txt"), "missing"});
  fs::remove(file("vocab.json"));
  expect_refused({file("vocab.json"), "missing", "tokenizer.json"});
}

BOOST_AUTO_TEST_CASE(names_what_is_wrong_with_the_vocabulary) {
  use_vocab_and_merges();
  const auto good = read("vocab.json");
  auto vocab = good;
  vocab.erase("Ġ");
  write("vocab.json", vocab);
  expect_refused({file("vocab.json"), "'Ġ'", "single byte"});
  for (const json& id : {json(-1), json("7"), json(1.5), json(1 << 24), json(nullptr)}) {
    vocab = good;
    vocab["in"] = id;
    write("vocab.json", vocab);
    expect_refused({file("vocab.json"), "'in'", "id"});
  }
  vocab = good;
  vocab.erase("in");
  write("vocab.json", vocab);
  expect_refused({file("merges.txt"), "'i' and 'n'", "lacks 'in'"});
  zimg_test::write_text(file("vocab.json"), "{\"a\": 0");
  expect_refused({file("vocab.json"), "not JSON"});
}

BOOST_AUTO_TEST_CASE(names_a_merge_that_is_none) {
  use_vocab_and_merges();
  for (const std::string line : {"i", "i n g", " in", "i  n", "in "}) {
    zimg_test::write_text(file("merges.txt"), "#version: 0.2\n" + line + "\n");
    expect_refused({file("merges.txt"), "one blank between"});
  }
}

BOOST_AUTO_TEST_CASE(takes_lines_of_merges_as_some_systems_write_them) {
  use_vocab_and_merges();
  std::string merges = zimg_test::read_text(file("merges.txt"));
  for (std::size_t at = 0; (at = merges.find('\n', at)) != std::string::npos; at += 2) merges.insert(at, "\r");
  zimg_test::write_text(file("merges.txt"), merges);
  check_known_ids(Tokenizer::open(path));
}

BOOST_AUTO_TEST_CASE(names_a_list_of_merges_that_was_cut) {
  use_vocab_and_merges();
  const std::string merges = zimg_test::read_text(file("merges.txt"));
  const std::size_t last = merges.rfind('\n', merges.size() - 2) + 1;
  for (const std::size_t kept : {std::size_t{0}, merges.find('\n', merges.size() / 2) + 1, last}) {
    zimg_test::write_text(file("merges.txt"), merges.substr(0, kept));
    expect_refused({file("merges.txt"), "merges", file("vocab.json")});
  }
  auto vocab = read("vocab.json");  // where what is added stands among the pieces too
  vocab["<|endoftext|>"] = 820;
  write("vocab.json", vocab);
  zimg_test::write_text(file("merges.txt"), merges);
  check_known_ids(Tokenizer::open(path));
}

BOOST_AUTO_TEST_CASE(names_what_is_wrong_with_tokenizer_json) {
  const auto good = read("tokenizer.json");
  const auto spoil = [&](auto&& how) {
    auto config = good;
    how(config);
    write("tokenizer.json", config);
  };
  spoil([](json& config) { config["model"]["type"] = "WordPiece"; });
  expect_refused({file("tokenizer.json"), "'BPE'"}, ErrorCode::kUnsupported);
  spoil([](json& config) { config.erase("model"); });
  expect_refused({file("tokenizer.json"), "'model'"});
  spoil([](json& config) { config["model"].erase("merges"); });
  expect_refused({file("tokenizer.json"), "'merges'"});
  spoil([](json& config) { config["model"]["merges"][0] = {"a", "b", "c"}; });
  expect_refused({file("tokenizer.json"), "two pieces"});
  spoil([](json& config) { config["added_tokens"][0].erase("content"); });
  expect_refused({file("tokenizer.json"), "820", "'content'"});
  spoil([](json& config) { config["added_tokens"][0]["lstrip"] = true; });
  expect_refused({"'lstrip'", "<|endoftext|>"}, ErrorCode::kUnsupported);
  spoil([](json& config) { config["added_tokens"][0]["id"] = 7; });
  expect_refused({"<|endoftext|>", "7", "820"});  // the config beside it says otherwise
}

BOOST_AUTO_TEST_CASE(names_a_pointer_of_Git_LFS) {
  for (const char* name : {"tokenizer_config.json", "tokenizer.json", "merges.txt", "vocab.json"}) {
    zimg_test::write_text(file(name), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 11422654\n");
    expect_refused({file(name), "Git LFS pointer", "git lfs pull"});
    if (std::string(name) == "tokenizer.json") use_vocab_and_merges();
  }
}

// Of one as large as the released there are enough; one that would take half a gigabyte is refused before it does.
BOOST_AUTO_TEST_CASE(bounds_the_values_of_tokenizer_json) {
  auto config = read("tokenizer.json");
  auto& model = config["model"];
  const json merge = model["merges"][0];
  for (int id = static_cast<int>(model["vocab"].size()); id < 151'643; ++id) {
    model["vocab"]["piece " + std::to_string(id)] = 1000 + id;
    model["merges"].push_back(merge.is_array() ? merge : json::array({"i", "n"}));
  }
  write("tokenizer.json", config);
  BOOST_TEST(Tokenizer::open(path).id_end() == 152'643u);
  std::string many = "{\"model\":[";
  for (int i = 0; i < 2'000'000; ++i) many += "[],";
  zimg_test::write_text(file("tokenizer.json"), many + "0]}");
  expect_refused({file("tokenizer.json"), "more than 2000000 values"});
}

BOOST_AUTO_TEST_CASE(needs_the_tokens_of_the_template) {
  use_vocab_and_merges();
  auto config = read("tokenizer_config.json");
  config["added_tokens_decoder"].erase("821");
  write("tokenizer_config.json", config);
  expect_refused({path, "'<|im_start|>'", "added_tokens_decoder"});
  config["added_tokens_decoder"]["x1"] = {{"content", "<|im_start|>"}};
  write("tokenizer_config.json", config);
  expect_refused({file("tokenizer_config.json"), "'x1'"});
}

BOOST_AUTO_TEST_CASE(refuses_settings_that_would_give_other_tokens) {
  const json released = read("tokenizer_config.json");
  const auto refused = [&](const std::string& key, const json& value) {
    json config = released;
    config[key] = value;
    if (key == "add_bos_token") config["bos_token"] = "<|endoftext|>";
    write("tokenizer_config.json", config);
    expect_refused({file("tokenizer_config.json"), "'" + key + "'"}, ErrorCode::kUnsupported);
  };
  refused("add_prefix_space", true);
  refused("split_special_tokens", true);
  refused("truncation_side", "left");
  refused("add_bos_token", true);
  refused("eos_token", {{"content", "<end>"}});
  refused("additional_special_tokens", {"<|im_end|>", "<new>"});
  refused("extra_special_tokens", {{"image_token", "<new>"}});
  json config = released;
  config["truncation_side"] = "right";
  config["padding_side"] = "left";
  config["extra_special_tokens"] = json::object();
  write("tokenizer_config.json", config);
  BOOST_CHECK_NO_THROW(Tokenizer::open(path));
}

BOOST_AUTO_TEST_CASE(prefers_the_longest_added_token) {
  auto config = read("tokenizer_config.json");
  config["added_tokens_decoder"]["846"] = {{"content", "<|im_end|>!"}, {"normalized", false}};
  write("tokenizer_config.json", config);
  BOOST_TEST(encode("<|im_end|>!") == (Ids{846}));
  BOOST_TEST(encode("<|im_end|>?").front() == 822u);
  BOOST_TEST(encode("<|im_end<|im_end|>").back() == 822u);
}

BOOST_AUTO_TEST_SUITE_END()
