#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "expect_error.hpp"
#include "model_fixture.hpp"
#include "zimg/model.hpp"

namespace {

namespace fs = std::filesystem;
using zimg::ErrorCode;
using zimg::checkpoint::Part;
using zimg_test::expect_error;
using zimg_test::ModelFixture;

void expect_problem(const ModelFixture& model, std::initializer_list<std::string> words) {
  const auto problems = zimg::inspect_model(model.path()).problems;
  const bool is_told = std::any_of(problems.begin(), problems.end(), [&](const std::string& problem) {
    return std::all_of(words.begin(), words.end(),
                       [&](const auto& word) { return problem.find(word) != std::string::npos; });
  });
  std::string all;
  for (const auto& problem : problems) all += problem + "\n";
  BOOST_CHECK_MESSAGE(is_told, "'" << *words.begin() << "' is not told, but:\n" << all);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspection)

BOOST_AUTO_TEST_CASE(tells_what_a_sound_model_is) {
  const ModelFixture model;
  const auto inspection = zimg::inspect_model(model.path(), true);
  BOOST_TEST(inspection.problems.empty());
  BOOST_TEST(inspection.layout == "released");
  BOOST_TEST(inspection.name == "model");
  BOOST_TEST(inspection.identity.size() == 64u);
  BOOST_TEST(inspection.size_step == 16u);
  BOOST_TEST(inspection.max_side == 8192u);
  BOOST_REQUIRE_EQUAL(inspection.parts.size(), 3u);
  BOOST_TEST(inspection.parts[1].role == "transformer");
  BOOST_TEST(inspection.parts[1].tensors == model.expected(Part::kTransformer).size());
  BOOST_TEST(inspection.parts[1].bytes == 2 * inspection.parts[1].parameters);
  BOOST_TEST(inspection.parts[1].dtypes == "BF16");
  BOOST_TEST(zimg::inspect_model(model.path()).identity.empty());
}

BOOST_AUTO_TEST_CASE(tells_how_far_it_has_hashed) {
  const ModelFixture model;  // written just now, so that no digest of it is remembered
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  const auto tell = [&](std::uint64_t now, std::uint64_t all) {
    BOOST_TEST(now > done);
    done = now;
    total = all;
  };
  BOOST_TEST(zimg::inspect_model(model.path(), true, tell).identity ==
             zimg::inspect_model(model.path(), true).identity);
  BOOST_TEST(done > 0u);
  BOOST_TEST(done == total);
  done = 0;
  zimg::inspect_model(model.path(), false, tell);
  BOOST_TEST(done == 0u);
}

BOOST_AUTO_TEST_CASE(ends_with_what_its_caller_throws) {
  const ModelFixture model;
  struct Stop {};
  BOOST_CHECK_THROW(zimg::inspect_model(model.path(), true, [](std::uint64_t, std::uint64_t) { throw Stop(); }), Stop);
  for (const ErrorCode code : {ErrorCode::kCancelled, ErrorCode::kIo}) {  // neither is a problem of the model
    int calls = 0;
    expect_error(code, {"enough"}, [&] {
      zimg::inspect_model(model.path(), true, [&](std::uint64_t, std::uint64_t) {
        ++calls;
        throw zimg::Error(code, "enough");
      });
    });
    BOOST_TEST(calls == 1);
  }
}

BOOST_AUTO_TEST_CASE(lists_shards_that_nothing_reads) {
  const ModelFixture model;
  model.shard_text_encoder();
  const auto inspection = zimg::inspect_model(model.path());
  BOOST_TEST(inspection.problems.empty());
  BOOST_TEST(inspection.parts[0].files.size() == 2u);
  BOOST_TEST(inspection.parts[0].tensors == model.expected(Part::kTextEncoder).size());
}

BOOST_AUTO_TEST_CASE(tells_tensor_by_tensor_what_is_wrong) {
  const ModelFixture model;
  auto tensors = model.expected(Part::kTransformer);
  tensors[0].shape[0] += 1;
  const std::string missing = tensors.back().name;
  tensors.pop_back();
  zimg_test::write_safetensors(model.path("transformer/diffusion_pytorch_model.safetensors"), tensors);
  expect_problem(model, {tensors[0].name, "[1025, 256]", "[1024, 256]"});
  expect_problem(model, {missing, "missing"});
  BOOST_TEST(zimg::inspect_model(model.path()).problems.size() == 2u);
}

BOOST_AUTO_TEST_CASE(tells_of_every_damaged_file) {
  const ModelFixture model;
  const std::string vae = model.path("vae/diffusion_pytorch_model.safetensors");
  const std::string text = model.path("text_encoder/model.safetensors");
  fs::resize_file(vae, fs::file_size(vae) - 5);
  fs::resize_file(text, 3);
  expect_problem(model, {vae, "cut"});
  expect_problem(model, {text, "cut"});
  BOOST_TEST(zimg::inspect_model(model.path()).problems.size() == 2u);
}

BOOST_AUTO_TEST_CASE(tells_of_a_vocabulary_that_does_not_fit) {
  auto config = zimg_test::tiny_config();
  config.text_encoder.vocab_size = 845;
  const ModelFixture model(config);
  expect_problem(model, {"tokenizer", "845", "vocab_size"});
}

BOOST_AUTO_TEST_CASE(tells_of_configs_and_goes_on) {
  const ModelFixture model;
  model.set("vae/config.json", "latent_channels", nullptr);
  fs::remove(model.path("transformer/diffusion_pytorch_model.safetensors"));
  expect_problem(model, {"vae/config.json", "latent_channels"});
  expect_problem(model, {"/transformer'", "no safetensors file"});
  BOOST_TEST(zimg::inspect_model(model.path()).parts[0].tensors > 0u);
}

BOOST_AUTO_TEST_CASE(names_what_is_no_model) {
  const zimg_test::TemporaryFolder empty;
  expect_error(ErrorCode::kNotFound, {empty.path("none")}, [&] { zimg::inspect_model(empty.path("none")); });
  BOOST_TEST(zimg::inspect_model(empty.path()).problems.size() == 1u);
}

BOOST_AUTO_TEST_CASE(tells_tokens_of_a_model_without_weights) {
  const ModelFixture model;
  fs::remove(model.path("transformer/diffusion_pytorch_model.safetensors"));
  const zimg::Tokenization tokenization(model.path());
  BOOST_TEST(tokenization.encode("a red circle") == (std::vector<std::uint32_t>{64, 485, 602}));
  BOOST_TEST(tokenization.encode_prompt("a").front() == 821u);
  BOOST_TEST(tokenization.piece(602) == " circle");
  const zimg_test::TemporaryFolder empty;
  expect_error(ErrorCode::kBadModel, {"holds no model"}, [&] { zimg::Tokenization{empty.path()}; });
  expect_error(ErrorCode::kNotFound, {"none"}, [&] { zimg::Tokenization{empty.path("none")}; });
}

BOOST_AUTO_TEST_SUITE_END()
