// The layout of programs that keep each part in one file.
#include <boost/test/unit_test.hpp>

#include "checkpoint/model_folder.hpp"
#include "expect_error.hpp"
#include "model_fixture.hpp"

namespace {

namespace fs = std::filesystem;
using zimg::ErrorCode;
using zimg::checkpoint::ExpectedTensor;
using zimg::checkpoint::ModelFolder;
using zimg::checkpoint::Part;
using zimg_test::expect_error;
using zimg_test::write_safetensors;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The transformer as the original program names it, its three attention matrices in one.
std::vector<ExpectedTensor> original_transformer(const std::string& prefix) {
  std::vector<ExpectedTensor> tensors;
  for (auto [name, shape, is_used] : expected_tensors(Part::kTransformer, zimg_test::tiny_config())) {
    if (name.find("to_k") != std::string::npos || name.find("to_v") != std::string::npos) continue;
    if (name.find("to_q") != std::string::npos) shape[0] *= 3;
    for (const auto& [released, original] : {std::pair{"to_q", "qkv"},
                                             {"to_out.0", "out"},
                                             {"norm_q", "q_norm"},
                                             {"norm_k", "k_norm"},
                                             {"all_x_embedder.2-1", "x_embedder"},
                                             {"all_final_layer.2-1", "final_layer"}}) {
      name = replaced(name, released, original);
    }
    if (name == "x_pad_token") shape = {shape[1]};
    tensors.push_back({prefix + name, shape, is_used});
  }
  tensors.push_back({prefix + "norm_final.weight", {96}});
  return tensors;
}

std::vector<ExpectedTensor> prefixed(Part part, const std::string& prefix) {
  auto tensors = expected_tensors(part, zimg_test::tiny_config());
  for (auto& tensor : tensors) tensor.name = prefix + tensor.name;
  return tensors;
}

struct Folder {
  zimg_test::TemporaryFolder folder;
  std::string path = folder.path("pictures");

