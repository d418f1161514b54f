#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <set>

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

// The files and folders that were synced, by device and inode.
std::set<std::pair<dev_t, ino_t>> synced;

bool is_synced(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && synced.count({status.st_dev, status.st_ino}) == 1;
}

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

// The current folder of this process while it lives.
struct CurrentFolder {
  fs::path before = fs::current_path();

  explicit CurrentFolder(const std::string& path) { fs::current_path(path); }
  ~CurrentFolder() { fs::current_path(before); }
};

}  // namespace

// In the place of the C library's: keeps what it was called for.
extern "C" int fsync(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) == 0) synced.emplace(status.st_dev, status.st_ino);
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

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

BOOST_AUTO_TEST_CASE(syncs_every_file_and_folder) {
  synced.clear();
  convert_model(builtin, out, WeightType::kBf16, nullptr);
  BOOST_TEST(is_synced(folder.path()));
  BOOST_TEST(is_synced(out));
  BOOST_TEST(fs::exists(out + "/tokenizer/tokenizer.json"));
  for (const auto& entry : fs::recursive_directory_iterator(out)) BOOST_TEST(is_synced(entry.path()), entry.path());
}

// Links, "." and ".." are where the system has them, and the model is where the path leads.
BOOST_AUTO_TEST_CASE(follows_the_path_as_the_system_does) {
  const auto lands = [&](const std::string& to, const std::string& place) {
    convert_model(builtin, to, WeightType::kBf16, nullptr);
    BOOST_TEST(zimg::inspect_model(place).problems.empty(), to);
    BOOST_TEST(fs::equivalent(to, place), to);
    fs::remove_all(place);
  };
  fs::create_directories(folder.path("elsewhere/deep"));
  fs::create_directory(folder.path("empty"));
  fs::create_directory_symlink(folder.path("elsewhere/deep"), folder.path("link"));
  fs::create_directory_symlink("empty", folder.path("to_empty"));
  fs::create_directory_symlink("elsewhere/new", folder.path("to_new"));
  lands(folder.path("link/../out"), folder.path("elsewhere/out"));
  lands(folder.path("link/out//"), folder.path("elsewhere/deep/out"));
  lands(folder.path("to_empty"), folder.path("empty"));
  lands(folder.path("to_new/"), folder.path("elsewhere/new"));
  const CurrentFolder here(folder.path("elsewhere"));
  lands("out", folder.path("elsewhere/out"));
  lands("./deep/../out/", folder.path("elsewhere/out"));
  BOOST_TEST(fs::is_symlink(folder.path("to_empty")));
  BOOST_TEST(entries() == 4u);  // elsewhere and the three links
}

BOOST_AUTO_TEST_CASE(takes_a_name_as_long_as_names_may_be) {
  convert_model(builtin, folder.path(std::string(255, 'n')), WeightType::kBf16, nullptr);
  BOOST_TEST(entries() == 1u);
}

BOOST_AUTO_TEST_CASE(takes_no_folder_that_another_conversion_left) {
  const std::string left = folder.path(".zimg-" + std::to_string(::getpid()) + "-0.tmp");
  zimg_test::write_text(left + "/left", "x");
  convert_model(builtin, out, WeightType::kBf16, nullptr);
  BOOST_TEST(fs::exists(left + "/left"));
  BOOST_TEST(!fs::exists(out + "/left"));
  BOOST_TEST(entries() == 2u);
}

BOOST_AUTO_TEST_CASE(refuses_places_it_cannot_write_to) {
  zimg_test::write_text(folder.path("full/file"), "x");
  const auto refused = [&](const std::string& to, ErrorCode code, const std::string& word) {
    const auto no_work = [](std::uint64_t, std::uint64_t) { BOOST_ERROR("it began to work"); };
    expect_error(code, {word}, [&] { convert_model(builtin, to, WeightType::kBf16, no_work); });
  };
  refused(folder.path("full"), ErrorCode::kInvalidArgument, "not empty");
  refused(folder.path("full/file"), ErrorCode::kInvalidArgument, "no folder");
  refused("", ErrorCode::kInvalidArgument, "no folder");
  refused(folder.path("none/out"), ErrorCode::kIo, "none/out");
  refused(folder.path("none/../out"), ErrorCode::kIo, "none/../out");
  refused(folder.path("full/file/out"), ErrorCode::kIo, "full/file/out");
  refused(folder.path(std::string(256, 'n')), ErrorCode::kIo, "too long");
  fs::create_directory_symlink("loop", folder.path("loop"));
  refused(folder.path("loop"), ErrorCode::kIo, "loop");
  if (fs::exists("/dev/shm") && fs::is_empty("/dev/shm")) {
    refused("/dev/shm", ErrorCode::kInvalidArgument, "mount point");
  }
}

// What would take its place is another folder: a shell in this one would be left in one that is gone.
BOOST_AUTO_TEST_CASE(refuses_the_current_folder) {
  fs::create_directory(folder.path("here"));
  const CurrentFolder here(folder.path("here"));
  for (const std::string& to : {std::string("."), std::string("../here/"), folder.path("here")}) {
    expect_error(ErrorCode::kInvalidArgument, {"'" + to + "'", "current folder"},
                 [&] { convert_model(builtin, to, WeightType::kBf16, nullptr); });
  }
  BOOST_TEST(entries() == 1u);
}

BOOST_AUTO_TEST_CASE(refuses_numbers_that_the_type_cannot_hold) {
  const zimg_test::ModelFixture model;
  const auto path = model.path("vae/diffusion_pytorch_model.safetensors");
  std::string content = zimg_test::read_text(path);
  content.replace(content.size() - 2, 2, "\x80\x47");  // 65536 in bf16
  zimg_test::write_text(path, content);
  expect_error(ErrorCode::kInvalidArgument, {path, "too large for F16, expected BF16 or F32"},
               [&] { convert_model(model.path(), out, WeightType::kFp16, nullptr); });
  zimg_test::write_safetensors(path, model.expected(Part::kVae), "F32");
  content = zimg_test::read_text(path);
  content.replace(content.size() - 4, 4, "\xff\xff\x7f\x7f");  // the largest in fp32
  zimg_test::write_text(path, content);
  expect_error(ErrorCode::kInvalidArgument, {"tensor '", path, "too large for BF16, expected F32"},
               [&] { convert_model(model.path(), out, WeightType::kBf16, nullptr); });
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
