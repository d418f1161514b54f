#include "tokenizer/pre_tokenizer.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tokenizer/character_class.hpp"
#include "tokenizer/normal_form.hpp"

namespace {

using zimg::tokenizer::CharacterClass;
using zimg::tokenizer::class_of;

// The words of `text`, with a bar between.
std::string words(const std::string& text) {
  const std::u32string points = zimg::tokenizer::nfc(text);
  std::string joined;
  for (std::size_t begin = 0; begin < points.size();) {
    const std::size_t end = zimg::tokenizer::word_end(points, begin);
    if (begin != 0) joined += '|';
    for (; begin < end; ++begin) zimg::tokenizer::append_utf8(points[begin], joined);
  }
  return joined;
}

std::string composed(const std::string& text) {
  std::string utf8;
  for (const char32_t point : zimg::tokenizer::nfc(text)) zimg::tokenizer::append_utf8(point, utf8);
  return utf8;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pre_tokenizer)

BOOST_AUTO_TEST_CASE(letters_take_one_sign_or_blank_before_them) {
  BOOST_TEST(words("a red circle") == "a| red| circle");
  BOOST_TEST(words("(a) \tb") == "(a|)| |\tb");
  BOOST_TEST(words("一只 可爱") == "一只| 可爱");
  BOOST_TEST(words("!!a") == "!!|a");
  BOOST_TEST(words("!a") == "!a");
  BOOST_TEST(words("\na\rb") == "\n|a|\r|b");
}

BOOST_AUTO_TEST_CASE(digits_stand_alone) {
  BOOST_TEST(words("a12 3½") == "a|1|2| |3|½");
}

BOOST_AUTO_TEST_CASE(contractions_are_cut_off_in_either_case) {
  BOOST_TEST(words("it's I'LL we'Ve you'd'") == "it|'s| I|'LL| we|'Ve| you|'d|'");
  BOOST_TEST(words("'\u017fo") == "'\u017f|o");  // the long s folds to s
  BOOST_TEST(words("'song") == "'s|ong");
  BOOST_TEST(words("'r") == "'r");
  BOOST_TEST(words("x'l'") == "x|'l|'");
  BOOST_TEST(words("a''s") == "a|''|s");
  BOOST_TEST(words("'") == "'");
}

BOOST_AUTO_TEST_CASE(signs_take_a_blank_before_and_line_breaks_after_them) {
  BOOST_TEST(words("a !?\n\nb") == "a| !?\n\n|b");
  BOOST_TEST(words("a  !") == "a| | !");
  BOOST_TEST(words("a\t!") == "a|\t|!");
}

BOOST_AUTO_TEST_CASE(blanks_leave_the_last_one_to_what_follows) {
  BOOST_TEST(words("a   b") == "a|  | b");
  BOOST_TEST(words("a   1") == "a|  | |1");
  BOOST_TEST(words("a   ") == "a|   ");
  BOOST_TEST(words("a \n \n  b") == "a| \n \n| | b");
  BOOST_TEST(words(" \u00a0\u3000") == " \u00a0\u3000");
}

BOOST_AUTO_TEST_CASE(classes_are_those_of_the_reference) {
  for (const char32_t point : {U'\t', U'\x0B', U'\x85', U'\xA0', U'\u1680', U'\u2028', U'\u202F', U'\u3000'}) {
    BOOST_TEST((class_of(point) == CharacterClass::kSpace));
  }
  for (const char32_t point : {U'\x1C', U'\x1F', U'\u180E', U'\u200B', U'\uFEFF', U'\u0301', U'\0'}) {
    BOOST_TEST((class_of(point) == CharacterClass::kOther));
  }
  for (const char32_t point : {U'\u00AA', U'\u02B0', U'\u4E00', U'\U00013460', U'\U0002EBF0'}) {  // two of Unicode 16
    BOOST_TEST((class_of(point) == CharacterClass::kLetter));
  }
  for (const char32_t point : {U'\u00B2', U'\u2160', U'\u0663', U'\U0001CCF0'}) {
    BOOST_TEST((class_of(point) == CharacterClass::kNumber));
  }
}

BOOST_AUTO_TEST_CASE(composes_as_the_reference) {
  BOOST_TEST(composed("cafe\u0301") == "café");
  BOOST_TEST(composed("\u212b\u1100\u1161") == "Å가");
  BOOST_TEST(composed("a\u0301\u0323") == "ạ\u0301");
  BOOST_TEST(composed("\u0344") == "\u0308\u0301");
  BOOST_TEST(composed("a\u1abf\u0301") == "a\u1abf\u0301");  // a mark younger than the reference's table
  BOOST_TEST(composed("\U00011935\U00011930\U00011938") == "\U00011935\U00011930\U00011938");
  BOOST_TEST(composed(std::string("a\0e\u0301", 5)) == std::string("a\0é", 4));
}

BOOST_AUTO_TEST_SUITE_END()
