#include "checkpoint/part_weights.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <fstream>
#include <sstream>

#include "expect_error.hpp"
#include "model_fixture.hpp"

namespace {

using zimg::ErrorCode;
using zimg::checkpoint::ExpectedTensor;
using zimg::checkpoint::Part;
using zimg::checkpoint::PartWeights;
using zimg::checkpoint::TensorView;
using zimg_test::expect_error;

struct Folder {
  zimg_test::TemporaryFolder folder;
  std::string path = folder.path("a.safetensors");

  PartWeights written(Part part, const std::vector<ExpectedTensor>& tensors) const {
    zimg_test::write_safetensors(path, tensors, "BF16", true);
    return PartWeights(part, {path}, 4);
  }

  // A file such as a writer leaves that does not pad its header: its data begins at `remainder` modulo 4.
  PartWeights unaligned(std::string json, std::size_t remainder, const std::string& data) const {
    while (json.size() % 4 != remainder) json += ' ';
    BOOST_TEST_REQUIRE(json.size() < 256u);
    std::string length(8, '\0');
    length[0] = static_cast<char>(json.size());
    zimg_test::write_text(path, length + json + data);
    return PartWeights(Part::kTransformer, {path}, 4);
  }
};

// What of the mapping that holds `address` is in this process's memory, in KiB; -1 where none does.
long resident_kibibytes(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool is_inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-') is_inside = wanted >= begin && wanted < end;
    if (is_inside && line.rfind("Rss:", 0) == 0) return std::stol(line.substr(4));
  }
  return -1;
}

