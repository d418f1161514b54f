#include "generator/engine_profile.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "unit/generator/fake_torch.hpp"
#include "unit/generator/is_error.hpp"
#include "zimg/zimg.hpp"

using namespace zimg;
using namespace zimg::generator;
using zimg_test::is_error;
namespace fs = std::filesystem;

namespace {

// A sound engine of its own, in a process that has a libtorch, with an empty home.
struct Fixture {
  Fixture() {
    ::setenv("XDG_CACHE_HOME", home.path().c_str(), 1);
    fs::copy(std::string(ZIMG_FAKE_ENGINES) + "/sound.so", location.module_path);
    open_engine(location);
    torch = std::make_unique<zimg_test::FakeTorch>("9.9.9");
  }

  EngineProfile profile(Device device = Device::kAuto, Precision precision = Precision::kAuto, unsigned threads = 0) {
    return engine_profile(location, device, precision, threads);
  }

  // How often the engine was asked.
  int asked() const {
    void* module = ::dlopen(location.module_path.c_str(), RTLD_NOW | RTLD_LOCAL);
    return reinterpret_cast<int (*)()>(::dlsym(module, "fake_engine_resolutions"))();
  }

  std::string only_profile() const {
    std::string path;
    for (const auto& file : fs::directory_iterator(home.path("zimg/profiles"))) path = file.path();
    return path;
  }

