#include "filter/keyword_file.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "expect_error.hpp"
#include "temporary_folder.hpp"

using namespace zimg;
using filter::parse_keywords;
using filter::read_keywords;
using zimg_test::expect_error;

namespace {

using Words = std::vector<std::string>;

void refuse(std::initializer_list<std::string> words, const std::string& content) {
  expect_error(ErrorCode::kInvalidArgument, words, [&] { parse_keywords(content, "list.txt"); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyword_file)

BOOST_AUTO_TEST_CASE(reads_words_and_phrases) {
  BOOST_TEST((parse_keywords("\xEF\xBB\xBF# a list\r\nfoo\r\n\n  # more\n\t blue fenwick \n红酒", "list.txt") ==
              Words{"foo", "blue fenwick", "红酒"}));
  BOOST_TEST((parse_keywords("c#", "list.txt") == Words{"c#"}));
}

BOOST_AUTO_TEST_CASE(names_file_and_line_of_what_is_wrong) {
  refuse({"'list.txt' line 2 ", "not UTF-8 at byte 1"}, "foo\na\xff\n");
  refuse({"'list.txt' line 3 ", "1025 bytes", "1024"}, "foo\n\n" + std::string(1025, 'a'));
  refuse({"'list.txt' line 1 ", "no letter"}, "***\nfoo");
  refuse({"'list.txt' line 1 ", "no letter"}, "\u200b");
  refuse({"'list.txt' line 2 ", "NUL"}, std::string("a\nb\0c", 5));
  refuse({"'list.txt'", "no word"}, "# nothing\n\n");
  refuse({"'list.txt'", "no word"}, "");
  // A comment must be text too: what is no UTF-8 is no list.
  refuse({"'list.txt' line 1 ", "not UTF-8"}, "# \xc0\x80\nfoo");
}

BOOST_AUTO_TEST_CASE(looks_at_the_file_first) {
  const zimg_test::TemporaryFolder folder;
  expect_error(ErrorCode::kNotFound, {"missing"}, [&] { read_keywords(folder.path("missing")); });
  expect_error(ErrorCode::kInvalidArgument, {"not a regular file"}, [&] { read_keywords(folder.path()); });
  const std::string path = folder.path("large");
  std::ofstream(path) << std::string((1u << 20) + 1, '\n');
  expect_error(ErrorCode::kInvalidArgument, {"large", "1048576"}, [&] { read_keywords(path); });
  std::ofstream(path) << "foo\n";
  BOOST_TEST((read_keywords(path) == Words{"foo"}));
}

BOOST_AUTO_TEST_SUITE_END()