// The counter that the fixture wrote at the begin of `tensor`.
int first_of(const TensorView& tensor) {
  return std::to_integer<int>(tensor.data[0]) | std::to_integer<int>(tensor.data[1]) << 8;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(part_weights, Folder)

BOOST_AUTO_TEST_CASE(cuts_a_fused_matrix_into_views_of_its_rows) {
  const auto weights = written(Part::kTransformer, {{"layers.0.attention.qkv.weight", {12, 4}}});
  BOOST_TEST(weights.names().size() == 3u);
  const auto q = weights.tensor("layers.0.attention.to_q.weight", {4, 4});
  const auto k = weights.tensor("layers.0.attention.to_k.weight", {4, 4});
  const auto v = weights.tensor("layers.0.attention.to_v.weight", {4, 4});
  BOOST_TEST(first_of(q) == 0);
  BOOST_TEST(first_of(k) == 16);
  BOOST_TEST(first_of(v) == 32);
  BOOST_TEST(v.size_bytes == 32u);
  BOOST_TEST((k.data == q.data + 32));  // in place
}

BOOST_AUTO_TEST_CASE(refuses_a_fused_matrix_that_is_not_three) {
  expect_error(ErrorCode::kBadModel, {"qkv.weight", path, "[13, 4]"}, [&] {
    written(Part::kTransformer, {{"layers.0.attention.qkv.weight", {13, 4}}});
  });
}

BOOST_AUTO_TEST_CASE(knows_the_original_names_of_the_transformer) {
  const std::string prefix = "model.diffusion_model.";
  const auto weights = written(Part::kTransformer, {{prefix + "x_embedder.weight", {4, 64}},
                                                    {prefix + "final_layer.linear.bias", {64}},
                                                    {prefix + "layers.7.attention.out.weight", {4, 4}},
                                                    {prefix + "layers.7.attention.q_norm.weight", {2}},
                                                    {prefix + "noise_refiner.0.attention.k_norm.weight", {2}},
                                                    {prefix + "cap_embedder.1.bias", {4}},
                                                    {prefix + "norm_final.weight", {4}},
                                                    {"vae.decoder.conv_in.bias", {4}},
                                                    {"text_encoders.qwen3_4b.transformer.model.norm.weight", {4}}});
  for (const char* name :
       {"all_x_embedder.2-1.weight", "all_final_layer.2-1.linear.bias", "layers.7.attention.to_out.0.weight",
        "layers.7.attention.norm_q.weight", "noise_refiner.0.attention.norm_k.weight", "cap_embedder.1.bias"}) {
    BOOST_TEST(weights.has(name), name);
  }
  BOOST_TEST(weights.names().size() == 6u);  // less the left-over and the other parts
}

BOOST_AUTO_TEST_CASE(takes_pad_tokens_of_one_dimension) {
  const auto weights = written(Part::kTransformer, {{"x_pad_token", {8}}, {"cap_pad_token", {1, 8}}});
  BOOST_TEST(weights.tensor("x_pad_token", {1, 8}).size_bytes == 16u);
  BOOST_TEST(weights.tensor("cap_pad_token", {1, 8}).size_bytes == 16u);
}

BOOST_AUTO_TEST_CASE(knows_the_text_encoder_with_and_without_prefix) {
  for (const char* prefix : {"", "model.", "text_encoders.qwen3_4b.transformer.model."}) {
    const auto weights = written(Part::kTextEncoder,
                                 {{std::string(prefix) + "embed_tokens.weight", {4, 2}}, {"lm_head.weight", {4, 2}}});
    BOOST_TEST(weights.names() == std::vector<std::string>{"model.embed_tokens.weight"});
  }
}

BOOST_AUTO_TEST_CASE(knows_the_ldm_names_of_the_vae) {
  const auto weights = written(Part::kVae, {{"decoder.mid.attn_1.q.weight", {4, 4, 1, 1}},
                                            {"decoder.mid.attn_1.proj_out.bias", {4}},
                                            {"decoder.mid.attn_1.norm.weight", {4}},
                                            {"decoder.mid.block_2.conv1.bias", {4}},
                                            {"decoder.up.3.block.0.norm1.weight", {4}},
                                            {"decoder.up.0.block.2.nin_shortcut.weight", {4, 8, 1, 1}},
                                            {"decoder.up.1.upsample.conv.bias", {4}},
                                            {"decoder.norm_out.weight", {4}},
                                            {"encoder.down.1.block.0.conv1.bias", {4}},
                                            {"encoder.down.2.downsample.conv.bias", {4}}});
  BOOST_TEST(weights.tensor("decoder.mid_block.attentions.0.to_q.weight", {4, 4}).size_bytes == 32u);  // squeezed
  for (const char* name :
       {"decoder.mid_block.attentions.0.to_out.0.bias", "decoder.mid_block.attentions.0.group_norm.weight",
        "decoder.mid_block.resnets.1.conv1.bias", "decoder.up_blocks.0.resnets.0.norm1.weight",
        "decoder.up_blocks.2.upsamplers.0.conv.bias", "decoder.conv_norm_out.weight",
        "encoder.down_blocks.1.resnets.0.conv1.bias", "encoder.down_blocks.2.downsamplers.0.conv.bias"}) {
    BOOST_TEST(weights.has(name), name);
  }
  BOOST_TEST(weights.tensor("decoder.up_blocks.3.resnets.2.conv_shortcut.weight", {4, 8, 1, 1}).size_bytes == 64u);
}

BOOST_AUTO_TEST_CASE(names_a_tensor_that_is_missing_or_of_another_shape) {
  const auto weights = written(Part::kTransformer, {{"x_pad_token", {1, 8}}});
  expect_error(ErrorCode::kBadModel, {"'cap_pad_token'", "missing", path}, [&] {
    weights.tensor("cap_pad_token", {1, 8});
  });
  expect_error(ErrorCode::kBadModel, {"'x_pad_token'", path, "[1, 8]", "[1, 16]"}, [&] {
    weights.tensor("x_pad_token", {1, 16});
  });
  const auto problems =
      weights.problems({{"x_pad_token", {1, 16}}, {"cap_pad_token", {1, 8}}, {"t", {1}, false}}, false);
  BOOST_TEST(problems.size() == 2u);
  BOOST_TEST(weights.problems({{"cap_pad_token", {1, 8}}}, true).empty());
}

BOOST_AUTO_TEST_CASE(names_a_tensor_in_few_words) {
  const std::string name = "layers.0." + std::string(100'000, 'x');
  const auto weights = written(Part::kTransformer, {{name, {8}}});
  const auto problems = weights.problems({{"x_pad_token", {1, 8}, false}}, false);
  BOOST_TEST_REQUIRE(problems.size() == 1u);
  BOOST_TEST(problems[0].size() < 150 + path.size());
  BOOST_TEST(problems[0].starts_with("tensor 'layers.0.xxxxxxx...xxx"));
  BOOST_TEST(weights.file_of(name) == path);
}

BOOST_AUTO_TEST_CASE(refuses_a_tensor_that_is_in_two_files) {
  const std::string other = folder.path("b.safetensors");
  zimg_test::write_safetensors(path, {{"x_pad_token", {8}}});
  zimg_test::write_safetensors(other, {{"x_pad_token", {8}}});
  expect_error(ErrorCode::kBadModel, {"'x_pad_token'", path, other}, [&] {
    PartWeights(Part::kTransformer, {path, other}, 4);
  });
}

BOOST_AUTO_TEST_CASE(copies_nothing_that_its_file_leaves_unaligned) {
  const std::string json = R"({"x_pad_token":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  for (const std::size_t remainder : {1u, 2u, 3u}) {
    const auto weights = unaligned(json, remainder, "abcdefgh");
    const TensorView tensor = weights.tensor("x_pad_token", {1, 2});
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(tensor.data) % 4 == remainder);  // as in the file
    BOOST_TEST(std::memcmp(tensor.data, "abcdefgh", 8) == 0);
  }
}