  static std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  zimg_test::TemporaryFolder home;
  zimg_test::TemporaryFolder folder;
  EngineLocation location{folder.path("engine.so"), ""};
  std::unique_ptr<zimg_test::FakeTorch> torch;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(profile_of_the_engine, Fixture)

BOOST_AUTO_TEST_CASE(asks_the_engine_once_and_remembers) {
  const EngineProfile first = profile();
  const EngineProfile second = profile();
  BOOST_TEST(asked() == 1);
  BOOST_TEST((second.device == Device::kCpu));
  BOOST_TEST((second.denoiser_precision == Precision::kBf16));
  BOOST_TEST((second.vae_precision == Precision::kFp32));
  BOOST_TEST(second.numerics_version == 7u);
  for (const Fingerprint fingerprint : {Fingerprint::kPortable, Fingerprint::kStrict}) {
    BOOST_TEST(fingerprint_text(first, fingerprint) == fingerprint_text(second, fingerprint));
  }
  struct stat status {};
  BOOST_REQUIRE(::stat(only_profile().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(writes_fingerprints_as_documented) {
  BOOST_TEST(fingerprint_text(profile(), Fingerprint::kPortable) ==
             "zimg-numerics=7;device=cpu;text=bf16;denoiser=bf16;vae=fp32");
  const std::string strict =
      "zimg-numerics=7;device=cpu;text=bf16;denoiser=bf16;vae=fp32;model=a fake CPU;libtorch=9.9.9;threads=2;zimg=";
  BOOST_TEST(fingerprint_text(profile(), Fingerprint::kStrict) == strict + zimg::version());
}

BOOST_AUTO_TEST_CASE(a_strict_fingerprint_holds_what_makes_libraries_round_otherwise) {
  const auto strict = [&] { return fingerprint_text(profile(), Fingerprint::kStrict); };
  const std::string usual = strict();
  ::setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
  ::setenv("ATEN_CPU_CAPABILITY", "default", 1);
  BOOST_TEST(strict() == usual + ";settings=ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=AVX2");
  BOOST_TEST(strict() == usual + ";settings=ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=AVX2");
  BOOST_TEST(asked() == 2);
  BOOST_TEST(fingerprint_text(profile(), Fingerprint::kPortable).ends_with("vae=fp32"));
  ::unsetenv("ONEDNN_MAX_CPU_ISA");
  ::unsetenv("ATEN_CPU_CAPABILITY");
  BOOST_TEST(strict() == usual);
}

BOOST_AUTO_TEST_CASE(asks_again_for_other_options) {
  profile();
  BOOST_TEST((profile(Device::kCpu, Precision::kFp32).denoiser_precision == Precision::kFp32));
  BOOST_TEST(profile(Device::kAuto, Precision::kAuto, 5).threads == 5u);
  BOOST_TEST(asked() == 3);
}

BOOST_AUTO_TEST_CASE(the_last_answer_outlives_its_libtorch) {
  const auto last = [&](Device device) { return last_profile(location, device, Precision::kAuto, 0); };
  BOOST_TEST(!last(Device::kAuto).has_value());
  const EngineProfile known = profile();
  location.torch_path = folder.path("gone");
  BOOST_REQUIRE(last(Device::kAuto).has_value());
  BOOST_TEST((*last(Device::kAuto) == known));
  BOOST_TEST(!last(Device::kCpu).has_value());
  BOOST_TEST(asked() == 1);
}

BOOST_AUTO_TEST_CASE(asks_again_when_the_circumstances_change) {
  profile();
  ::setenv("CUDA_VISIBLE_DEVICES", "3", 1);
  profile();
  BOOST_TEST(asked() == 2);
  ::unsetenv("CUDA_VISIBLE_DEVICES");
  profile();
  BOOST_TEST(asked() == 2);
  ::setenv("OMP_THREAD_LIMIT", "1", 1);
  profile();
  BOOST_TEST(asked() == 3);
  ::unsetenv("OMP_THREAD_LIMIT");
  std::ofstream(torch->library(), std::ios::app) << "another release";
  profile();
  BOOST_TEST(asked() == 4);
  const timespec never[2] = {{1, 0}, {1, 0}};
  ::utimensat(AT_FDCWD, location.module_path.c_str(), never, 0);
  profile();
  BOOST_TEST(asked() == 5);
}

// As one does who gives all users of a machine another libtorch. This process has the first one loaded until its end.
BOOST_AUTO_TEST_CASE(asks_again_when_a_link_leads_to_another_libtorch) {
  const zimg_test::TemporaryFolder other;
  fs::create_directory(other.path("lib"));
  std::ofstream(other.path("lib/libtorch_cpu.so")) << "another library";
  const std::string first = fs::path(torch->library()).parent_path().parent_path();
  const std::string link = folder.path("torch");  // where the engine's RUNPATH leads
  const auto lead_to = [&](const std::string& target) {
    fs::remove(link);
    fs::create_directory_symlink(target, link);
  };
  int expected = 0;
  const auto check = [&] {
    lead_to(first);
    profile();
    profile();
    BOOST_TEST(asked() == ++expected);
    lead_to(other.path());
    profile();
    BOOST_TEST(asked() == ++expected);
    profile();  // is not remembered: it was the first that answered
    BOOST_TEST(asked() == ++expected);
    lead_to(first);
    profile();
    BOOST_TEST(asked() == expected);
  };
  check();
  location.torch_path = link;
  check();
  location.torch_path.clear();
  ::setenv("LD_LIBRARY_PATH", ("/nowhere:" + link + "/lib").c_str(), 1);
  check();
  ::unsetenv("LD_LIBRARY_PATH");
}

BOOST_AUTO_TEST_CASE(asks_again_where_the_profile_is_damaged) {
  profile();
  const std::string path = only_profile();
  const std::string sound = read(path);
  int expected = 1;
  std::string unknown = sound;
  unknown.replace(unknown.find("\"device\": 1"), 11, "\"device\": 9");
  std::string unresolved = sound;
  unresolved.replace(unresolved.find("\"vae_precision\": 1"), 18, "\"vae_precision\": 0");
  std::string mistyped = sound;
  mistyped.replace(mistyped.find("\"threads\": 2"), 12, "\"threads\": {}");
  for (const std::string& damage : {std::string(), std::string("{"), std::string("[1]"), std::string("null"),
                                    std::string(100000, ' '), unknown, unresolved, mistyped}) {
    std::ofstream(path, std::ios::trunc) << damage;
    BOOST_TEST(fingerprint_text(profile(), Fingerprint::kPortable).ends_with("vae=fp32"));
    BOOST_TEST(asked() == ++expected);
    BOOST_TEST(read(path) == sound);
  }
}

// As if there had been a GPU when the profile was written.
BOOST_AUTO_TEST_CASE(what_another_device_draws_is_not_kept_under_the_key_of_the_remembered_one) {
  GeneratorOptions options;
  options.model = std::string(ZIMG_SOURCE_DIR) + "/src/builtin_model/model";
  options.engine_path = location.module_path;
  Request request;
  request.prompt = "a red circle";
  const std::string key = Generator(options).key(request).hex();
  const std::string path = only_profile();
  const std::string sound = read(path);
  std::string stale = sound;
  stale.replace(stale.find("\"device\": 1"), 11, "\"device\": 2");
  std::ofstream(path, std::ios::trunc) << stale;

  const auto cache = make_memory_cache(64u << 20);
  Generator generator(options, cache);
  Result first = generator.generate(request);
  generator.drain();
  first.report.refresh_stored();
  BOOST_TEST(first.report.key.hex() != key);
  BOOST_TEST((first.report.stored == Stored::kNo));
  BOOST_TEST(first.report.store_note.find("device=cpu") != std::string::npos, first.report.store_note);
  BOOST_TEST(cache->stats().entries == 0u);
  BOOST_TEST(read(path) == sound);

  Result second = generator.generate(request);
  generator.drain();
  second.report.refresh_stored();
  BOOST_TEST(second.report.key.hex() == key);
  BOOST_TEST((second.report.stored == Stored::kYes));
  BOOST_TEST(generator.generate(request).report.is_hit());
}

BOOST_AUTO_TEST_CASE(a_home_that_cannot_be_written_costs_the_asking_alone) {
  std::ofstream(folder.path("file")) << "no folder";
  ::setenv("XDG_CACHE_HOME", folder.path("file").c_str(), 1);
  BOOST_TEST((profile().device == Device::kCpu));
  BOOST_TEST((profile().device == Device::kCpu));
  BOOST_TEST(asked() == 2);
}

BOOST_AUTO_TEST_CASE(passes_on_what_the_engine_refuses) {
  BOOST_CHECK_EXCEPTION(profile(Device::kAuto, Precision::kFp16), Error,
                        is_error(ErrorCode::kUnsupported, "fp16 needs a GPU"));
  BOOST_CHECK_EXCEPTION(profile(Device::kCuda), Error, is_error(ErrorCode::kInternal, "unresolved"));
  BOOST_TEST(!fs::exists(home.path("zimg/profiles")));
}

BOOST_AUTO_TEST_SUITE_END()
