#include "base/folder_listing.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "expect_error.hpp"
#include "temporary_folder.hpp"

using zimg::base::names_in_folder;

BOOST_AUTO_TEST_SUITE(folder_listing)

BOOST_AUTO_TEST_CASE(gives_the_names_in_order) {
  const zimg_test::TemporaryFolder folder;
  for (const char* name : {"b", "a", ".hidden", "c d"}) std::ofstream(folder.path(name)) << "x";
  std::filesystem::create_directory(folder.path("folder"));
  BOOST_TEST(names_in_folder(folder.path()) == (std::vector<std::string>{".hidden", "a", "b", "c d", "folder"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(gives_none_of_what_is_not_there_or_no_folder) {
  const zimg_test::TemporaryFolder folder;
  std::ofstream(folder.path("file")) << "x";
  BOOST_TEST(names_in_folder(folder.path("none")).empty());
  BOOST_TEST(names_in_folder(folder.path("file")).empty());
  BOOST_TEST(names_in_folder(folder.path("file/below")).empty());
}

BOOST_AUTO_TEST_CASE(names_what_cannot_be_read) {
  const zimg_test::TemporaryFolder folder;
  std::filesystem::create_symlink("loop", folder.path("loop"));
  zimg_test::expect_error(zimg::ErrorCode::kIo, {folder.path("loop")}, [&] { names_in_folder(folder.path("loop")); });
}

BOOST_AUTO_TEST_SUITE_END()
