#include "filter/keyword_filter.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "expect_error.hpp"
#include "temporary_folder.hpp"

using namespace zimg;
using filter::KeywordFilter;
using zimg_test::expect_error;

namespace {

struct Fixture {
  zimg_test::TemporaryFolder folder;

  KeywordList list(const std::string& words, KeywordAction action, const std::string& tag = "") const {
    const std::string path = folder.path("list" + std::to_string(lists_++));
    std::ofstream(path) << words << "\n";
    return {path, action, tag};
  }

  mutable int lists_ = 0;
};

using Tags = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keyword_filter, Fixture)

BOOST_AUTO_TEST_CASE(does_what_each_list_says) {
  const KeywordFilter filter({list("foo", KeywordAction::kNoStore), list("bar", KeywordAction::kTag, "t1"),
                              list("bar\nbaz", KeywordAction::kTag, "t2"), list("qux", KeywordAction::kRefuse),
                              list("bar", KeywordAction::kTag, "t1")});
  const auto none = filter.judge("a red circle");
  BOOST_TEST(!none.is_caught);
  BOOST_TEST(none.may_be_stored);
  BOOST_TEST(none.tags.empty());
  const auto foo = filter.judge("a FOO");
  BOOST_TEST(foo.is_caught);
  BOOST_TEST(!foo.may_be_stored);
  const auto bar = filter.judge("b.a.r");
  BOOST_TEST(bar.is_caught);
  BOOST_TEST(bar.may_be_stored);
  BOOST_TEST((bar.tags == Tags{"t1", "t2"}));
  BOOST_TEST((filter.judge("baz").tags == Tags{"t2"}));
  BOOST_TEST(!filter.judge("foo bar").may_be_stored);
  expect_error(ErrorCode::kRefused, {"prompt", "refuses"}, [&] { filter.judge("foo bar qux"); });
}

BOOST_AUTO_TEST_CASE(without_lists_lets_all_pass) {
  BOOST_TEST(!KeywordFilter({}).judge("foo").is_caught);
}

BOOST_AUTO_TEST_CASE(refuses_lists_that_say_nothing_sensible) {
  const auto refuse = [](const KeywordList& wrong, std::initializer_list<std::string> words) {
    expect_error(ErrorCode::kInvalidArgument, words, [&] { KeywordFilter({wrong}); });
  };
  refuse(list("foo", KeywordAction::kTag), {"list0", "no tag"});
  refuse(list("foo", KeywordAction::kTag, "a b"), {"no tag of"});
  refuse(list("foo", KeywordAction::kTag, std::string(65, 'a')), {"no tag of"});
  refuse(list("foo", KeywordAction::kRefuse, "t"), {"goes with the action tag"});
  refuse(list("foo", static_cast<KeywordAction>(9)), {"action 9"});
  refuse(list("# empty", KeywordAction::kRefuse), {"holds no word"});
  expect_error(ErrorCode::kNotFound, {"nowhere"}, [] { KeywordFilter({{"nowhere", KeywordAction::kRefuse, ""}}); });
}

BOOST_AUTO_TEST_SUITE_END()
