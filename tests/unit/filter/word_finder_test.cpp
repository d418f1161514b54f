#include "filter/word_finder.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>
#include <vector>

#include "filter/matching_form.hpp"

using namespace zimg::filter;

namespace {

struct Case {
  std::string word;
  std::vector<std::string> said, not_said;
};

void check(const Case& one) {
  const WordFinder finder({one.word});
  for (const std::string& text : one.said) {
    BOOST_TEST(finder.finds(matching_form(text)), one.word << " is not found in: " << text);
  }
  for (const std::string& text : one.not_said) {
    BOOST_TEST(!finder.finds(matching_form(text)), one.word << " is found in: " << text);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(word_finder)

BOOST_AUTO_TEST_CASE(finds_whole_words_only) {
  check(
      {"cola", {"cola", "a cola.", "(cola)", "cola-bottle", "COLA's", "一瓶cola"}, {"chocolate", "colander", "icola"}});
  check({"shed", {"a shed", "shed, grass", "shed2000"}, {"washed", "sheds", "she'd go", "she died", "s hed"}});
  check({"mp", {"an mp", "mp"}, {"mp3", "4mp"}});  // too short for a number to be beside it
}

BOOST_AUTO_TEST_CASE(finds_words_that_were_taken_apart) {
  check({"zorblex",
         {"z.o.r.b.l.e.x", "z o r b l e x", "Z-O-R-B-L-E-X", "z/o/r/b/l/e/x", "z, o, r, b, l, e, x", "zor-blex",
          "zor_blex", "zor.blex", "zor❤blex", "a z o r b l e x", "z o r blex", "z\no\nr\nb\nl\ne\nx"},
         {"zor blex", "zor, blex", "zor'blex", "zor...blex", "x z o r b l e x", "z.o.r.b.l.e.x.y"}});
  check({"shed", {"s.h.e.d", "s h e d"}, {"w.a.s.h.e.d", "w a s h e d", "s.h.e.d.s"}});
  check({"penrose", {"pen-rose"}, {"the pen rose", "pen, rose", "pen/rose"}});
  check({"andor", {"and-or"}, {"and/or", "and or"}});
  check({"isabell", {"isabell"}, {"is a bell", "Is a bell?"}});
  check({"well", {"w.e.l.l"}, {"we'll", "we ll"}});
}

BOOST_AUTO_TEST_CASE(finds_phrases_however_they_are_joined) {
  check({"blue fenwick",
         {"blue fenwick", "blue  fenwick", "Blue-Fenwick", "blue_fenwick", "b l u e f e n w i c k",
          "b.l.u.e f.e.n.w.i.c.k"},
         {"bluefenwick", "blue, fenwick", "true blue fenwicks", "blue"}});
  check({"A, B", {"a, b", "a b"}, {"ab"}});
  check({"spider-fox", {"spider-fox", "spider fox", "spiderfox"}, {"spider, fox", "spider foxes"}});
}

// One spelling may be said by words that differ in their gaps.
BOOST_AUTO_TEST_CASE(tells_words_of_equal_letters_apart) {
  const WordFinder finder({"pen rose", "penrose x"});
  BOOST_TEST(finder.finds(matching_form("the pen rose")));
  BOOST_TEST(!finder.finds(matching_form("penrose")));
  BOOST_TEST(WordFinder({"pen rose", "penrose"}).finds(matching_form("penrose")));
}

BOOST_AUTO_TEST_CASE(finds_stretched_words) {
  check({"god", {"gooood", "ggggod", "god"}, {"good", "gods", "gd"}});
  check({"good", {"good", "gooood"}, {"god"}});
  check({"1000", {"1000"}, {"10000", "100"}});
  // One letter typed twice, in a word that is long enough to be that one.
  check({"kolabrite", {"kollabrite", "kolaabrite"}, {"kollabritte", "kollabrites"}});
  check({"mississippi", {"mississippi", "misssissippi"}, {"misisippi", "mississipi"}});
  check({"staring", {"staring"}, {"starring"}});
}

BOOST_AUTO_TEST_CASE(finds_digits_and_signs_that_stand_in) {
  check({"zorblex", {"z0rblex", "z0rbl3x", "zorb1ex", "z-0-r-b-l-e-x", "zorbl€x"}, {"z0rbl3xy", "20rb13x", "z6rblex"}});
  check({"sail", {"s@il", "$ail", "sa1l", "sai1", "sa!l"}, {"sa11y", "5411", "bail", "sal"}});
  check({"as", {"as"}, {"A5", "4s", "@s"}});
  check({"mesh", {"mesh!", "m3sh", "mesh!!"}, {"m35h", "m35h4"}});
  check({"area51", {"area51", "area-51", "ar3a51"}, {"area5", "areas", "area 51"}});
}

BOOST_AUTO_TEST_CASE(finds_words_with_letters_hidden) {
  check({"zorblex",
         {"z*rblex", "zorbl*x", "z**blex", "z*rbl*x", "Z*RBLEX!", "zorble*, zo*blex"},
         {"*orblex", "z*rblexy", "z****ex", "z * rblex", "zor*blexx", "z*r", "zorble*"}});
  check({"shed", {"sh*d", "s**d"}, {"s***d", "*hed", "she*", "wash*d"}});
  check({"cat", {"c*a*t"}, {"c*t"}});  // too short
  check({"夜行者", {"夜*者", "一张夜*者的海报"}, {"夜**", "*行者"}});
  check({"红酒", {"红酒"}, {"红*"}});
}

BOOST_AUTO_TEST_CASE(finds_long_words_backwards) {
  check({"zorblex", {"xelbroz", "a xelbroz at night", "x.e.l.b.r.o.z"}, {"xelbrozy", "axelbroz"}});
  check({"blue fenwick", {"kciwnef eulb"}, {"kciwnefeulb", "kciwnef"}});
  check({"reward", {"reward"}, {"drawer"}});
  check({"夜行者", {"一张者行夜的海报"}, {"者行"}});
  check({"红酒", {"红酒"}, {"酒红"}});
}

BOOST_AUTO_TEST_CASE(finds_chinese_words_without_borders) {
  check({"红酒", {"一杯红酒在桌上", "红-酒", "红 酒"}, {"大红 酒店", "大红，酒", "酒红"}});
  check({"夜行者", {"夜行者", "夜 行 者", "夜，行，者", "一个夜·行·者走过"}, {"夜行 者也", "夜行，者"}});
  check({"夜行者联盟", {"夜行者 联盟", "夜行者联盟的海报"}, {"夜行者，联盟"}});
  check({"红 酒", {"红酒", "红 酒"}, {"红"}});
}

BOOST_AUTO_TEST_CASE(finds_words_of_other_alphabets) {
  check({"комар", {"комар", "КОМАР", "к.о.м.а.р", "kомаp"}, {"комары", "komary"}});
  check({"матрёшка", {"МАТРЕШКА", "Mатрёшка", "матpёшкa"}, {"matpewka"}});
  check({"сор", {"сор", "со\u0301р"}, {"cop", "copy", "спор"}});
  check({"cacao", {"сасао", "cacао"}, {"какао"}});
}

// What would be quadratic in a poorer finder: nested words, a text of one letter, one of lone letters, and one
// that hides every other letter.
BOOST_AUTO_TEST_CASE(takes_linear_time) {
  std::vector<std::string> words;
  for (std::size_t length = 1; length <= 64; ++length) words.push_back(std::string(length, 'a') + "b");
  const WordFinder finder(words);
  const auto seconds_for = [&finder](int size) {
    std::string lone, hiding;
    for (int i = 0; i < size / 2; ++i) lone += "a ", hiding += "a*";
    const std::clock_t start = std::clock();  // the processor's time: other programs may be running
    BOOST_TEST(!finder.finds(matching_form(std::string(static_cast<std::size_t>(size), 'a') + "c")));
    BOOST_TEST(!finder.finds(matching_form(lone)));
    BOOST_TEST(!finder.finds(matching_form(hiding)));
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  const double quarter = seconds_for(50000), whole = seconds_for(200000);
  BOOST_TEST(whole < 8 * quarter + 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
