#include "checkpoint/model_folder.hpp"

#include <boost/test/unit_test.hpp>

#include "expect_error.hpp"
#include "model_fixture.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using zimg::ErrorCode;
using zimg::checkpoint::ModelFolder;
using zimg::checkpoint::Part;
using zimg_test::expect_error;
using zimg_test::ModelFixture;

constexpr const char* kTextIndex = "text_encoder/model.safetensors.index.json";

void expect_refused(const ModelFixture& model, std::initializer_list<std::string> words) {
  expect_error(ErrorCode::kBadModel, words, [&] { ModelFolder::open(model.path()); });
}

std::vector<std::string> roles(const ModelFolder& folder) {
  std::vector<std::string> roles;
  for (const auto& file : folder.files()) roles.push_back(file.role);
  return roles;
}

void set_shard(const ModelFixture& model, const std::string& tensor, const json& file) {
  auto index = json::parse(zimg_test::read_text(model.path(kTextIndex)));
  index["weight_map"][tensor] = file;
  zimg_test::write_text(model.path(kTextIndex), index.dump());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_folder)

BOOST_AUTO_TEST_CASE(opens_the_released_layout) {
  const ModelFixture model;
  const auto folder = ModelFolder::open(model.path() + "/../model/");
  BOOST_TEST(folder.layout() == "released");
  BOOST_TEST(folder.path() == fs::canonical(model.path()).string());
  BOOST_TEST(folder.config().defaults.name == "model");
  BOOST_TEST(folder.config().transformer.dim == 96);
  BOOST_TEST(roles(folder) ==
             (std::vector<std::string>{"scheduler/config", "text_encoder/config", "text_encoder/weights/0",
                                       "tokenizer/json", "tokenizer/config", "transformer/config",
                                       "transformer/weights/0", "vae/config", "vae/weights/0"}));
  BOOST_TEST(!folder.open_weights(Part::kTextEncoder)->has("model.norm.weight"));
  BOOST_TEST(folder.open_weights(Part::kTransformer)->has("x_pad_token"));
}

BOOST_AUTO_TEST_CASE(reads_vocabulary_and_merges_where_there_is_no_tokenizer_json) {
  const ModelFixture model;
  fs::remove(model.path("tokenizer/tokenizer.json"));
  const auto found = roles(ModelFolder::open(model.path()));
  BOOST_TEST(found[3] == "tokenizer/vocab");
  BOOST_TEST(found[4] == "tokenizer/merges");
}

BOOST_AUTO_TEST_CASE(names_a_folder_that_is_missing_or_holds_no_model) {
  const zimg_test::TemporaryFolder empty;
  expect_error(ErrorCode::kNotFound, {empty.path("none")}, [&] { ModelFolder::open(empty.path("none")); });
  expect_error(ErrorCode::kNotFound, {}, [&] { ModelFolder::open(""); });
  expect_error(ErrorCode::kBadModel, {empty.path(), "holds no model"}, [&] { ModelFolder::open(empty.path()); });
  zimg_test::write_text(empty.path("file"), "hello");
  expect_error(ErrorCode::kBadModel, {empty.path("file")}, [&] { ModelFolder::open(empty.path("file")); });
}

// Such as for want of permission, which root is never in.
BOOST_AUTO_TEST_CASE(names_what_the_system_does_not_let_it_look_at) {
  const zimg_test::TemporaryFolder folder;
  fs::create_symlink("model_index.json", folder.path("model_index.json"));
  expect_error(ErrorCode::kIo, {folder.path("model_index.json"), "symbolic links"},
               [&] { ModelFolder::open(folder.path()); });
  fs::remove(folder.path("model_index.json"));
  fs::create_symlink("vae", folder.path("vae"));
  expect_error(ErrorCode::kIo, {folder.path("vae"), "symbolic links"}, [&] { ModelFolder::open(folder.path()); });
}

BOOST_AUTO_TEST_CASE(names_what_a_half_copied_folder_lacks) {
  for (const std::string name :
       {"scheduler/scheduler_config.json", "text_encoder/config.json", "transformer/config.json", "vae/config.json",
        "text_encoder/model.safetensors", "transformer/diffusion_pytorch_model.safetensors", "tokenizer"}) {
    const ModelFixture model;
    fs::remove_all(model.path(name));
    const std::string folder = name.substr(0, name.find('/'));
    expect_refused(model, {model.path(folder), name.ends_with(".json") ? "missing" : "incomplete"});
  }
}