BOOST_AUTO_TEST_CASE(reads_what_lies_where_an_empty_tensor_does) {
  const std::string empty = R"({"AAA":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"x_pad_token":{)";
  for (const char* type : {R"("dtype":"F32","shape":[2])", R"("dtype":"BF16","shape":[4])"}) {
    const auto weights = unaligned(empty + type + R"(,"data_offsets":[0,8]}})", 2, "abcdefgh");
    const TensorView tensor = weights.stored("x_pad_token");
    BOOST_TEST(tensor.size_bytes == 8u);
    BOOST_TEST_REQUIRE((tensor.data != nullptr));
    BOOST_TEST(std::memcmp(tensor.data, "abcdefgh", 8) == 0);
  }
}

BOOST_AUTO_TEST_CASE(gives_back_the_memory_of_a_tensor_that_can_be_read_again) {
  constexpr std::int64_t kRows = 1024;
  const auto weights = written(Part::kTransformer, {{"layers.0.a", {kRows, kRows}}, {"layers.1.a", {8}}});
  const TensorView tensor = weights.tensor("layers.0.a", {kRows, kRows});
  const std::vector<std::byte> read(tensor.data, tensor.data + tensor.size_bytes);
  const long before = resident_kibibytes(tensor.data);
  weights.release("layers.0.a");
  const long after = resident_kibibytes(tensor.data);
  BOOST_TEST(before >= 2 * kRows);              // two octets an element
  BOOST_TEST(after <= before - 2 * kRows + 8);  // less the pages at both ends
  BOOST_TEST(std::equal(read.begin(), read.end(), tensor.data));
  weights.release("layers.1.a");  // less than a page
  expect_error(ErrorCode::kBadModel, {"layers.2.a"}, [&] { weights.release("layers.2.a"); });
}

BOOST_AUTO_TEST_CASE(gives_back_the_memory_of_an_unaligned_tensor_too) {
  constexpr long kKibibytes = 128;  // of several pages, so that some lie wholly within
  const std::string json = R"({"x_pad_token":{"dtype":"BF16","shape":[65536],"data_offsets":[0,131072]}})";
  const auto weights = unaligned(json, 1, std::string(1024 * kKibibytes, 'x'));
  const TensorView tensor = weights.tensor("x_pad_token", {1, 65536});
  const auto count = [&] { return std::count(tensor.data, tensor.data + tensor.size_bytes, std::byte{'x'}); };
  BOOST_TEST(count() == 1024 * kKibibytes);
  const long before = resident_kibibytes(tensor.data);
  weights.release("x_pad_token");
  BOOST_TEST(resident_kibibytes(tensor.data) <= before - kKibibytes + 8);  // less the pages at both ends
  BOOST_TEST(count() == 1024 * kKibibytes);
}

