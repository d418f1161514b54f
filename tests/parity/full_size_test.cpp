// The released model in its full size, all zeros: names, shapes, loading in place, memory. Says what it measured.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "base/file.hpp"
#include "base/json.hpp"
#include "checkpoint/model_folder.hpp"
#include "checkpoint/weight_writer.hpp"
#include "engine/pipeline/sample.hpp"
#include "models/released_model.hpp"
#include "temporary_folder.hpp"
#include "tokenizer/tokenizer.hpp"
#include "zimg/model.hpp"

namespace {

using namespace zimg;
using checkpoint::DType;
using checkpoint::ModelFolder;
using checkpoint::Part;
using zimg_test::TemporaryFolder;

constexpr double kGigabyte = 1e9;
constexpr double kGibibyte = 1024.0 * 1024 * 1024;
const engine::CheckCancelled kNeverCancelled = [] {};

// Both are made once: 521 + 398 + 244 headers and 151,643 pieces of vocabulary each.
const std::string& released_model() {
  static const TemporaryFolder folder;
  static const bool is_written = [] { return zimg_test::write_released_model(folder.path(), "F32"), true; }();
  BOOST_REQUIRE(is_written);
  return folder.path();
}

const std::string& model_in_bf16() {
  static const TemporaryFolder folder;
  static const bool is_written = [] { return zimg_test::write_released_model(folder.path(), "BF16"), true; }();
  BOOST_REQUIRE(is_written);
  return folder.path();
}

// "RssAnon", "VmHWM", …: bytes.
double memory_of_process(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == field + ":" && status >> kibibytes) return kibibytes * 1024;
  }
  BOOST_FAIL("the system does not tell " + field);
  return 0;
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double cpu_seconds_to_load(engine::ModelParts& parts) {
  const double start = cpu_seconds();
  parts.text_encoder();
  parts.denoiser();
  return cpu_seconds() - start;
}

std::uint64_t total_size_of(const std::string& index) {
  const std::string text = base::read_file(index, 1 << 24, ErrorCode::kIo);
  return base::parse_json(text, index, ErrorCode::kIo).at("metadata").at("total_size").get<std::uint64_t>();
}

// Octets on the disk, not the lengths of files.
std::uint64_t disk_taken(const std::string& folder) {
  std::uint64_t taken = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat status {};
    BOOST_REQUIRE(::stat(entry.path().c_str(), &status) == 0);
    taken += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return taken;
}

engine::ComputePlan bf16_plan() {
  engine::ComputePlan plan;
  plan.text_encoder = plan.denoiser = plan.vae = engine::PrecisionChoice::kBf16;
  plan.threads = static_cast<std::uint32_t>(at::get_num_threads());
  return plan;
}

