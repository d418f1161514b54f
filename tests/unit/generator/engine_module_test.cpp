#include "generator/engine_module.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "generator/torch_release.hpp"
#include "unit/generator/fake_torch.hpp"
#include "unit/generator/is_error.hpp"

using namespace zimg::generator;
using zimg::Error;
using zimg::ErrorCode;
using zimg_test::is_error;

namespace {

EngineLocation fake(const std::string& name) {
  return {std::string(ZIMG_FAKE_ENGINES) + "/" + name + ".so", ""};
}

struct Fixture {
  Fixture() { ::unsetenv("ZIMG_TORCH"); }

  zimg_test::TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(engine_module, Fixture)

BOOST_AUTO_TEST_CASE(opens_a_sound_module_once) {
  const zimg_engine_table_v1& table = open_engine(fake("sound"));
  BOOST_TEST(table.numerics_version == 7u);
  BOOST_TEST(&open_engine(fake("sound")) == &table);
}

BOOST_AUTO_TEST_CASE(refuses_every_other_with_a_sentence) {
  for (const auto& [name, words] :
       {std::pair("other_abi", "ABI 2; this is zimg "), std::pair("other_release", "engine of zimg 0.0.9"),
        std::pair("short_table", "short_table.so"), std::pair("cut_table", "cut_table.so' is no engine module"),
        std::pair("without_table", "without_table.so' is no engine module"),
        std::pair("without_entry", "it has no zimg_engine_table"), std::pair("missing", "missing.so")}) {
    for (int attempt = 0; attempt < 2; ++attempt) {  // a failure is not remembered as a success
      BOOST_CHECK_EXCEPTION(open_engine(fake(name)), Error, is_error(ErrorCode::kUnsupported, words));
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_no_library) {
  std::ofstream(folder.path("text.so")) << "no library";
  BOOST_CHECK_EXCEPTION(open_engine({folder.path("text.so"), ""}), Error, is_error(ErrorCode::kUnsupported, "text.so"));
  BOOST_CHECK_EXCEPTION(open_engine({folder.path(), ""}), Error, is_error(ErrorCode::kUnsupported, folder.path()));
}

BOOST_AUTO_TEST_CASE(refuses_a_libtorch_that_is_none) {
  std::filesystem::copy(fake("sound").module_path, folder.path("copy.so"));
  BOOST_CHECK_EXCEPTION(open_engine({folder.path("copy.so"), folder.path()}), Error,
                        is_error(ErrorCode::kUnsupported, "the libtorch in '" + folder.path() + "'"));
}

// A host, a Python say, with a libtorch of its own.
BOOST_AUTO_TEST_CASE(refuses_a_process_with_another_release_of_libtorch) {
  const zimg_test::FakeTorch torch("1.2.3");
  BOOST_TEST(loaded_torch_library() == torch.library());
  BOOST_TEST(torch_release_of(torch.library()) == "1.2.3");
  std::filesystem::copy(fake("sound").module_path, folder.path("copy.so"));
  const EngineLocation location{folder.path("copy.so"), ""};
  for (const std::string& words : {torch.library(), location.module_path, std::string("1.2.3")}) {
    BOOST_CHECK_EXCEPTION(open_engine(location), Error, is_error(ErrorCode::kUnsupported, words));
  }
}

BOOST_AUTO_TEST_CASE(shares_a_libtorch_of_its_own_release) {
  if (std::string(kBuiltWithTorch) == "none") return;  // this build has no engine and knows no release
  const zimg_test::FakeTorch torch(kBuiltWithTorch);
  std::filesystem::copy(fake("sound").module_path, folder.path("copy.so"));
  BOOST_TEST(open_engine({folder.path("copy.so"), ""}).numerics_version == 7u);
}

BOOST_AUTO_TEST_CASE(finds_a_module_by_its_path_or_says_where_it_looked) {
  BOOST_TEST(locate_engine(fake("sound").module_path, "").module_path == fake("sound").module_path);
  BOOST_CHECK_EXCEPTION(locate_engine("/nowhere/engine.so", ""), Error,
                        is_error(ErrorCode::kNotFound, "'/nowhere/engine.so'"));
  try {
    BOOST_TEST(locate_engine("", "").module_path.ends_with("/libzimg_torch.so"));
  } catch (const Error& e) {
    BOOST_TEST(is_error(ErrorCode::kUnsupported, "libzimg_torch.so, which draws, is in none of '")(e));
  }
}

BOOST_AUTO_TEST_CASE(takes_libtorch_from_the_option_before_the_environment) {
  const std::string module = fake("sound").module_path;
  BOOST_TEST(locate_engine(module, "").torch_path.empty());
  ::setenv("ZIMG_TORCH", "/from/environment", 1);
  BOOST_TEST(locate_engine(module, "").torch_path == "/from/environment");
  BOOST_TEST(locate_engine(module, "/from/option").torch_path == "/from/option");
}

BOOST_AUTO_TEST_CASE(an_engines_failure_keeps_its_code_and_an_unknown_one_is_internal) {
  zimg_engine_error error{};
  std::string("the words").copy(error.message, sizeof(error.message));
  BOOST_CHECK_EXCEPTION(throw_engine_error(6, error), Error, is_error(ErrorCode::kDevice, "the words"));
  BOOST_CHECK_EXCEPTION(throw_engine_error(99, error), Error, is_error(ErrorCode::kInternal, "99: the words"));
  BOOST_CHECK_EXCEPTION(throw_engine_error(-1, error), Error, is_error(ErrorCode::kInternal, "-1"));
}

BOOST_AUTO_TEST_SUITE_END()
