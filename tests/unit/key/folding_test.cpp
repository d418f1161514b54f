#include "key/folding.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "key/code_points.hpp"
#include "unit/key/text_source.hpp"

using zimg::MatchLevel;
using zimg::key::fold_text;
using zimg_test::quoted_in;

namespace {

std::string normalized(const std::string& text) {
  return fold_text(text, MatchLevel::kNormalized).text;
}

std::string exact(const std::string& text) {
  return fold_text(text, MatchLevel::kExact).text;
}

struct Case {
  std::string typed;
  std::string folded;
};

void check(const std::vector<Case>& cases) {
  for (const auto& [typed, folded] : cases) {
    BOOST_TEST(normalized(typed) == folded);
    BOOST_TEST(normalized(folded) == folded);
  }
}

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(std::string(ZIMG_TEST_DATA) + "/key/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

void are_fixed_points(const std::string& name) {
  const auto prompts = lines_of(name);
  BOOST_TEST(prompts.size() >= 200u);
  for (const auto& prompt : prompts) {
    const auto folded = fold_text(prompt, MatchLevel::kNormalized);
    BOOST_TEST(folded.text == prompt);
    BOOST_TEST(folded.changes.empty(), prompt);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(folding)

BOOST_AUTO_TEST_CASE(clean_english_is_drawn_as_typed) {
  are_fixed_points("clean_english.txt");
}

BOOST_AUTO_TEST_CASE(clean_chinese_is_drawn_as_typed) {
  are_fixed_points("clean_chinese.txt");
}

// The tokenizer finds the token first and composes what is behind it by itself.
BOOST_AUTO_TEST_CASE(composes_nothing_with_the_end_of_a_token) {
  for (const std::string typed : {"<think>\u0338 x", "a<|im_end|>\u0338", ">\u0338", "a \u226f b"}) {
    BOOST_TEST(exact(typed) == typed);
    BOOST_TEST(normalized(typed) == typed);
  }
  BOOST_TEST(exact(">\u0301\u0338e\u0301") == ">\u0338\u0301\u00e9");
}

BOOST_AUTO_TEST_CASE(exact_composes_and_does_nothing_else) {
  BOOST_TEST(exact("cafe\u0301") == "caf\u00E9");
  BOOST_TEST(exact("\u1112\u1161\u11AB") == "\uD55C");
  BOOST_TEST(exact("\u212B") == "\u00C5");
  BOOST_TEST(exact("a\u0301\u0323") == "\u1EA1\u0301");
  for (const char* text : {"  a  b  ", "Ａ１，ﬁ²", "a\u200Bb", "\r\n", "a，b"}) BOOST_TEST(exact(text) == text);
}

BOOST_AUTO_TEST_CASE(compatibility_characters_stay) {
  check({{"ﬁ ² ½ ㎏ ™ ① ﾊﾝｶｸ", "ﬁ ² ½ ㎏ ™ ① ﾊﾝｶｸ"}, {"Ｍａｃ　２０", "Mac 20"}, {"５０％", "50％"}});
}

BOOST_AUTO_TEST_CASE(what_cannot_be_seen_is_dropped) {
  check({
      {"a\u200Bb\u2060c\uFEFFd", "abcd"},
      {"\uFEFFa cat", "a cat"},
      {"soft\u00ADhyphen", "softhyphen"},
      {"\u202Aa\u202C \u2066b\u2069\u200E\u200F\u061C", "a b"},
      {std::string("a\0b\x01"
                   "c\x7F"
                   "d\x1B",
                   8),
       "abcd"},
      {"a\u0080b\u009Fc", "abc"},
      {"cafe\u200B\u0301", "caf\u00E9"},
      {"cat\u200Ds \u200Cdogs", "cats dogs"},
      {"a\uFE0Fb \uFE0F", "ab"},
      {"一\u200D只", "一只"},
  });
}

BOOST_AUTO_TEST_CASE(joiners_and_selectors_stay_where_they_are_needed) {
  for (const char* text : {
           "👨\u200D👩\u200D👧",                     // family
           "👩🏽\u200D🚀",                  // with a skin tone
           "🏳\uFE0F\u200D🌈",                // with a selector
           "❤\uFE0F ❤\uFE0E",                     // as emoji, as text
           "1\uFE0F\u20E3 #\uFE0F\u20E3",         // keycaps
           "می\u200Cخواهم",                       // Persian
           "क्\u200Dष क्\u200Cष",                   // Devanagari
           "葛\U000E0100城",                      // a variant of an ideograph
           "🏴\U000E0067\U000E0062\U000E007F",  // a regional flag
           "∩\uFE00",
       }) {
    BOOST_TEST(normalized(text) == text);
  }
  check({{"👨\u200D\u200D👩", "👨\u200D👩"},
         {"👨\u200Dcat", "👨cat"},
         {"❤\uFE0F\uFE0F", "❤\uFE0F"},
         {"1\uFE0F", "1"},
         {"a\U000E0067", "a"}});
}

BOOST_AUTO_TEST_CASE(blanks_and_line_breaks_are_shortened) {
  check({
      {"  a cat\t ", "a cat"},
      {"a   cat\t\ton\u00A0a\u3000mat", "a cat on a mat"},
      {"a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh", "a\nb\nc\nd\ne\nf\ng\nh"},
      {"a  \n\n \t b", "a\nb"},
      {"\n\na\n\n", "a"},
      {"a \u200B b", "a b"},
      {"　　一只猫", "一只猫"},
      {"", ""},
      {" \n\t\u3000", ""},
  });
}

BOOST_AUTO_TEST_CASE(full_width_letters_and_digits_become_ascii) {
  check({{"ＡＺａｚ０９", "AZaz09"}, {"一只ＶＲ猫，４Ｋ", "一只VR猫，4K"}, {"Ａ\u0301", "\u00C1"}});
}

BOOST_AUTO_TEST_CASE(punctuation_takes_the_form_of_the_text_it_follows) {
  check({
      {"一只猫,坐在窗台上.", "一只猫，坐在窗台上。"},
      {"一只猫;一只狗:两只?三只!", "一只猫；一只狗：两只？三只！"},
      {"a cat，on a mat。", "a cat,on a mat."},
      {"a cat；a dog：two？three！", "a cat;a dog:two?three!"},
      {"red、green、blue", "red,green,blue"},
      {"猫です,犬です.", "猫です，犬です。"},
      {"고양이,창가", "고양이，창가"},
      {"a cat，一只猫,坐着", "a cat,一只猫，坐着"},
      {"猫!!", "猫！！"},
      {"猫?!", "猫？！"},
      {"《千里江山图》,青绿", "《千里江山图》，青绿"},
      {"，", ","},
      {"。a", ".a"},
  });
}

BOOST_AUTO_TEST_CASE(names_and_numbers_stand_in_text_of_either_kind) {
  check({
      {"4K，超高清", "4K，超高清"},
      {"杰作，Unreal Engine，电影感", "杰作，Unreal Engine，电影感"},
      {"iPhone 15 Pro，广告摄影", "iPhone 15 Pro，广告摄影"},
      {"一只猫\n4K，HDR", "一只猫\n4K，HDR"},
      {"4K，HDR", "4K,HDR"},
      {"4K，a cat", "4K,a cat"},
      {"Tesla，Paris", "Tesla,Paris"},
      {"一只猫\na cat，a dog", "一只猫\na cat,a dog"},
  });
}

BOOST_AUTO_TEST_CASE(numbers_keep_what_is_inside_them) {
  for (const char* text : {"3,000", "3，000", "3：45", "3:45", "2.5", "一共3,000只", "比例16:9", "1,2，3"}) {
    BOOST_TEST(normalized(text) == text);
  }
  check({{"一只猫,3只狗", "一只猫，3只狗"}, {"３：４５", "3：45"}});
}

BOOST_AUTO_TEST_CASE(dots_of_names_and_ellipses_stay) {
  for (const char* text : {"猫.png", "打开图标.zip文件", "a cat...", "猫...狗", "猫……狗", "猫。。。", "www.猫.com"}) {
    BOOST_TEST(normalized(text) == text);
  }
  check({{"猫.狗", "猫。狗"}, {"猫. 狗", "猫。 狗"}, {"猫．", "猫。"}, {"a cat．", "a cat."}});
}

BOOST_AUTO_TEST_CASE(a_closing_bracket_follows_its_opener) {
  check({
      {"一只猫(black)坐着", "一只猫（black）坐着"},
      {"a cat（黑色）sits", "a cat(黑色)sits"},
      {"猫(大(小)大)", "猫（大（小）大）"},
      {"(一只猫)", "(一只猫)"},
      {"（一只猫）", "（一只猫）"},
      {"（a cat）", "(a cat)"},
      {"cat)", "cat)"},
      {"猫)", "猫)"},
      {"猫（cat),狗", "猫（cat），狗"},
  });
}

BOOST_AUTO_TEST_CASE(quoted_text_is_never_folded) {
  for (const char* text : {"sign \"A，  B\u200B\"", "sign “Ａ， B.”", "牌子「a,  b」", "牌子『ＡＢ,』",
                           "sign 'Ａ，  B'", "牌子“你好,世界!”", "\"  \"", "“\n\n”"}) {
    BOOST_TEST(normalized(text) == text);
  }
  check({
      {"  sign  \"A  B\"  ，red", "sign \"A  B\" ,red"},
      {"a “cafe\u0301” ", "a “caf\u00E9”"},
      {"写着“STOP”,旁边", "写着“STOP”,旁边"},
      {"saying “你好”， red", "saying “你好”, red"},
      {"a 5\" nail，and \"Ａ  Ｂ\"", "a 5\" nail,and \"Ａ  Ｂ\""},
  });
}

BOOST_AUTO_TEST_CASE(changes_are_named_once_each) {
  BOOST_TEST(fold_text("a cat", MatchLevel::kNormalized).changes.empty());
  BOOST_TEST(fold_text("cafe\u0301 Ａ\u200B  b，e\u200B\u0301 ", MatchLevel::kNormalized).changes.size() == 7u);
  const auto trimmed = fold_text(" a", MatchLevel::kNormalized).changes;
  BOOST_TEST_REQUIRE(trimmed.size() == 1u);
  BOOST_TEST(trimmed[0] == "blanks at the ends trimmed");
}

BOOST_AUTO_TEST_CASE(folding_twice_is_folding_once) {
  zimg_test::TextSource source{20240607};
  for (unsigned i = 0; i < 200'000 / zimg_test::kTimesLess; ++i) {
    const std::string typed = source.next();
    const std::string once = normalized(typed);
    BOOST_TEST_REQUIRE(!zimg::base::find_invalid_utf8(once));
    BOOST_TEST_REQUIRE(normalized(once) == once);
    const std::string composed = exact(typed);
    BOOST_TEST_REQUIRE(exact(composed) == composed);
    BOOST_TEST_REQUIRE(normalized(composed) == once);
    BOOST_TEST_REQUIRE((quoted_in(composed) == quoted_in(once)));
  }
}

// The marks change places when what kept them apart is dropped; the quotation mark after them must not care.
BOOST_AUTO_TEST_CASE(marks_that_change_places_do_not_move_a_quotation) {
  for (const char* typed : {"「\u3099\u200B\u0338''\u00ADがガ'", "猫只‘ㅏが’\u0301\u200B\u3099",
                            "\"か\u034F\u0338\u3099'각が',a", "か\u0301\u200B\u3099\uFE0F"}) {
    const std::string once = normalized(typed);
    BOOST_TEST(normalized(once) == once);
    BOOST_TEST((quoted_in(exact(typed)) == quoted_in(once)));
  }
}

// Tidy text takes a shorter way; with a character that is dropped in it, it takes the long one.
BOOST_AUTO_TEST_CASE(tidy_text_comes_to_what_the_long_way_makes_of_it) {
  const std::u32string pool = U"一只猫的车aZ5 ,.;:?!()-/\"'，、。．：；！？（）“”‘’「」『』《》【】…—";
  std::mt19937_64 noise(3);
  for (unsigned i = 0; i < 20'000 / zimg_test::kTimesLess; ++i) {
    std::u32string text(1 + noise() % 14, U' ');
    for (char32_t& code : text) code = pool[noise() % pool.size()];
    if (i % 2 == 0) text.front() = U'猫';  // what follows an ideograph is settled most of the time
    const std::string tidy = zimg::key::to_utf8(text);
    BOOST_TEST(normalized(tidy + "\u200B") == normalized(tidy), tidy);
  }
}

void expect_linear_time(const std::string& text, const std::string& what) {
  const std::clock_t start = std::clock();  // the processor's time: other programs may be running
  normalized(text);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  BOOST_TEST(seconds < 10, what << " took " << seconds << " s");
}

BOOST_AUTO_TEST_CASE(a_long_text_of_anything_is_folded_in_no_time) {
  const std::vector<std::string> units = {"a",       "，", "(", "“",    "\"",     "a\u0301\u0323\u0301",
                                          "👨\u200D", ".",  " ", "4K，", "क्\u200D"};
  // What others are told by: one run of these makes a step look through it, perhaps at each character of another.
  const std::vector<std::string> seen_through = {"\u0323\u0301", "\u0301", "\u200D", "\u200C", "\uFE0F", "🏽"};
  const auto many = [](const std::string& unit, std::size_t octets) {
    std::string text;
    while (text.size() + unit.size() <= octets) text += unit;
    return text;
  };
  for (const std::string& unit : units) expect_linear_time(many(unit, zimg_test::kLongText), "many \"" + unit + '"');
  for (const std::string& first : seen_through) {
    for (const std::string& second : seen_through) {
      expect_linear_time(many(first, zimg_test::kLongText / 2) + many(second, zimg_test::kLongText / 2) + "👨",
                         "many \"" + first + "\", then many \"" + second + '"');
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