const ModelPart& part_of(const ModelInspection& model, const std::string& role) {
  for (const ModelPart& part : model.parts) {
    if (part.role == role) return part;
  }
  BOOST_FAIL("there is no part " + role);
  return model.parts.front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(full_size)

BOOST_AUTO_TEST_CASE(every_name_and_shape_of_the_release_is_found) {
  const std::string& folder = released_model();
  const ModelInspection model = inspect_model(folder);
  for (const std::string& problem : model.problems) BOOST_ERROR(problem);
  BOOST_TEST(model.layout == "released");
  BOOST_TEST(model.width == 1024u);
  BOOST_TEST(model.steps == 8u);
  BOOST_TEST(model.max_side == 8192u);

  const ModelPart& text_encoder = part_of(model, "text_encoder");
  BOOST_TEST(text_encoder.tensors == 398u);
  BOOST_TEST(text_encoder.files.size() == 3u);
  BOOST_TEST(text_encoder.parameters == 4'022'468'096u);
  BOOST_TEST(text_encoder.dtypes == "BF16");
  BOOST_TEST(text_encoder.bytes == total_size_of(folder + "/text_encoder/model.safetensors.index.json"));

  const ModelPart& transformer = part_of(model, "transformer");
  BOOST_TEST(transformer.tensors == 521u);
  BOOST_TEST(transformer.files.size() == 3u);
  BOOST_TEST(transformer.parameters == 6'154'908'736u);
  BOOST_TEST(transformer.dtypes == "F32");
  BOOST_TEST(transformer.bytes ==
             total_size_of(folder + "/transformer/diffusion_pytorch_model.safetensors.index.json"));

  const ModelPart& vae = part_of(model, "vae");
  BOOST_TEST(vae.tensors == 138u + 106u);
  BOOST_TEST(vae.parameters == 83'819'683u);
  BOOST_TEST(disk_taken(folder) < 50'000'000u);
}

BOOST_AUTO_TEST_CASE(a_tensor_of_another_shape_is_found_out) {
  const std::string& folder = released_model();
  checkpoint::ModelConfig config = ModelFolder::open(folder).config();
  config.transformer.n_layers = 31;
  const auto weights = ModelFolder::open(folder).open_weights(Part::kTransformer);
  std::size_t missing = 0;
  for (const auto& tensor : checkpoint::expected_tensors(Part::kTransformer, config)) {
    missing += weights->has(tensor.name) ? 0 : 1;
  }
  BOOST_TEST(missing == 15u);
  BOOST_CHECK_THROW(weights->tensor("layers.29.feed_forward.w2.weight", {10240, 3840}), Error);
}

BOOST_AUTO_TEST_CASE(what_nothing_reads_is_not_opened) {
  const ModelFolder model = ModelFolder::open(released_model());
  BOOST_TEST(model.weight_files(Part::kTextEncoder).size() == 2u);  // the third shard is the last layer alone
  const auto weights = model.open_weights(Part::kTextEncoder);
  BOOST_TEST(weights->has("model.layers.34.mlp.up_proj.weight"));
  BOOST_TEST(!weights->has("model.layers.35.self_attn.q_proj.weight"));
  BOOST_TEST(!weights->has("model.norm.weight"));
}

BOOST_AUTO_TEST_CASE(the_vocabulary_follows_from_the_merges) {
  const auto tokenizer = tokenizer::Tokenizer::open(released_model() + "/tokenizer");
  using Ids = std::vector<tokenizer::TokenId>;
  BOOST_TEST(tokenizer.id_end() == 151669u);
  BOOST_TEST(tokenizer.encode("Hello world") == (Ids{9707, 1879}), boost::test_tools::per_element());
  BOOST_TEST(tokenizer.encode_prompt("\nfoo") == (Ids{151644, 872, 271, 7975, 151645, 198, 151644, 77091, 198}),
             boost::test_tools::per_element());
  BOOST_TEST(tokenizer.encode_prompt("一只可爱的猫") ==
                 (Ids{151644, 872, 198, 102292, 108541, 100472, 151645, 198, 151644, 77091, 198}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_release_is_refused_where_memory_would_not_do) {
  const ModelFolder model = ModelFolder::open(released_model());
  engine::ModelParts parts(model, bf16_plan(), [] { return std::uint64_t{12'000'000'000}; });
  BOOST_CHECK_EXCEPTION(parts.denoiser(), Error, [](const Error& e) {
    const std::string sentence = e.what();
    BOOST_TEST_MESSAGE(sentence);
    return e.code() == ErrorCode::kOutOfMemory && sentence.find("12.3 GB") != std::string::npos &&
           sentence.find("12.0 GB of memory are available") != std::string::npos &&
           sentence.find("`zimg convert`") != std::string::npos;
  });
  BOOST_CHECK_NO_THROW(parts.text_encoder());  // bf16 as it lies
  BOOST_TEST(memory_of_process("RssAnon") < kGigabyte);
}

BOOST_AUTO_TEST_CASE(converting_makes_what_is_used_in_place) {
  const ModelFolder model = ModelFolder::open(released_model());
  const checkpoint::PartWeights weights(Part::kTransformer, model.stored_weight_files(Part::kTransformer), 4);
  BOOST_TEST(checkpoint::written_bytes(weights, DType::kBf16) == 12'309'817'472u);
  const auto converted = ModelFolder::open(model_in_bf16()).open_weights(Part::kTransformer);
  BOOST_TEST(engine::bytes_to_load(*converted, bf16_plan().placement(engine::PrecisionChoice::kBf16)) == 0u);
}

BOOST_AUTO_TEST_CASE(weights_load_in_place_and_a_step_runs_in_24_gib) {
  const c10::InferenceMode no_gradients;
  const double first = [] {
    engine::ModelParts once(ModelFolder::open(model_in_bf16()), bf16_plan());
    return cpu_seconds_to_load(once);
  }();
  engine::ModelParts parts(ModelFolder::open(model_in_bf16()), bf16_plan());
  const double again = cpu_seconds_to_load(parts);
  const engine::Denoiser* const denoiser = &parts.denoiser();
  const double loaded = cpu_seconds();
  const double anonymous = memory_of_process("RssAnon");
  BOOST_TEST_MESSAGE("loading took " << first << " s of the CPU, again " << again << " s, and left " << anonymous / 1e6
                                     << " MB of anonymous memory");
  BOOST_TEST(std::min(first, again) < 2);  // of two, since other work on the machine slows either
  BOOST_TEST(anonymous < kGigabyte);

  DrawingOrder order;
  order.width = order.height = 256;
  order.sigmas = {1.0f};
  order.seed = 42;
  const auto tokenizer = tokenizer::Tokenizer::open(parts.model().tokenizer_path());
  const engine::TextRows text{parts.text_encoder().encode(tokenizer.encode_prompt("a lovely cat"), kNeverCancelled),
                              {}};
  const double text_seconds = cpu_seconds() - loaded;
  const at::Tensor latents = engine::sample(
      parts, order, text, [](auto&&...) {}, kNeverCancelled);
  BOOST_TEST(&parts.denoiser() == denoiser);  // nothing had to make room
  const double peak = memory_of_process("VmHWM");
  BOOST_TEST_MESSAGE("encoding took " << text_seconds << " s of the CPU, the step "
                                      << cpu_seconds() - loaded - text_seconds << " s; peak memory " << peak / kGibibyte
                                      << " GiB, of it anonymous at the end "
                                      << memory_of_process("RssAnon") / kGibibyte);
  BOOST_TEST(text.positive.sizes() == at::IntArrayRef({11, 2560}));
  BOOST_TEST(latents.sizes() == at::IntArrayRef({16, 32, 32}));
  BOOST_TEST(latents.isfinite().all().item<bool>());
  BOOST_TEST(peak < 24 * kGibibyte);
}

BOOST_AUTO_TEST_SUITE_END()
