#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "checkpoint/model_folder.hpp"
#include "checkpoint/part_weights.hpp"
#include "checkpoint/weight_writer.hpp"
#include "expect_error.hpp"
#include "model_fixture.hpp"
#include "zimg/model.hpp"

namespace {

namespace fs = std::filesystem;
using zimg::convert_model;
using zimg::ErrorCode;
using zimg::WeightType;
using zimg::checkpoint::DType;
using zimg::checkpoint::ModelFolder;
using zimg::checkpoint::Part;
using zimg::checkpoint::PartWeights;
using zimg_test::expect_error;

struct Folder {
  zimg_test::TemporaryFolder folder;
  std::string out = folder.path("out");
  std::string builtin = std::string(ZIMG_SOURCE_DIR) + "/src/builtin_model/model";

  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
  }
};

bool hold_the_same(const ModelFolder& one, const ModelFolder& other, Part part) {
  const auto left = one.open_weights(part);
  const auto right = other.open_weights(part);
  const auto tensors = right->tensors();
  return !tensors.empty() && std::all_of(tensors.begin(), tensors.end(), [&](const auto& tensor) {
    const auto same = left->tensor(tensor.name, tensor.shape);
    return same.size_bytes == tensor.size_bytes && std::memcmp(same.data, tensor.data, tensor.size_bytes) == 0;
  });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conversion, Folder)

BOOST_AUTO_TEST_CASE(to_more_bits_and_back_changes_no_bit) {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  convert_model(builtin, out, WeightType::kFp32, [&](std::uint64_t now, std::uint64_t all) {
    BOOST_TEST(now > done);
    done = now;
    total = all;
  });
  BOOST_TEST(done == total);
  BOOST_TEST(zimg::inspect_model(out).problems.empty());
  BOOST_TEST(zimg::inspect_model(out).parts[1].dtypes == "F32");
  BOOST_TEST(zimg::inspect_model(out).name == zimg::inspect_model(builtin).name);
  BOOST_TEST(zimg_test::read_text(out + "/text_encoder/config.json").find("float32") != std::string::npos);

  const std::string back = folder.path("back");
  fs::create_directory(back);  // an empty folder may be there
  convert_model(out, back + "/", WeightType::kBf16, nullptr);
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    BOOST_TEST(hold_the_same(ModelFolder::open(builtin), ModelFolder::open(back), part));
  }
  BOOST_TEST(entries() == 2u);  // nothing else was left
}

BOOST_AUTO_TEST_CASE(writes_shards_where_one_file_would_be_too_large) {
  const zimg_test::ModelFixture model;
  const auto path = model.path("transformer/diffusion_pytorch_model.safetensors");
  zimg_test::write_safetensors(path, model.expected(Part::kTransformer), "BF16", true);
  const PartWeights weights(Part::kTransformer, {path}, 4);
  const std::string to = folder.path("transformer");
  fs::create_directory(to);
  std::uint64_t written = 0;
  zimg::checkpoint::write_weights(
      weights, Part::kTransformer, DType::kBf16, to, [&](std::uint64_t bytes) { written += bytes; }, 300'000);
  BOOST_TEST(written == zimg::checkpoint::written_bytes(weights, DType::kBf16));
  BOOST_TEST(fs::exists(to + "/diffusion_pytorch_model.safetensors.index.json"));
  BOOST_TEST(!fs::exists(to + "/diffusion_pytorch_model.safetensors"));
  const auto before = ModelFolder::open(model.path());
  const zimg_test::ModelFixture other;
  fs::remove_all(other.path("transformer"));
  fs::copy(to, other.path("transformer"), fs::copy_options::recursive);
  fs::copy(model.path("transformer/config.json"), other.path("transformer/config.json"));
  const auto after = ModelFolder::open(other.path());
  BOOST_TEST(after.weight_files(Part::kTransformer).size() > 2u);
  BOOST_TEST(hold_the_same(before, after, Part::kTransformer));
}

BOOST_AUTO_TEST_CASE(brings_single_files_into_the_released_layout) {
  const zimg_test::ModelFixture model;
  const std::string files = folder.path("files");
  fs::create_directory(files);
  fs::copy(model.path("text_encoder/model.safetensors"), files + "/qwen_3_4b.safetensors");
  fs::copy(model.path("transformer/diffusion_pytorch_model.safetensors"), files + "/z_image.safetensors");
  fs::copy(model.path("vae/diffusion_pytorch_model.safetensors"), files + "/ae.safetensors");
  zimg_test::copy_tokenizer(files + "/tokenizer");
  convert_model(files, out, WeightType::kBf16, nullptr);
  const auto inspection = zimg::inspect_model(out);
  BOOST_TEST(inspection.problems.empty());
  BOOST_TEST(inspection.layout == "released");
  BOOST_TEST(inspection.shift == 6.0);
  BOOST_TEST(inspection.name == "files");
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_when_it_is_stopped) {
  struct Stop {};
  BOOST_CHECK_THROW(convert_model(builtin, out, WeightType::kFp32,
                                  [](std::uint64_t done, std::uint64_t total) {
                                    if (done > total / 2) throw Stop();
                                  }),
                    Stop);
  BOOST_TEST(entries() == 0u);
}

BOOST_AUTO_TEST_CASE(takes_no_folder_that_another_conversion_left) {
  const std::string left = out + ".tmp-" + std::to_string(::getpid()) + "-0";
  zimg_test::write_text(left + "/left", "x");
  convert_model(builtin, out, WeightType::kBf16, nullptr);
  BOOST_TEST(fs::exists(left + "/left"));
  BOOST_TEST(!fs::exists(out + "/left"));
  BOOST_TEST(entries() == 2u);
}

BOOST_AUTO_TEST_CASE(refuses_places_it_cannot_write_to) {
  zimg_test::write_text(folder.path("full/file"), "x");
  const auto refused = [&](const std::string& to, ErrorCode code, const std::string& word) {
    expect_error(code, {word}, [&] { convert_model(builtin, to, WeightType::kBf16, nullptr); });
  };
  refused(folder.path("full"), ErrorCode::kInvalidArgument, "not empty");
  refused(folder.path("full/file"), ErrorCode::kInvalidArgument, "no folder");
  refused("", ErrorCode::kInvalidArgument, "no folder");
  refused(folder.path("none/out"), ErrorCode::kIo, "none/out");
}

BOOST_AUTO_TEST_CASE(refuses_numbers_that_the_type_cannot_hold) {
  const zimg_test::ModelFixture model;
  const auto path = model.path("vae/diffusion_pytorch_model.safetensors");
  std::string content = zimg_test::read_text(path);
  content.replace(content.size() - 2, 2, "\x80\x47");  // 65536 in bf16
  zimg_test::write_text(path, content);
  expect_error(ErrorCode::kInvalidArgument, {"too large for F16", "BF16"},
               [&] { convert_model(model.path(), out, WeightType::kFp16, nullptr); });
  BOOST_TEST(entries() == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_an_unsound_model) {
  const zimg_test::ModelFixture model;
  model.set("text_encoder/config.json", "vocab_size", 800);
  expect_error(ErrorCode::kBadModel, {"845", "800", "vocab_size"},
               [&] { convert_model(model.path(), out, WeightType::kBf16, nullptr); });
  model.set("text_encoder/config.json", "vocab_size", 900);
  expect_error(ErrorCode::kBadModel, {"embed_tokens", "[846, 64]", "[900, 64]"},
               [&] { convert_model(model.path(), out, WeightType::kBf16, nullptr); });
  BOOST_TEST(entries() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