  void write_parts(const std::string& transformer = "z_image_turbo_bf16") const {
    write_safetensors(path + "/" + transformer + ".safetensors", original_transformer(""));
    write_safetensors(path + "/qwen_3_4b.safetensors", prefixed(Part::kTextEncoder, ""));
    write_safetensors(path + "/ae.safetensors", prefixed(Part::kVae, ""), "F32");
  }
  std::string write_all_in_one() const {
    auto tensors = original_transformer("model.diffusion_model.");
    for (const auto& [part, prefix] :
         {std::pair{Part::kTextEncoder, "text_encoders.qwen3_4b.transformer."}, {Part::kVae, "vae."}}) {
      const auto more = prefixed(part, prefix);
      tensors.insert(tensors.end(), more.begin(), more.end());
    }
    write_safetensors(path + "/all.safetensors", tensors);
    return path + "/all.safetensors";
  }
};

void check_is_tiny(const ModelFolder& folder) {
  BOOST_TEST(folder.layout() == "single-file");
  const auto tiny = zimg_test::tiny_config();
  const auto& config = folder.config();
  BOOST_TEST(config.text_encoder.vocab_size == tiny.text_encoder.vocab_size);
  BOOST_TEST(config.text_encoder.num_hidden_layers == 3);
  BOOST_TEST(config.text_encoder.num_attention_heads == 4);
  BOOST_TEST(config.text_encoder.num_key_value_heads == 2);
  BOOST_TEST(config.text_encoder.intermediate_size == 160);
  BOOST_TEST(config.transformer.n_heads == 3);
  BOOST_TEST(config.transformer.n_layers == 2);
  BOOST_TEST(config.transformer.n_refiner_layers == 1);
  BOOST_TEST(config.transformer.in_channels == 16);
  BOOST_TEST(config.transformer.axes_dims[1] == 12);
  BOOST_TEST(config.vae.block_out_channels == tiny.vae.block_out_channels);
  BOOST_TEST(config.vae.layers_per_block == 1);
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    for (const auto& tensor : expected_tensors(part, tiny)) {
      if (tensor.is_used) BOOST_TEST(folder.open_weights(part)->has(tensor.name), tensor.name);
    }
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(single_file, Folder)

BOOST_AUTO_TEST_CASE(finds_parts_side_by_side) {
  write_parts();
  zimg_test::copy_tokenizer(path + "/tokenizer");
  const auto model = ModelFolder::open(path);
  check_is_tiny(model);
  BOOST_TEST(model.config().scheduler.shift == 3.0);
  BOOST_TEST(model.config().defaults.name == "pictures");
  BOOST_TEST(model.files().front().role == "text_encoder/weights/0");
}

BOOST_AUTO_TEST_CASE(finds_parts_in_folders_of_their_own) {
  write_parts();
  for (const auto& [name, below] : {std::pair{"z_image_turbo_bf16.safetensors", "diffusion_models"},
                                    {"qwen_3_4b.safetensors", "text_encoders"},
                                    {"ae.safetensors", "vae"}}) {
    const std::string to = path + "/split_files/" + below;
    fs::create_directories(to);
    fs::rename(path + "/" + name, to + "/" + name);
  }
  fs::copy(zimg_test::tokenizer_folder(), path, fs::copy_options::recursive);
  check_is_tiny(ModelFolder::open(path));
}

BOOST_AUTO_TEST_CASE(opens_an_all_in_one_file_by_its_name_or_its_folder) {
  const std::string file = write_all_in_one();
  zimg_test::copy_tokenizer(path + "/tokenizer");
  check_is_tiny(ModelFolder::open(path));
  write_safetensors(path + "/another.safetensors", original_transformer(""));
  const auto named = ModelFolder::open(file);
  check_is_tiny(named);
  BOOST_TEST(named.config().defaults.name == "all");
  expect_error(ErrorCode::kBadModel, {"all.safetensors", "another.safetensors", "transformer"},
               [&] { ModelFolder::open(path); });
}

BOOST_AUTO_TEST_CASE(tells_turbo_from_base) {
  write_parts("z_image_bf16");
  zimg_test::copy_tokenizer(path + "/tokenizer");
  BOOST_TEST(ModelFolder::open(path).config().scheduler.shift == 6.0);
  BOOST_TEST(ModelFolder::open(path).config().defaults.steps == 50u);
  zimg_test::write_text(path + "/scheduler_config.json", R"({"shift":3.0})");
  BOOST_TEST(ModelFolder::open(path).config().scheduler.shift == 3.0);
  BOOST_TEST(ModelFolder::open(path).files().front().role == "scheduler/config");
}

BOOST_AUTO_TEST_CASE(says_which_files_to_put_where) {
  write_parts();
  expect_error(ErrorCode::kBadModel, {path, "no tokenizer", "vocab.json", "merges.txt"},
               [&] { ModelFolder::open(path); });
  zimg_test::copy_tokenizer(path + "/tokenizer");
  fs::remove(path + "/ae.safetensors");
  expect_error(ErrorCode::kBadModel, {"vae", "ae.safetensors"}, [&] { ModelFolder::open(path); });
  fs::remove(path + "/qwen_3_4b.safetensors");
  expect_error(ErrorCode::kBadModel, {"text_encoder", "qwen_3_4b.safetensors"}, [&] { ModelFolder::open(path); });
  fs::remove(path + "/z_image_turbo_bf16.safetensors");
  expect_error(ErrorCode::kBadModel, {"holds no model"}, [&] { ModelFolder::open(path); });
}

BOOST_AUTO_TEST_CASE(names_a_file_that_is_cut) {
  write_parts();
  zimg_test::copy_tokenizer(path + "/tokenizer");
  const std::string file = path + "/ae.safetensors";
  fs::resize_file(file, fs::file_size(file) - 1);
  expect_error(ErrorCode::kBadModel, {file, "cut"}, [&] { ModelFolder::open(path); });
}

BOOST_AUTO_TEST_SUITE_END()