// As of a config that has fewer layers than there are weights: it would draw something else.
BOOST_AUTO_TEST_CASE(tells_layers_that_nobody_expects) {
  auto weights = written(Part::kTransformer, {{"layers.0.ffn_norm1.weight", {8}},
                                              {"layers.1.ffn_norm1.weight", {8}},
                                              {"layers.1.ffn_norm2.weight", {8}},
                                              {"noise_refiner.0.ffn_norm1.weight", {8}},
                                              {"adapter.3.weight", {8}}});
  const auto problems = weights.problems({{"layers.0.ffn_norm1.weight", {8}}}, false);
  BOOST_REQUIRE(problems.size() == 2u);  // one a layer
  BOOST_TEST(problems[0].find("'layers.1.ffn_norm1.weight' in '" + path) != std::string::npos);
  BOOST_TEST(problems[1].find("'noise_refiner.0.ffn_norm1.weight'") != std::string::npos);
  expect_error(ErrorCode::kBadModel, {"'layers.1.", "config"}, [&] {
    weights.keep_used({{"layers.0.ffn_norm1.weight", {8}}});
  });
}

// As of a config that has one layer more than there are weights: all layers are used then, and the norm behind them
// shows that the file leaves nothing out.
BOOST_AUTO_TEST_CASE(tells_a_last_layer_that_is_missing_where_the_norm_behind_it_is_not) {
  const std::vector<ExpectedTensor> expected{{"model.layers.0.input_layernorm.weight", {8}},
                                             {"model.layers.1.input_layernorm.weight", {8}, false},
                                             {"model.layers.1.mlp.up_proj.weight", {8}, false},
                                             {"model.norm.weight", {8}, false}};
  auto whole =
      written(Part::kTextEncoder, {{"model.layers.0.input_layernorm.weight", {8}}, {"model.norm.weight", {8}}});
  const auto problems = whole.problems(expected, false);
  BOOST_TEST_REQUIRE(problems.size() == 1u);
  BOOST_TEST(problems[0].find("'model.layers.1.input_layernorm.weight' and its whole layer are missing from '" +
                              path) != std::string::npos);
  BOOST_TEST(whole.problems(expected, true).empty());
  expect_error(ErrorCode::kBadModel, {"'model.layers.1.", "'model.norm.weight'"}, [&] { whole.keep_used(expected); });
  const ExpectedTensor used{"model.layers.0.input_layernorm.weight", {8}};
  auto stripped = written(Part::kTextEncoder, {used});
  BOOST_TEST(stripped.problems(expected, false).empty());
  stripped.keep_used(expected);
  // As in the release, whose last shard, of which nothing is used, holds the rest of the layer.
  auto partly_opened =
      written(Part::kTextEncoder, {used, {"model.layers.1.mlp.up_proj.weight", {8}}, {"model.norm.weight", {8}}});
  BOOST_TEST(partly_opened.problems(expected, false).empty());
  partly_opened.keep_used(expected);
}

BOOST_AUTO_TEST_CASE(keeps_just_what_is_used) {
  auto weights = written(Part::kTransformer, {{"x_pad_token", {8}}, {"cap_pad_token", {8}}, {"t_embedder.a", {8}}});
  weights.keep_used({{"x_pad_token", {1, 8}}, {"cap_pad_token", {1, 8}, false}, {"t_embedder.a", {8}, false}});
  BOOST_TEST(weights.names() == std::vector<std::string>{"x_pad_token"});
  BOOST_TEST(weights.tensors().size() == 1u);
  expect_error(ErrorCode::kBadModel, {"cap_pad_token"}, [&] { weights.keep_used({{"cap_pad_token", {1, 8}}}); });
}

BOOST_AUTO_TEST_SUITE_END()