BOOST_AUTO_TEST_CASE(needs_no_shard_that_nothing_reads) {
  const ModelFixture model;
  model.shard_text_encoder();
  auto folder = ModelFolder::open(model.path());
  BOOST_TEST(folder.weight_files(Part::kTextEncoder).size() == 1u);
  BOOST_TEST(folder.stored_weight_files(Part::kTextEncoder).size() == 2u);
  fs::remove(model.path("text_encoder/model-00002-of-00002.safetensors"));
  folder = ModelFolder::open(model.path());
  BOOST_TEST(folder.open_weights(Part::kTextEncoder)->has("model.layers.1.mlp.up_proj.weight"));
  BOOST_TEST(folder.stored_weight_files(Part::kTextEncoder).size() == 1u);
}

BOOST_AUTO_TEST_CASE(names_a_shard_that_is_missing) {
  const ModelFixture model;
  model.shard_text_encoder();
  fs::remove(model.path("text_encoder/model-00001-of-00002.safetensors"));
  expect_refused(model, {"model-00001-of-00002.safetensors", "index.json", "incomplete"});
}

BOOST_AUTO_TEST_CASE(refuses_an_index_that_leads_out_of_its_folder) {
  for (const char* file : {"../vae/diffusion_pytorch_model.safetensors", "/etc/passwd", "..", ".", "",
                           "a/b.safetensors", "a\\b.safetensors"}) {
    const ModelFixture model;
    model.shard_text_encoder();
    set_shard(model, "model.norm.weight", file);
    expect_refused(model, {kTextIndex, "'model.norm.weight'", "within its folder"});
  }
}

