#include "key/synonyms.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "expect_error.hpp"
#include "key/folding.hpp"
#include "temporary_folder.hpp"

using zimg::ErrorCode;
using zimg::MatchLevel;
using zimg::key::fold_text;
using zimg::key::Synonyms;
using zimg_test::expect_error;

namespace {

// `text` at the loose level with the synonyms of `content`; folding that again must change nothing.
std::string folded(const std::string& text, const std::string& content) {
  const Synonyms synonyms = Synonyms::parse(content, "words.tsv");
  const std::string once = fold_text(text, MatchLevel::kLoose, &synonyms).text;
  BOOST_TEST(fold_text(once, MatchLevel::kLoose, &synonyms).text == once);
  return once;
}

void refuses(const std::string& content, std::initializer_list<std::string> words) {
  expect_error(ErrorCode::kInvalidArgument, words, [&] { Synonyms::parse(content, "words.tsv"); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(synonyms)

BOOST_AUTO_TEST_CASE(the_first_word_of_a_line_is_what_the_others_become) {
  const std::string cats = "猫\t猫咪\t喵星人\n";
  BOOST_TEST(folded("一只猫咪和喵星人", cats) == "一只猫和猫");
  BOOST_TEST(folded("一只猫", cats) == "一只猫");
}

BOOST_AUTO_TEST_CASE(the_longest_word_is_found) {
  const std::string words = "猫\t小猫\n虎\t小猫咪\ncar\tautomobile\nsports car\tfast automobile\n";
  BOOST_TEST(folded("小猫和小猫咪", words) == "猫和虎");
  BOOST_TEST(folded("a fast automobile", words) == "a sports car");
  BOOST_TEST(folded("a slow automobile", words) == "a slow car");
}

BOOST_AUTO_TEST_CASE(words_of_spaced_scripts_are_found_whole) {
  const std::string words = "feline\tcat\nкот\tкошка\n";
  BOOST_TEST(folded("a cat, cats, concat, cat's cat-like (cat) cat2", words) ==
             "a feline, cats, concat, feline's feline-like (feline) cat2");
  BOOST_TEST(folded("кошка кошкам", words) == "кот кошкам");
  BOOST_TEST(folded("cat\u0332 猫cat猫", words) == "cat\u0332 猫feline猫");
}

BOOST_AUTO_TEST_CASE(case_width_and_punctuation_do_not_matter) {
  const std::string words = "Big Cat\tＬｉｏｎ， king\n";
  BOOST_TEST(folded("a LION,  KING", words) == "a big cat");
}

BOOST_AUTO_TEST_CASE(what_a_word_contains_is_not_found_in_it) {
  BOOST_TEST(folded("一只猫咪和一只猫", "猫咪\t猫\n") == "一只猫咪和一只猫咪");
}

BOOST_AUTO_TEST_CASE(what_is_replaced_may_spell_another_word_with_its_neighbour) {
  BOOST_TEST(folded("猫咪咪", "猫\t猫咪\n") == "猫");
  BOOST_TEST(folded("小猫咪", "大猫\t小猫\n虎\t大猫咪\n") == "虎");
  // This one would go on for ever; it stays.
  BOOST_TEST(folded("ㄅㄆ", "ㄆㄅ\tㄅㄆ\n").size() == std::string("ㄅㄆ").size());
  BOOST_TEST(folded("甲乙", "乙甲甲\t甲乙\n") == "乙甲甲");
  BOOST_TEST(folded("甲甲乙乙", "乙甲甲\t甲乙\n").size() >= std::string("甲甲乙乙").size());
}

BOOST_AUTO_TEST_CASE(quotations_are_left_alone) {
  const std::string words = "feline\tcat\nx\tkitty\n";
  BOOST_TEST(folded("a cat \"cat\" “cat” 「cat」 『cat』 'cat' cat", words) ==
             "a feline \"cat\" “cat” 「cat」 『cat』 'cat' feline");
  // Replacing 猫 by a Latin word would make a quotation after it an apostrophe.
  BOOST_TEST(folded("猫'Red'狗", "cat\t猫\n") == "猫'Red'狗");
}

BOOST_AUTO_TEST_CASE(other_levels_read_no_synonyms) {
  const Synonyms synonyms = Synonyms::parse("猫\t猫咪\n", "words.tsv");
  for (const MatchLevel level : {MatchLevel::kExact, MatchLevel::kNormalized}) {
    BOOST_TEST(fold_text("猫咪", level, &synonyms).text == "猫咪");
  }
  const auto changes = fold_text("猫咪", MatchLevel::kLoose, &synonyms).changes;
  BOOST_TEST_REQUIRE(changes.size() == 1u);
  BOOST_TEST(changes[0] == "synonyms replaced");
}

BOOST_AUTO_TEST_CASE(files_may_have_comments_and_marks_of_editors) {
  BOOST_TEST(folded("猫咪 dog", "\xEF\xBB\xBF# cats\r\n\r\n猫\t猫咪\t\t\r\n\t \n狗\tdog") == "猫 狗");
  BOOST_TEST(folded("a cat", "") == "a cat");
  BOOST_TEST(folded("a cat", "cat\tCAT\tＣａｔ\ncat\tcat\n") == "a cat");
  BOOST_TEST(folded("kitty", "cat\tkitty\ncat\tKitty\n") == "cat");
}

BOOST_AUTO_TEST_CASE(wrong_lines_are_named) {
  refuses("猫\t猫咪\n狗\n", {"'words.tsv' line 2", "no tab"});
  refuses("# c\n\n\t猫\n", {"line 3", "nothing can be seen"});
  refuses("a\t\tb\n", {"line 1", "nothing can be seen"});
  refuses("a\t\u200B\tb\n", {"line 1", "nothing can be seen"});
  refuses("a\tb\na\t\xFF\n", {"line 2", "UTF-8", "byte 2"});
  refuses("a\t\"b\n", {"line 1", "quotation mark"});
  refuses("“a\tb\n", {"line 1", "quotation mark"});
  refuses("a\t'b'\n", {"line 1", "quotation mark"});
  refuses("a\t\u0301b\n", {"line 1", "accent"});
  refuses("a\t" + std::string(65, 'b') + "\n", {"line 1", "65 characters"});
  refuses("a\tx\nb\tX\n", {"line 2", "'x'", "line 1"});
}

BOOST_AUTO_TEST_CASE(chains_and_cycles_are_named) {
  refuses("猫\t猫咪\n动物\t猫\n", {"line 2", "chain with line 1"});
  refuses("b\ta\nc\td\nd\tb\n", {"line 3", "chain"});
  refuses("a\tb\n# between\nb\tA\n", {"line 3", "cycle"});
  refuses("a\tb\nb\tc\nx\ty\nc\ta\n", {"line 4", "cycle"});
}

BOOST_AUTO_TEST_CASE(reads_a_file_and_says_what_is_wrong_with_one) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path() + "/words.tsv";
  std::ofstream(path) << "cat\tkitty\n";
  const Synonyms synonyms = Synonyms::read(path);
  BOOST_TEST(fold_text("Kitty", MatchLevel::kLoose, &synonyms).text == "cat");
  expect_error(ErrorCode::kNotFound, {"absent.tsv"}, [&] { Synonyms::read(folder.path() + "/absent.tsv"); });
  expect_error(ErrorCode::kInvalidArgument, {folder.path()}, [&] { Synonyms::read(folder.path()); });
}

BOOST_AUTO_TEST_CASE(the_sample_reads) {
  const Synonyms sample = Synonyms::read(std::string(ZIMG_SOURCE_DIR) + "/docs/synonyms.sample.tsv");
  BOOST_TEST(fold_text("一只猫咪", MatchLevel::kLoose, &sample).text == "一只猫");
}

// Random small files over few letters, so that words meet; each prompt comes to rest.
BOOST_AUTO_TEST_CASE(folding_twice_is_folding_once) {
  std::mt19937_64 noise{7};
  const std::vector<std::string> letters = {"甲", "乙", "a", "b", " ", "'", "\"", "。", "\n", "\u0301", "Σ", "1"};
  const auto text = [&](std::size_t longest, std::size_t kinds) {
    std::string made;
    for (std::size_t i = 1 + noise() % longest; i-- > 0;) made += letters[noise() % kinds];
    return made;
  };
  int accepted = 0, replaced = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string content;
    for (std::size_t line = 1 + noise() % 3; line-- > 0;) content += text(3, 5) + "\t" + text(3, 5) + "\n";
    try {
      const Synonyms synonyms = Synonyms::parse(content, "words.tsv");
      ++accepted;
      for (int k = 0; k < 20; ++k) {
        const std::string typed = text(10, letters.size());
        const auto once = fold_text(typed, MatchLevel::kLoose, &synonyms);
        BOOST_TEST_REQUIRE(fold_text(once.text, MatchLevel::kLoose, &synonyms).text == once.text,
                           content << "'" << typed << "'");
        replaced += once.text != fold_text(typed, MatchLevel::kLoose).text ? 1 : 0;
      }
    } catch (const zimg::Error& error) {
      BOOST_TEST_REQUIRE((error.code() == ErrorCode::kInvalidArgument));
    }
  }
  BOOST_TEST(accepted > 300);
  BOOST_TEST(replaced > 2000);
}

// Each pass multiplies the text by some ten times: words that make each other again where they touch.
BOOST_AUTO_TEST_CASE(a_text_that_outgrows_every_bound_stays_as_it_was) {
  std::string growing;
  for (int i = 0; i < 32; ++i) growing += "乙甲";
  const Synonyms synonyms = Synonyms::parse(growing + "\t甲\n乙\t乙乙\n", "words.tsv");
  BOOST_TEST(fold_text("甲", MatchLevel::kLoose, &synonyms).text == growing);
  BOOST_TEST(fold_text("乙甲", MatchLevel::kLoose, &synonyms).text == "乙甲");
  BOOST_TEST(fold_text("乙甲 \"乙乙\" 乙甲", MatchLevel::kLoose, &synonyms).text == "乙甲 \"乙乙\" 乙甲");
}

// One word makes 64 of one: a prompt as long as any would have 20 million characters.
BOOST_AUTO_TEST_CASE(no_text_grows_longer_than_a_prompt_may_be) {
  std::string word, text;
  for (int i = 0; i < 64; ++i) word += "猫";
  const Synonyms synonyms = Synonyms::parse(word + "\t狗\n", "words.tsv");
  while (text.size() + 3 <= std::size_t{1} << 20) text += "狗";
  BOOST_TEST((fold_text(text, MatchLevel::kLoose, &synonyms).text == text));
}

BOOST_AUTO_TEST_CASE(a_mebibyte_is_searched_in_no_time) {
  std::string word, text;
  while (word.size() < 63 * 3) word += "猫";
  while (text.size() + 3 <= std::size_t{1} << 20) text += "猫";
  const Synonyms synonyms = Synonyms::parse("狗\t" + word + "咪\n", "words.tsv");
  const std::clock_t start = std::clock();
  fold_text(text, MatchLevel::kLoose, &synonyms);
  BOOST_TEST(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 20);
}

BOOST_AUTO_TEST_SUITE_END()
