// The loose level but for synonyms.
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "key/code_points.hpp"
#include "key/folding.hpp"
#include "key/letter_case.hpp"
#include "unit/key/text_source.hpp"

using zimg::MatchLevel;
using zimg::key::fold_text;
using zimg_test::quoted_in;

namespace {

std::string loose(const std::string& text) {
  return fold_text(text, MatchLevel::kLoose).text;
}

struct Case {
  std::string typed;
  std::string folded;
};

void check(const std::vector<Case>& cases) {
  for (const auto& [typed, folded] : cases) {
    BOOST_TEST(loose(typed) == folded);
    BOOST_TEST(loose(folded) == folded);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loose_folding)

BOOST_AUTO_TEST_CASE(letters_become_lower_case) {
  check({
      {"A Cat On MARS", "a cat on mars"},
      {"ÀÉ Привет ΆΣΟΣ", "àé привет άσος"},
      {"İstanbul Iğdır", "i\u0307stanbul iğdır"},
      {"STRASSE Straße ẞ", "strasse straße ß"},
      {"ǅ Ⅷ Ⓐ ᾈ 𐐀", "ǆ ⅷ ⓐ ᾀ 𐐨"},
      {"J\u030C", "ǰ"},
  });
}

BOOST_AUTO_TEST_CASE(a_sigma_at_the_end_of_a_word_is_a_final_one) {
  check({
      {"ΟΔΥΣΣΕΥΣ", "οδυσσευς"},
      {"ΣΑΣ, ΑΣ.", "σας, ας."},
      {"ΑΣ\u0301Α ΑΣ'Α ΑΣ1", "ασ\u0301α ασ'α ας1"},
      {"Σ ΣΣ", "σ σς"},
  });
}

BOOST_AUTO_TEST_CASE(cjk_punctuation_becomes_ascii) {
  check({
      {"一只猫，坐在窗台上。", "一只猫,坐在窗台上."},
      {"红、绿；蓝：黄？黑！", "红,绿;蓝:黄?黑!"},
      {"（一）【二】〔三〕《四》〈五〉［六］｛七｝", "(一)[二][三]<四><五>[六]{七}"},
      {"５０％＋３＝～〜￥", "50%+3=~~￥"},
      {"3：45，比例１６：９", "3:45,比例16:9"},
      {"你好……世界——山·水・人", "你好……世界——山·水・人"},
      {"＜\u0338", "≮"},
      {"＋\uFE0F", "+"},
  });
}

BOOST_AUTO_TEST_CASE(line_breaks_become_blanks) {
  check({{"a\nb\r\n\r\nc", "a b c"}, {" \"A\nB\"\nC", "\"A\nB\" c"}, {"一\n二", "一 二"}});
  // On one line the apostrophes would quote.
  check({{"rock 'n Roll\nthe dogs' bowl", "rock 'n roll\nthe dogs' bowl"}});
}

BOOST_AUTO_TEST_CASE(quotations_stay_as_typed_in_all_marks) {
  for (const char* text : {"\"STOP，  A\"", "“STOP，A”", "「STOP，A」", "『STOP，A』", "'STOP，A'", "‘STOP，A’",
                           "「a『B，C』D」", "“a “B” C”"}) {
    BOOST_TEST(loose(text) == text);
  }
  check({{"A Sign \"STOP\" On", "a sign \"STOP\" on"},
         {"A “Sign", "a “sign"},  // unbalanced: not quoted
         {"A 5\" Nail", "a 5\" nail"},
         {"＂Full＂ ＇Width＇", "＂full＂ ＇width＇"}});  // these quote nothing, nor begin to
  BOOST_TEST(loose("\"STOP\"") != loose("\"stop\""));
  BOOST_TEST(loose("STOP") == loose("stop"));
}

BOOST_AUTO_TEST_CASE(each_change_is_named) {
  const auto changes = fold_text("A，\nb", MatchLevel::kLoose).changes;
  const std::vector<std::string> expected = {"CJK punctuation written in ASCII", "letters written in lower case",
                                             "line breaks written as blanks"};
  BOOST_TEST(changes == expected, boost::test_tools::per_element());
  BOOST_TEST(fold_text("a cat, \"A\"", MatchLevel::kLoose).changes.empty());
}

BOOST_AUTO_TEST_CASE(folding_twice_is_folding_once_and_includes_the_other_levels) {
  zimg_test::TextSource source{20241};
  for (unsigned i = 0; i < 20'000 / zimg_test::kTimesLess; ++i) {
    const std::string typed = source.next();
    const std::string once = loose(typed);
    BOOST_TEST_REQUIRE(!zimg::base::find_invalid_utf8(once));
    BOOST_TEST_REQUIRE(loose(once) == once, "'" << typed << "'");
    BOOST_TEST_REQUIRE(loose(fold_text(typed, MatchLevel::kNormalized).text) == once, "'" << typed << "'");
    BOOST_TEST_REQUIRE((quoted_in(fold_text(typed, MatchLevel::kExact).text) == quoted_in(once)), "'" << typed << "'");
  }
}

BOOST_AUTO_TEST_CASE(every_character_is_folded_once) {
  for (char32_t start = 0; start < 0x110000; start += 0x80 * zimg_test::kTimesLess) {
    if (start >= 0xD800 && start < 0xE000) continue;
    std::u32string text;
    for (char32_t code = start; code < start + 0x80; ++code) text += {U'a', code, U'b'};
    const std::string once = loose(zimg::key::to_utf8(text));
    BOOST_TEST(loose(once) == once, "from U+" << std::hex << static_cast<std::uint32_t>(start));
  }
}

BOOST_AUTO_TEST_CASE(a_long_text_of_anything_is_folded_in_no_time) {
  for (const std::string unit : {"Σ", "Σ\u0301", "\n", "'A\n", "《", "A"}) {
    std::string text;
    while (text.size() + unit.size() <= zimg_test::kLongText) text += unit;
    const std::clock_t start = std::clock();  // the processor's time: other programs may be running
    loose(text);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    BOOST_TEST(seconds < 10, "a text of \"" << unit << "\" took " << seconds << " s");
  }
}

BOOST_AUTO_TEST_SUITE_END()
