#include "base/output_path.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "expect_error.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using zimg::ErrorCode;
using zimg::base::check_output_path;
using zimg_test::expect_error;

struct Folder {
  zimg_test::TemporaryFolder folder;

  Folder() { std::ofstream(folder.path("x.png")) << "x"; }
  void expect_refused(const std::string& path, std::initializer_list<std::string> words) const {
    expect_error(ErrorCode::kIo, words, [&] { check_output_path(path); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(output_path, Folder)

BOOST_AUTO_TEST_CASE(is_sound_where_a_file_is_or_could_be) {
  check_output_path(folder.path("x.png"));
  check_output_path(folder.path("y.png"));
  fs::create_symlink("z.png", folder.path("link"));
  check_output_path(folder.path("link"));
  BOOST_TEST(zimg::base::resolved_path(folder.path("link")) == folder.path("z.png"));
}

BOOST_AUTO_TEST_CASE(names_a_file_that_stands_where_a_folder_should) {
  expect_refused(folder.path("x.png/y.png"), {"'" + folder.path("x.png") + "' is not a folder"});
}

BOOST_AUTO_TEST_CASE(names_what_else_is_in_the_way) {
  expect_refused(folder.path(), {"'" + folder.path() + "' is a folder"});
  expect_refused(folder.path("none/y.png"), {folder.path("none"), "No such file"});
  expect_refused(folder.path(std::string(300, 'y')), {"too long"});
  expect_refused("/dev/null", {"'/dev/null'", "regular file"});
  expect_error(ErrorCode::kInvalidArgument, {"empty"}, [] { check_output_path(""); });
}

BOOST_AUTO_TEST_SUITE_END()
