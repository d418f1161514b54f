#include "filter/matching_form.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>
#include <vector>

#include "filter/traditional_chinese.hpp"

using namespace zimg::filter;

namespace {

struct Pair {
  std::string one, other;
};

void check_equal(const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    BOOST_TEST((matching_form(pair.one) == matching_form(pair.other)), pair.one << " and " << pair.other);
  }
}

void check_different(const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    BOOST_TEST((matching_form(pair.one) != matching_form(pair.other)), pair.one << " and " << pair.other);
  }
}

boost::test_tools::assertion_result has_simplified_table(boost::unit_test::test_unit_id) {
  return simplified(U'紅') == U'红';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matching_form_of_text)

BOOST_AUTO_TEST_CASE(makes_equal_what_looks_alike) {
  check_equal({{"Zorb", "zorb"},
               {"ｚｏｒｂ", "zorb"},
               {"𝐳𝕠𝖗𝚋", "zorb"},
               {"ⓩⓞⓡⓑ", "zorb"},
               {"🆉🅾🆁🅱", "zorb"},
               {"🇿🇴🇷🇧", "zorb"},
               {"zörb", "zorb"},
               {"z\u0336o\u0336r\u0300\u0301b", "zorb"},
               {"z\u200bo\u00adr\u2060b", "zorb"},
               {"z\x01orb", "zorb"},
               {"ﬁne", "fine"},
               {"STRASSE", "straße"},
               {"ᴢᴏʀʙ", "zorb"},
               {"łøđ", "lod"}});
}

BOOST_AUTO_TEST_CASE(replaces_lookalikes_in_words_of_two_alphabets) {
  check_equal({{"zоrb", "zorb"}, {"zοrb", "zorb"}, {"ΖORB", "zorb"}, {"р-o-р", "p-o-p"}, {"сасао", "cacao"}});
}

// Greek and Cyrillic have words of their own, and capitals that resemble other letters than the small ones do.
BOOST_AUTO_TEST_CASE(leaves_words_of_one_alphabet) {
  check_different({{"сор", "cop"}, {"νοτα", "vota"}, {"кот", "kot"}});
  check_equal({{"ΝΙΚΗ", "νικη"}, {"МАТРЁШКА", "матрешка"}});
  BOOST_TEST((matching_form("сасао", Lookalikes::kNowhere) != matching_form("cacao")));
  check_different({{"сор, pop", "cop, pop"}});  // each word for itself
}

BOOST_AUTO_TEST_CASE(keeps_marks_that_are_half_of_a_letter) {
  check_different({{"が", "か"}, {"कि", "क"}, {"ไม้", "ไม"}});
  check_equal({{"か\u3099", "が"}, {"ｶﾞ", "ガ"}, {"각", "\u1100\u1161\u11a8"}});
}

// The table is empty where OpenCC was not there when zimg was built.
BOOST_AUTO_TEST_CASE(simplifies_chinese, *boost::unit_test::precondition(has_simplified_table)) {
  check_equal({{"紅酒", "红酒"}, {"乾", "干"}, {"⾺", "马"}, {"\uF900", "岂"}});
  for (char32_t code = 0x3400; code < 0xA000; ++code) BOOST_REQUIRE(simplified(simplified(code)) == simplified(code));
}

BOOST_AUTO_TEST_CASE(takes_what_nothing_is_left_of) {
  BOOST_TEST(matching_form("").empty());
  BOOST_TEST(matching_form("\u200b\u0301\u00ad").empty());
}

BOOST_AUTO_TEST_CASE(takes_linear_time) {
  const auto seconds_for = [](int size) {
    std::string marks = "a", mixed;
    for (int i = 0; i < size; ++i) marks += i % 2 == 0 ? "\u0301" : "\u3099", mixed += "о-";
    const std::clock_t start = std::clock();  // the processor's time: other programs may be running
    matching_form(marks);
    matching_form(mixed + "z");
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  const double quarter = seconds_for(50000), whole = seconds_for(200000);
  BOOST_TEST(whole < 8 * quarter + 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
