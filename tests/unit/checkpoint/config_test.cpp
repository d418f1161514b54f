#include <boost/test/unit_test.hpp>

#include "checkpoint/config_reader.hpp"
#include "checkpoint/config_writer.hpp"
#include "expect_error.hpp"
#include "model_fixture.hpp"

namespace {

namespace checkpoint = zimg::checkpoint;
using nlohmann::json;
using zimg::ErrorCode;
using zimg_test::expect_error;
using zimg_test::tiny_config;

// A config file in a folder of its own.
struct File {
  zimg_test::TemporaryFolder folder;
  std::string path = folder.path("config.json");

  const std::string& with(const std::string& text, const std::string& key = "", const json& value = nullptr) const {
    auto config = json::parse(text);
    if (!key.empty()) config[key] = value;
    zimg_test::write_text(path, config.dump());
    return path;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config, File)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const auto config = tiny_config();
  const auto text = checkpoint::read_text_encoder_config(with(checkpoint::text_encoder_json(config.text_encoder)));
  BOOST_TEST(text.vocab_size == 846);
  BOOST_TEST(text.num_key_value_heads == 2);
  BOOST_TEST(text.rope_theta == 1e6);
  const auto transformer = checkpoint::read_transformer_config(with(checkpoint::transformer_json(config.transformer)));
  BOOST_TEST(transformer.dim == 96);
  BOOST_TEST(transformer.head_dim() == 32);
  BOOST_TEST(transformer.ffn_dim() == 256);
  BOOST_TEST(transformer.axes_lens[0] == 1536);
  const auto vae = checkpoint::read_vae_config(with(checkpoint::vae_json(config.vae)));
  BOOST_TEST(vae.block_out_channels == config.vae.block_out_channels);
  BOOST_TEST(vae.scaling_factor == 0.3611);
  BOOST_TEST(!vae.use_post_quant_conv);
  BOOST_TEST(checkpoint::read_scheduler_config(with(checkpoint::scheduler_json({6.0}))).shift == 6.0);
}

BOOST_AUTO_TEST_CASE(names_a_key_that_is_missing_or_wrong) {
  const auto text = checkpoint::text_encoder_json(tiny_config().text_encoder);
  const auto refused = [&](const json& value, std::initializer_list<std::string> words) {
    expect_error(ErrorCode::kBadModel, words,
                 [&] { checkpoint::read_text_encoder_config(with(text, "hidden_size", value)); });
  };
  refused(nullptr, {path, "has no 'hidden_size'", "an integer from 1"});
  refused("64", {path, "'hidden_size'", "\"64\""});
  refused(64.5, {"64.5"});
  refused(0, {"'hidden_size' as 0"});
  refused(-64, {"-64"});
  refused(std::uint64_t{1} << 63, {"9223372036854775808"});
  refused(json::array({64}), {"[64]"});
}

BOOST_AUTO_TEST_CASE(names_a_file_that_is_no_config) {
  const auto refused = [&](const std::string& content, std::initializer_list<std::string> words) {
    zimg_test::write_text(path, content);
    expect_error(ErrorCode::kBadModel, words, [&] { checkpoint::read_vae_config(path); });
  };
  refused("", {path, "not JSON"});
  refused("{\"latent_channels\": 16", {path, "not JSON"});
  refused("[16]", {path, "no JSON object"});
  refused(std::string(2'000'000, ' '), {path, "2000000"});
  expect_error(ErrorCode::kBadModel, {"none.json", "missing"},
               [&] { checkpoint::read_vae_config(folder.path("none.json")); });
}

// As a clone without Git LFS has it, and as somebody has it who mistook the file.
BOOST_AUTO_TEST_CASE(says_in_few_words_what_is_there_instead) {
  zimg_test::write_text(path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n");
  expect_error(ErrorCode::kBadModel, {path, "Git LFS pointer", "git lfs pull"},
               [&] { checkpoint::read_vae_config(path); });
  const std::string list = "[" + std::string(500'000, ' ') + "\"" + std::string(400'000, 'x') + "\"]";
  zimg_test::write_text(path, "{\"act_fn\": " + list + "}");
  try {
    checkpoint::read_vae_config(path);
    BOOST_ERROR("nothing was thrown");
  } catch (const zimg::Error& error) {
    BOOST_TEST(std::string(error.what()).size() < 150 + path.size());
    BOOST_TEST(std::string(error.what()).find("'act_fn' as [\"xxxxxxxxxxxxxx...xx") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(says_which_variants_it_does_not_know) {
  const auto config = tiny_config();
  const auto unknown = [&](auto&& read, const std::string& text, const std::string& key, const json& value) {
    expect_error(ErrorCode::kUnsupported, {path, "'" + key + "'"}, [&] { read(with(text, key, value)); });
  };
  const auto transformer = checkpoint::transformer_json(config.transformer);
  unknown(checkpoint::read_transformer_config, transformer, "qk_norm", false);
  unknown(checkpoint::read_transformer_config, transformer, "all_patch_size", {2, 4});
  unknown(checkpoint::read_transformer_config, transformer, "siglip_feat_dim", 1152);
  unknown(checkpoint::read_transformer_config, transformer, "_class_name", "FluxTransformer2DModel");
  const auto text = checkpoint::text_encoder_json(config.text_encoder);
  unknown(checkpoint::read_text_encoder_config, text, "model_type", "llama");
  unknown(checkpoint::read_text_encoder_config, text, "attention_bias", true);
  unknown(checkpoint::read_vae_config, checkpoint::vae_json(config.vae), "act_fn", "gelu");
  const auto scheduler = checkpoint::scheduler_json(config.scheduler);
  unknown(checkpoint::read_scheduler_config, scheduler, "use_dynamic_shifting", true);
  unknown(checkpoint::read_scheduler_config, scheduler, "shift_terminal", 0.1);
  unknown(checkpoint::read_scheduler_config, scheduler, "num_train_timesteps", 500);
}

BOOST_AUTO_TEST_CASE(reads_rope_theta_in_either_place) {
  auto config = json::parse(checkpoint::text_encoder_json(tiny_config().text_encoder));
  config.erase("rope_theta");
  config["rope_parameters"] = {{"rope_theta", 5000.0}, {"rope_type", "default"}};
  BOOST_TEST(checkpoint::read_text_encoder_config(with(config.dump())).rope_theta == 5000.0);
  for (const char* key : {"rope_type", "type"}) {
    auto scaled = config;
    scaled["rope_parameters"][key] = "yarn";
    expect_error(ErrorCode::kUnsupported, {"rope_parameters", key, "yarn"},
                 [&] { checkpoint::read_text_encoder_config(with(scaled.dump())); });
    scaled.erase("rope_parameters");
    scaled["rope_theta"] = 5000.0;
    scaled["rope_scaling"] = {{key, "yarn"}, {"factor", 4.0}};
    expect_error(ErrorCode::kUnsupported, {"rope_scaling", key, "yarn"},
                 [&] { checkpoint::read_text_encoder_config(with(scaled.dump())); });
    scaled["rope_scaling"] = {{key, "default"}};
    BOOST_TEST(checkpoint::read_text_encoder_config(with(scaled.dump())).rope_theta == 5000.0);
  }
  // transformers 5 takes what stands within before what stands beside, and rope_scaling before rope_parameters.
  auto both = config;
  both["rope_theta"] = 7.0;
  BOOST_TEST(checkpoint::read_text_encoder_config(with(both.dump())).rope_theta == 5000.0);
  both["rope_scaling"] = {{"rope_theta", 300.0}, {"rope_type", "default"}};
  BOOST_TEST(checkpoint::read_text_encoder_config(with(both.dump())).rope_theta == 300.0);
  both["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 2.0}};
  expect_error(ErrorCode::kUnsupported, {"rope_scaling", "linear"},
               [&] { checkpoint::read_text_encoder_config(with(both.dump())); });
  config.erase("rope_parameters");
  expect_error(ErrorCode::kBadModel, {"rope_theta"},
               [&] { checkpoint::read_text_encoder_config(with(config.dump())); });
}

BOOST_AUTO_TEST_CASE(takes_a_switch_that_is_null_for_off) {
  const auto text = checkpoint::vae_json(tiny_config().vae);
  BOOST_TEST(!checkpoint::read_vae_config(with(text, "mid_block_add_attention")).mid_block_add_attention);
  BOOST_TEST(!checkpoint::read_vae_config(with(text, "use_post_quant_conv")).use_post_quant_conv);
  auto config = json::parse(text);
  config.erase("mid_block_add_attention");
  BOOST_TEST(checkpoint::read_vae_config(with(config.dump())).mid_block_add_attention);
}

BOOST_AUTO_TEST_CASE(refuses_widths_that_do_not_divide) {
  const auto config = tiny_config();
  const auto refused = [&](auto&& read, const std::string& text, const std::string& key, const json& value,
                           const std::string& word) {
    expect_error(ErrorCode::kBadModel, {path, word}, [&] { read(with(text, key, value)); });
  };
  const auto transformer = checkpoint::transformer_json(config.transformer);
  refused(checkpoint::read_transformer_config, transformer, "n_heads", 5, "no multiple of 'n_heads' 5");
  refused(checkpoint::read_transformer_config, transformer, "axes_dims", {8, 12, 14}, "together 34");
  refused(checkpoint::read_transformer_config, transformer, "axes_dims", {9, 11, 12}, "odd width 9");
  refused(checkpoint::read_transformer_config, transformer, "axes_dims", {16, 16}, "three integers");
  const auto vae = checkpoint::vae_json(config.vae);
  refused(checkpoint::read_vae_config, vae, "norm_num_groups", 5, "'norm_num_groups' 5");
  refused(checkpoint::read_vae_config, vae, "norm_num_groups", 0, "'norm_num_groups' as 0");
  refused(checkpoint::read_vae_config, vae, "block_out_channels", json::array(), "block_out_channels");
  const auto text = checkpoint::text_encoder_json(config.text_encoder);
  refused(checkpoint::read_text_encoder_config, text, "num_key_value_heads", 3, "3 key-value heads");
}

BOOST_AUTO_TEST_CASE(refuses_parts_that_do_not_fit) {
  auto config = tiny_config();
  config.transformer.cap_feat_dim = 65;
  expect_error(ErrorCode::kBadModel, {"'cap_feat_dim'", "65", "64"}, [&] { checkpoint::check_fit(config, "'m'"); });
  config = tiny_config();
  config.vae.latent_channels = 4;
  expect_error(ErrorCode::kBadModel, {"'latent_channels'", "16", "4"}, [&] { checkpoint::check_fit(config, "'m'"); });
}

BOOST_AUTO_TEST_CASE(defaults_follow_the_shift_unless_zimg_json_says_otherwise) {
  auto config = tiny_config();
  const auto read = [&] { return checkpoint::read_defaults({path, "folder"}, config); };
  auto defaults = read();
  BOOST_TEST(defaults.name == "folder");
  BOOST_TEST(defaults.width == 1024u);
  BOOST_TEST(defaults.steps == 8u);
  BOOST_TEST(defaults.guidance == 0.0);
  config.scheduler.shift = 6;
  BOOST_TEST(read().steps == 50u);
  BOOST_TEST(read().guidance == 4.0);
  with(R"({"name":"mine","width":256,"height":320,"steps":4,"guidance":1.5})");
  defaults = read();
  BOOST_TEST(defaults.name == "mine");
  BOOST_TEST(defaults.width == 256u);
  BOOST_TEST(defaults.height == 320u);
  BOOST_TEST(defaults.steps == 4u);
  BOOST_TEST(defaults.guidance == 1.5);
}

BOOST_AUTO_TEST_CASE(a_name_is_UTF_8_without_NUL) {
  const auto read = [&] { return checkpoint::read_defaults({path, "mod\xe8le"}, tiny_config()); };
  BOOST_TEST(read().name == "mod\uFFFDle");
  with("{}");
  BOOST_TEST(read().name == "mod\uFFFDle");
  with(R"({"name":"modèle, \"mine\""})");
  BOOST_TEST(read().name == "modèle, \"mine\"");
  with(R"({"name":"a\u0000b"})");
  expect_error(ErrorCode::kBadModel, {path, R"('name' as "a\u0000b", expected a string without NUL)"}, read);
  zimg_test::write_text(path, "{\"name\":\"mod\xe8le\"}");
  expect_error(ErrorCode::kBadModel, {path, "UTF-8"}, read);
}

BOOST_AUTO_TEST_CASE(a_name_is_as_long_as_an_entry_of_a_cache_takes) {
  const auto read = [&](const std::string& name) { return checkpoint::read_defaults({path, name}, tiny_config()); };
  BOOST_TEST(read(std::string(255, 'a')).name == std::string(255, 'a'));
  BOOST_TEST(read(std::string(254, 'a') + "\xe8").name == std::string(254, 'a'));  // three bytes as U+FFFD
  with("{\"name\":\"" + std::string(255, 'b') + "\"}");
  BOOST_TEST(read("folder").name == std::string(255, 'b'));
  with("{\"name\":\"" + std::string(256, 'b') + "\"}");
  expect_error(ErrorCode::kBadModel, {path, "'name'", "at most 255 bytes"}, [&] { read("folder"); });
}

BOOST_AUTO_TEST_CASE(refuses_defaults_that_cannot_be_drawn) {
  const auto refused = [&](const std::string& text, std::initializer_list<std::string> words) {
    with(text);
    expect_error(ErrorCode::kBadModel, words, [&] { checkpoint::read_defaults({path, "folder"}, tiny_config()); });
  };
  refused(R"({"width":250})", {path, "'width' as 250", "multiple of 16"});
  refused(R"({"height":100000})", {"'height'", "100000"});
  refused(R"({"steps":0})", {"'steps'"});
  refused(R"({"steps":1001})", {"'steps'"});
  refused(R"({"guidance":-1})", {"'guidance'"});
  refused(R"({"guidance":100.5})", {"'guidance' as 100.5"});  // a request could not ask for it either
  refused(R"({"name":7})", {"'name'"});
}

BOOST_AUTO_TEST_CASE(no_side_and_no_area_goes_beyond_what_a_picture_may_have) {
  auto config = tiny_config();
  BOOST_TEST(config.max_side() == 8192u);
  config.transformer.axes_lens = {1536, 1 << 20, 2048};
  BOOST_TEST(config.max_side() == 16384u);  // 2048 tokens reach 32768
  const auto read = [&] { return checkpoint::read_defaults({path, "folder"}, config); };
  with(R"({"width":16384,"height":4096})");
  BOOST_TEST(read().width == 16384u);
  with(R"({"width":16400})");
  expect_error(ErrorCode::kBadModel, {path, "'width' as 16400", "16384"}, read);
  with(R"({"width":16384,"height":4112})");
  expect_error(ErrorCode::kBadModel, {path, "'width' 16384", "'height' 4112", "67371008", "at most 67108864"}, read);
}

BOOST_AUTO_TEST_CASE(a_model_can_tile_where_a_quarter_of_a_tile_is_whole_latents) {
  checkpoint::VaeConfig vae;  // 8 pixels a latent
  const auto can_tile = [&](std::int64_t sample_size) {
    vae.sample_size = sample_size;
    return vae.can_tile();
  };
  for (const int sound : {32, 64, 96, 1024}) BOOST_TEST(can_tile(sound), sound);
  for (const int odd : {1, 8, 40, 48, 1030}) BOOST_TEST(!can_tile(odd), odd);
  vae.block_out_channels = {16, 16, 16, 64, 128};  // as the built-in model: 16 pixels a latent
  BOOST_TEST(can_tile(256));
  BOOST_TEST(!can_tile(32));
}

BOOST_AUTO_TEST_SUITE_END()
