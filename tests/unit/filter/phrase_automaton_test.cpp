#include "filter/phrase_automaton.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>
#include <utility>

#include "filter/spelling.hpp"

using namespace zimg::filter;

namespace {

using Matches = std::set<std::pair<std::u32string, std::size_t>>;

Spelling letters(const std::u32string& text) {
  Spelling spelling;
  for (const char32_t code : text) spelling.push_back({code});
  return spelling;
}

Matches found(const std::vector<std::u32string>& phrases, const std::u32string& text) {
  Matches matches;
  PhraseAutomaton(phrases).find(letters(text), [&](std::uint32_t phrase, std::size_t end) {
    BOOST_TEST(matches.insert({phrases.at(phrase), end}).second);  // each once
    return false;
  });
  return matches;
}

Matches searched(const std::vector<std::u32string>& phrases, const std::u32string& text) {
  Matches matches;
  for (const auto& phrase : phrases) {
    for (std::size_t at = text.find(phrase); at != std::u32string::npos; at = text.find(phrase, at + 1)) {
      matches.insert({phrase, at + phrase.size()});
    }
  }
  return matches;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phrase_automaton)

BOOST_AUTO_TEST_CASE(finds_phrases_within_phrases) {
  const std::vector<std::u32string> phrases{U"he", U"she", U"his", U"hers", U"e"};
  BOOST_TEST((found(phrases, U"ushers") == Matches{{U"she", 4}, {U"he", 4}, {U"e", 4}, {U"hers", 6}}));
}

BOOST_AUTO_TEST_CASE(finds_what_a_plain_search_finds) {
  std::mt19937 random(7);
  const auto word = [&](std::size_t longest) {
    std::u32string text(1 + random() % longest, U'a');
    for (char32_t& code : text) code = U"ab猫"[random() % 3];
    return text;
  };
  std::size_t matches = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::u32string> phrases(1 + random() % 12);
    for (auto& phrase : phrases) phrase = word(6);
    const std::u32string text = word(60);
    const Matches expected = searched(phrases, text);
    matches += expected.size();
    BOOST_REQUIRE((found(phrases, text) == expected));
  }
  BOOST_TEST(matches > 10000u);
}

BOOST_AUTO_TEST_CASE(stops_when_told) {
  int calls = 0;
  const bool stopped = PhraseAutomaton({U"a"}).find(letters(U"aaa"), [&](std::uint32_t, std::size_t end) {
    ++calls;
    return end == 2;
  });
  BOOST_TEST(stopped);
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(finds_nothing_where_nothing_is) {
  BOOST_TEST(found({}, U"abc").empty());
  BOOST_TEST(found({U"abcd"}, U"abc").empty());
  BOOST_TEST(found({U"a"}, U"").empty());
}

BOOST_AUTO_TEST_SUITE_END()