BOOST_AUTO_TEST_CASE(names_what_an_index_holds_in_few_words) {
  const std::string long_name = "layers.0." + std::string(100'000, 'x');
  const auto is_short = [&](const json& file) {
    const ModelFixture model;
    model.shard_text_encoder();
    set_shard(model, long_name, file);
    try {
      ModelFolder::open(model.path());
    } catch (const zimg::Error& error) {
      const std::string sentence = error.what();
      return sentence.size() < 300 + model.path().size() && sentence.find("'layers.0.xxxxxxx...xx") != sentence.npos;
    }
    return false;
  };
  BOOST_TEST(is_short(7));
  BOOST_TEST(is_short(long_name));  // no file system has such a file
  BOOST_TEST(is_short(long_name + ".bin"));
}

BOOST_AUTO_TEST_CASE(names_a_pointer_of_Git_LFS) {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n";
  for (const char* name : {"scheduler/scheduler_config.json", "vae/config.json", kTextIndex}) {
    const ModelFixture model;
    model.shard_text_encoder();
    zimg_test::write_text(model.path(name), pointer);
    expect_refused(model, {model.path(name), "Git LFS pointer", "git lfs pull"});
  }
}

BOOST_AUTO_TEST_CASE(refuses_pickles) {
  const ModelFixture model;
  model.shard_text_encoder();
  set_shard(model, "model.norm.weight", "pytorch_model.bin");
  expect_refused(model, {"pytorch_model.bin", "pickle"});
  const ModelFixture other;
  fs::rename(other.path("vae/diffusion_pytorch_model.safetensors"), other.path("vae/diffusion_pytorch_model.bin"));
  expect_refused(other, {"diffusion_pytorch_model.bin", "pickle", "safetensors"});
}

BOOST_AUTO_TEST_CASE(refuses_an_unsound_index) {
  const ModelFixture model;
  model.shard_text_encoder();
  set_shard(model, "model.norm.weight", 7);
  expect_refused(model, {kTextIndex, "'model.norm.weight'"});
  for (const char* text : {"", "[]", "{}", R"({"weight_map":{}})", R"({"weight_map":[]})"}) {
    zimg_test::write_text(model.path(kTextIndex), text);
    expect_refused(model, {kTextIndex});
  }
}

BOOST_AUTO_TEST_CASE(refuses_two_files_without_an_index) {
  const ModelFixture model;
  fs::rename(model.path("vae/diffusion_pytorch_model.safetensors"), model.path("vae/a.safetensors"));
  BOOST_TEST(ModelFolder::open(model.path()).open_weights(Part::kVae)->has("decoder.conv_in.weight"));
  zimg_test::write_safetensors(model.path("vae/b.safetensors"), {});
  expect_refused(model, {"a.safetensors", "b.safetensors", "no index"});
}

BOOST_AUTO_TEST_CASE(names_a_tensor_that_its_config_contradicts) {
  const ModelFixture model;
  model.set("transformer/config.json", "n_layers", 3);
  expect_error(ErrorCode::kBadModel, {"'layers.2.", "missing"},
               [&] { ModelFolder::open(model.path()).open_weights(Part::kTransformer); });
  model.set("transformer/config.json", "n_layers", 1);
  expect_error(ErrorCode::kBadModel, {"'layers.1.", "config does not have"},
               [&] { ModelFolder::open(model.path()).open_weights(Part::kTransformer); });
  model.set("text_encoder/config.json", "intermediate_size", 128);
  expect_error(ErrorCode::kBadModel, {"mlp.gate_proj.weight", "[160, 64]", "[128, 64]"},
               [&] { ModelFolder::open(model.path()).open_weights(Part::kTextEncoder); });
  model.set("transformer/config.json", "cap_feat_dim", 32);
  expect_refused(model, {"cap_feat_dim", "32", "64"});
}

BOOST_AUTO_TEST_CASE(names_a_dtype_that_is_not_read) {
  const ModelFixture model;
  zimg_test::write_safetensors(model.path("vae/diffusion_pytorch_model.safetensors"), model.expected(Part::kVae),
                               "I16");
  expect_error(ErrorCode::kUnsupported, {"I16", "BF16", "decoder."},
               [&] { ModelFolder::open(model.path()).open_weights(Part::kVae); });
}

BOOST_AUTO_TEST_CASE(refuses_another_pipeline) {
  const ModelFixture model;
  model.set("model_index.json", "_class_name", "FluxPipeline");
  expect_refused(model, {"model_index.json", "FluxPipeline", "ZImagePipeline"});
}

BOOST_AUTO_TEST_CASE(refuses_parts_of_another_class) {
  for (const auto& [part, its_class] :
       {std::pair("scheduler", "FlowMatchLCMScheduler"), std::pair("vae", "AutoencoderTiny"),
        std::pair("transformer", "ZImageOmniTransformer")}) {
    const ModelFixture model;
    model.set("model_index.json", part, {"diffusers", its_class});
    expect_error(ErrorCode::kUnsupported, {"model_index.json", part, its_class},
                 [&] { ModelFolder::open(model.path()); });
  }
}

// As transformers does; diffusers, which loads the other parts, takes the index.
BOOST_AUTO_TEST_CASE(takes_a_text_encoder_in_one_file_before_its_index) {
  const ModelFixture model;
  const std::string whole = model.path("text_encoder/model.safetensors");
  const auto index =
      json::parse(R"({"weight_map": {"model.embed_tokens.weight": "model-00001-of-00001.safetensors"}})");
  zimg_test::write_text(model.path(kTextIndex), index.dump());
  zimg_test::write_safetensors(model.path("text_encoder/model-00001-of-00001.safetensors"),
                               model.expected(Part::kTextEncoder));
  const ModelFolder folder = ModelFolder::open(model.path());
  const std::vector<std::string> expected = {whole};
  BOOST_TEST(folder.weight_files(Part::kTextEncoder) == expected);
  BOOST_TEST(folder.stored_weight_files(Part::kTextEncoder) == expected);  // what is converted and inspected
}

BOOST_AUTO_TEST_CASE(says_nothing_of_a_config_that_is_not_there) {
  const ModelFixture model;
  fs::remove(model.path("text_encoder/config.json"));
  std::vector<std::string> problems;
  ModelFolder::inspect(model.path(), &problems);
  BOOST_TEST(problems.size() == 1u);
}

BOOST_AUTO_TEST_CASE(collects_all_that_is_wrong_when_asked) {
  const ModelFixture model;
  model.set("transformer/config.json", "dim", "wide");
  fs::remove(model.path("vae/diffusion_pytorch_model.safetensors"));
  fs::remove_all(model.path("tokenizer"));
  zimg_test::write_text(model.path("zimg.json"), R"({"steps":-1})");
  std::vector<std::string> problems;
  const auto folder = ModelFolder::inspect(model.path(), &problems);
  BOOST_TEST(folder.layout() == "released");
  BOOST_TEST(folder.weight_files(Part::kTextEncoder).size() == 1u);
  for (const char* word : {"'dim'", "/vae'", "/tokenizer'", "'steps'"}) {
    const bool is_told = std::any_of(problems.begin(), problems.end(),
                                     [&](const auto& problem) { return problem.find(word) != std::string::npos; });
    BOOST_TEST(is_told, word);
  }
}

BOOST_AUTO_TEST_SUITE_END()
