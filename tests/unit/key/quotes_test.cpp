#include "key/quotes.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "key/code_points.hpp"

namespace {

// The quoted stretches, each between bars: |"a"||"b"|.
std::string quoted(const std::string& text) {
  std::string found;
  std::u32string joined;
  for (const auto& segment : zimg::key::split_at_quotes(zimg::key::to_code_points(text))) {
    joined += segment.text;
    if (segment.is_quoted) found += "|" + zimg::key::to_utf8(segment.text) + "|";
  }
  BOOST_TEST(zimg::key::to_utf8(joined) == text);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quotes)

BOOST_AUTO_TEST_CASE(finds_every_kind_of_pair) {
  BOOST_TEST(quoted(R"(a sign "STOP" here)") == R"(|"STOP"|)");
  BOOST_TEST(quoted("a sign “STOP” here") == "|“STOP”|");
  BOOST_TEST(quoted("看板「止まれ」です") == "|「止まれ」|");
  BOOST_TEST(quoted("看板『止まれ』です") == "|『止まれ』|");
  BOOST_TEST(quoted("a sign 'STOP' here") == "|'STOP'|");
  BOOST_TEST(quoted("a sign ‘STOP’ here") == "|‘STOP’|");
  BOOST_TEST(quoted("写着'你好'的牌子") == "|'你好'|");
  BOOST_TEST(quoted("写着\"你好\"的牌子") == "|\"你好\"|");
}

BOOST_AUTO_TEST_CASE(finds_several) {
  BOOST_TEST(quoted(R"("A" and 'B', “C”)") == R"(|"A"||'B'||“C”|)");
  BOOST_TEST(quoted("") == "");
  BOOST_TEST(quoted(R"("")") == R"(|""|)");
}

BOOST_AUTO_TEST_CASE(a_mark_without_its_partner_quotes_nothing) {
  BOOST_TEST(quoted("a “sign") == "");
  BOOST_TEST(quoted("a sign”") == "");
  BOOST_TEST(quoted("a \"sign") == "");
  BOOST_TEST(quoted("」「") == "");
  BOOST_TEST(quoted("“lost “STOP” here") == "|“STOP”|");
  BOOST_TEST(quoted("\"lost “STOP” here") == "|“STOP”|");
}

BOOST_AUTO_TEST_CASE(the_outermost_pair_counts) {
  BOOST_TEST(quoted("“say “hi” now” end") == "|“say “hi” now”|");
  BOOST_TEST(quoted("「say『hi』」end") == "|「say『hi』」|");
  BOOST_TEST(quoted("“it's “odd”") == "|“odd”|");
  BOOST_TEST(quoted("“a 「b” c」") == "|“a 「b”|");
}

BOOST_AUTO_TEST_CASE(an_apostrophe_is_not_a_quotation) {
  BOOST_TEST(quoted("don't draw the cat's tail") == "");
  BOOST_TEST(quoted("the cats' and dogs' bowls") == "");
  BOOST_TEST(quoted("the cat’s and dog’s bowls") == "");
  BOOST_TEST(quoted("it's a 'don't walk' sign") == "|'don't walk'|");
  BOOST_TEST(quoted("a ' lone ' mark") == "");
  BOOST_TEST(quoted("in the '90s\nat the cats' house") == "");
}

BOOST_AUTO_TEST_CASE(inches_do_not_open) {
  BOOST_TEST(quoted(R"(a 5" nail and "STOP  NOW")") == R"(|"STOP  NOW"|)");
  BOOST_TEST(quoted(R"(a 5" x 7" card)") == "");
  BOOST_TEST(quoted(R"(the text "AREA 51" and "B")") == R"(|"AREA 51"||"B"|)");
}

BOOST_AUTO_TEST_CASE(a_quotation_may_hold_line_breaks) {
  BOOST_TEST(quoted("“A\nB” c") == "|“A\nB”|");
  BOOST_TEST(quoted("\"A\n\nB\" c") == "|\"A\n\nB\"|");
}

BOOST_AUTO_TEST_CASE(invisible_neighbours_change_nothing) {
  BOOST_TEST(quoted("don\u200B't and can\u200B't") == "");
  BOOST_TEST(quoted("a \u200B'STOP'\u2060 sign") == "|'STOP'|");
}

BOOST_AUTO_TEST_CASE(takes_linear_time) {
  for (const char* unit : {"“", "\"", "'", " '", "「", "‘", "'a "}) {
    std::string text;
    while (text.size() < (std::size_t{1} << 20)) text += unit;
    BOOST_TEST(zimg::key::split_at_quotes(zimg::key::to_code_points(text)).size() > 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
