#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "checkpoint/safetensors_file.hpp"
#include "expect_error.hpp"
#include "model_fixture.hpp"

namespace {

using zimg::ErrorCode;
using zimg::checkpoint::parse_safetensors_header;
using zimg::checkpoint::SafetensorsFile;
using zimg_test::expect_error;

// A header of one tensor `t` over 8 octets of data.
std::string header(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"t":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

void expect_refused(const std::string& json, std::initializer_list<std::string> words) {
  expect_error(ErrorCode::kBadModel, words, [&] { parse_safetensors_header(json, 8, "a.safetensors"); });
}

struct Folder {
  zimg_test::TemporaryFolder folder;
  std::string path = folder.path("a.safetensors");

  void expect_refused(const std::string& content, std::initializer_list<std::string> words) const {
    zimg_test::write_text(path, content);
    expect_error(ErrorCode::kBadModel, {path}, [&] { SafetensorsFile{path}; });
    expect_error(ErrorCode::kBadModel, words, [&] { SafetensorsFile{path}; });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_FIXTURE_TEST_CASE(reads_what_was_written, Folder) {
  zimg_test::write_safetensors(path, {{"a", {2, 3}}, {"b", {4}}}, "BF16", true);
  const SafetensorsFile file(path);
  BOOST_REQUIRE_EQUAL(file.tensors().size(), 2u);
  const auto view = file.view(*file.tensors().find("b"));
  BOOST_TEST(view.name == "b");
  BOOST_TEST((view.dtype == zimg::checkpoint::DType::kBf16));
  BOOST_TEST(view.shape == std::vector<std::int64_t>{4});
  BOOST_TEST(view.size_bytes == 8u);
  BOOST_TEST(std::to_integer<int>(view.data[0]) == 6);  // counted on from the six of "a"
}

BOOST_FIXTURE_TEST_CASE(names_a_file_that_is_cut, Folder) {
  zimg_test::write_safetensors(path, {{"a", {64}}, {"b", {64}}});
  const std::string whole = zimg_test::read_text(path);
  expect_refused(whole.substr(0, whole.size() - 1), {"cut", "'b'", "256", "255"});
  expect_refused(whole.substr(0, 40), {"cut", "header"});
  expect_refused(whole.substr(0, 7), {"cut", "7 bytes"});
  expect_refused("", {"cut", "0 bytes"});
}

// Their lengths begin with the octets 80 02, as a pickle does.
BOOST_FIXTURE_TEST_CASE(takes_no_length_for_a_pickle, Folder) {
  for (const std::size_t length : {std::size_t{0x280}, std::size_t{0x10280}}) {
    std::string json = header("F32", "[2]", "[0,8]");
    json.resize(length, ' ');
    zimg_test::write_text(path, zimg_test::safetensors_header(json) + std::string(8, '\0'));
    BOOST_TEST(SafetensorsFile(path).tensors().size() == 1u);
  }
}

BOOST_FIXTURE_TEST_CASE(names_what_is_no_safetensors_file, Folder) {
  expect_refused(std::string("PK\x03\x04") + std::string(100, 'x'), {"pickle"});
  expect_refused("\x80\x02}q" + std::string(100, 'x'), {"pickle"});
  expect_refused(std::string("\x80\x02}\0\0\0\0\0q", 9) + std::string(100, 'x'), {"pickle"});
  expect_refused("\x80\x02}", {"pickle"});
  expect_refused("GGUF" + std::string(100, 'x'), {"GGUF"});
  expect_refused("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", {"Git LFS", "git lfs pull"});
  expect_refused(std::string(200, '\xFF'), {"header of 18446744073709551615 bytes"});
  expect_refused(zimg_test::safetensors_header("{\"t\":"), {"not JSON"});
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_no_regular_file, Folder) {
  expect_error(ErrorCode::kBadModel, {path}, [&] { SafetensorsFile{path}; });
  expect_error(ErrorCode::kBadModel, {"regular"}, [&] { SafetensorsFile{folder.path()}; });
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  expect_error(ErrorCode::kBadModel, {"regular"}, [&] { SafetensorsFile{path}; });
}

BOOST_AUTO_TEST_CASE(reads_an_empty_header) {
  BOOST_TEST(parse_safetensors_header("{}", 0, "a").empty());
  BOOST_TEST(parse_safetensors_header(R"({"__metadata__":{"format":"pt"}})", 0, "a").empty());
}

BOOST_AUTO_TEST_CASE(refuses_lying_offsets) {
  expect_refused(header("F32", "[2]", "[0,16]"), {"'t'", "16 bytes", "[2]", "8"});
  expect_refused(header("F32", "[4]", "[0,16]"), {"'t'", "up to byte 16", "holds 8"});
  expect_refused(header("F32", "[1]", "[0,4]"), {"4 bytes after its last tensor"});
  expect_refused(header("F32", "[1]", "[4,8]"), {"gap", "'t'"});
  expect_refused(header("F32", "[2]", "[8,0]"), {"end before its begin"});
  expect_refused(header("F32", "[2]", "[-8,0]"), {"integer of at least 0"});
  expect_refused(header("F32", "[2]", "[0.0,8.0]"), {"integer of at least 0"});
  expect_refused(header("F32", "[2]", "[0]"), {"data_offsets"});
  expect_refused(header("F32", "[2]", "\"0,8\""), {"data_offsets"});
  expect_refused(header("F32", "[2]", "[18446744073709551608,18446744073709551616]"), {"integer of at least 0"});
}

BOOST_AUTO_TEST_CASE(refuses_tensors_over_each_other) {
  expect_refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                     "b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                 {"'b'", "over another"});
}

BOOST_AUTO_TEST_CASE(refuses_impossible_shapes) {
  expect_refused(header("F32", "[4294967296,4294967296,4294967296]", "[0,8]"), {"'t'", "impossible shape"});
  expect_refused(header("F32", "[281474976710657]", "[0,8]"), {"2^48"});
  expect_refused(header("F32", "[-2]", "[0,8]"), {"extent", "-2"});
  expect_refused(header("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), {"8 dimensions"});
  expect_refused(header("F32", "2", "[0,8]"), {"no shape"});
  expect_refused(header("F4", "[15]", "[0,8]"), {"whole number of octets"});
}

BOOST_AUTO_TEST_CASE(refuses_unknown_dtypes_and_other_json) {
  expect_refused(header("Q4_K", "[2]", "[0,8]"), {"'t'", "unknown dtype 'Q4_K'"});
  expect_refused(R"({"t":{"shape":[2],"data_offsets":[0,8]}})", {"no dtype"});
  expect_refused(R"({"t":[]})", {"'t'", "object"});
  expect_refused("[]", {"no JSON object"});
  expect_refused("5", {"no JSON object"});
  expect_refused(R"({"t":1,"u":2})", {"'t'", "object"});
  expect_refused(R"({"t":{"dtype":{"a":1},"shape":[2],"data_offsets":[0,8]}})", {"'t'", "no dtype"});
  expect_refused(header("F32", "[[2]]", "[0,8]"), {"'t'", "list", "integers of at least 0"});
  expect_refused(header("F32", "[{\"a\":2}]", "[0,8]"), {"'t'", "list", "integers of at least 0"});
  expect_refused(R"({"t":{"a":{"b":{"c":{}}}}})", {"nests deeper"});
}

BOOST_AUTO_TEST_CASE(reads_over_what_no_tensor_needs) {
  const auto tensors = parse_safetensors_header(
      R"({"__metadata__":{"format":"pt","notes":["a",{"b":1}]},)"
      R"("t":{"dtype":"F32","note":[[1],{"a":2}],"shape":[2],"data_offsets":[0,8],"more":"x"}})",
      8, "a");
  BOOST_TEST_REQUIRE(tensors.size() == 1u);
  BOOST_TEST(tensors.at("t").end == 8u);
}

// A name may be as long as a header, of which the error shows the ends.
BOOST_AUTO_TEST_CASE(names_a_tensor_in_few_words) {
  const std::string name = "layers.0." + std::string(1'000'000, 'x') + ".weight";
  const auto is_short = [](const std::string& json) {
    try {
      parse_safetensors_header(json, 8, "a.safetensors");
    } catch (const zimg::Error& error) {
      const std::string sentence = error.what();
      return sentence.size() < 250 && sentence.find("'layers.0.xxxxxxx...xxx") != std::string::npos;
    }
    return false;
  };
  const auto with = [&](const std::string& entry) { return "{\"" + name + "\":" + entry + "}"; };
  BOOST_TEST(is_short(with("0")));
  BOOST_TEST(is_short(with("{}")));
  for (const char* entry :
       {R"({"dtype":"F32"})", R"({"dtype":"F32","shape":[-1]})", R"({"dtype":"F32","shape":[[]]})",
        R"({"dtype":"F32","shape":[2]})", R"({"dtype":"odd","shape":[2],"data_offsets":[0,8]})",
        R"({"dtype":"F32","shape":[2],"data_offsets":[0,9]})", R"({"dtype":"F32","shape":[4],"data_offsets":[0,16]})",
        R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"}) {
    BOOST_TEST(is_short(with(entry)), entry);
  }
}

// Such a header is refused where it begins to be one, before memory is spent on the rest.
BOOST_AUTO_TEST_CASE(takes_no_memory_for_what_no_header_has) {
  const auto many = [](const std::string& piece) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += (i == 0 ? "" : ",") + piece;
    return text;
  };
  expect_refused("{" + many("\"t\":0"), {"'t'", "object"});  // cut off: what follows is not looked at
  expect_refused("{" + many("\"t\":{}"), {"'t'", "no dtype"});
  expect_refused(header("F32", "[" + many("0") + "]", "[0,8]"), {"'t'", "more than 64 numbers"});
  expect_refused("[" + many("0"), {"no JSON object"});
}

BOOST_FIXTURE_TEST_CASE(lists_what_it_cannot_read_but_does_not_hand_it_out, Folder) {
  zimg_test::write_safetensors(path, {{"a", {2, 3}}}, "I16");
  const SafetensorsFile file(path);
  BOOST_TEST(file.tensors().count("a") == 1u);
  expect_error(ErrorCode::kUnsupported, {"'a'", path, "I16", "BF16"}, [&] { file.view(*file.tensors().begin()); });
}

BOOST_AUTO_TEST_SUITE_END()
