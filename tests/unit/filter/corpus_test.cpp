// The keyword lists of tests/data/filter against prompts that try to get past them and prompts that mean no harm.
// Prints the share caught, for each action and for each way of trying.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "filter/keyword_filter.hpp"
#include "zimg/error.hpp"

using namespace zimg;
using filter::KeywordFilter;

namespace {

const std::string kData = std::string(ZIMG_TEST_DATA) + "/filter/";

struct Evasion {
  std::string way;
  std::string prompt;
};

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file.is_open(), path << " is missing");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

// \n stands for a line break.
std::string with_line_breaks(std::string text) {
  for (std::size_t at; (at = text.find("\\n")) != std::string::npos;) text.replace(at, 2, "\n");
  return text;
}

std::vector<Evasion> evasions_of(const std::string& path) {
  std::vector<Evasion> evasions;
  for (const std::string& line : lines_of(path)) {
    const std::size_t tab = line.find('\t');
    BOOST_REQUIRE_MESSAGE(tab != std::string::npos, path << ": " << line);
    evasions.push_back({line.substr(0, tab), with_line_breaks(line.substr(tab + 1))});
  }
  return evasions;
}

// Whether the filter does with the prompt what its one list says.
bool is_caught(const KeywordFilter& filter, KeywordAction action, const std::string& prompt) {
  try {
    const filter::Verdict verdict = filter.judge(prompt);
    switch (action) {
      case KeywordAction::kNoStore:
        return !verdict.may_be_stored;
      case KeywordAction::kRefuse:
        return false;
      case KeywordAction::kTag:
        return verdict.tags == std::vector<std::string>{"listed"};
    }
  } catch (const Error& error) {
    return action == KeywordAction::kRefuse && error.code() == ErrorCode::kRefused;
  }
  return false;
}

struct Share {
  std::size_t caught = 0;
  std::size_t all = 0;
};

void check_evasions(const std::string& name, KeywordAction action, std::size_t least_caught_percent) {
  const KeywordFilter filter({{kData + name + ".txt", action, action == KeywordAction::kTag ? "listed" : ""}});
  const auto evasions = evasions_of(kData + "evasions_" + name + ".txt");
  BOOST_TEST(evasions.size() >= 200u);
  Share whole;
  std::map<std::string, Share> ways;
  for (const Evasion& evasion : evasions) {
    const bool caught = is_caught(filter, action, evasion.prompt);
    for (Share* share : {&whole, &ways[evasion.way]}) {
      share->caught += caught ? 1 : 0;
      ++share->all;
    }
  }
  std::cout << name << ": " << whole.caught << " of " << whole.all << " evasions caught, "
            << 100.0 * static_cast<double>(whole.caught) / static_cast<double>(whole.all) << " %\n";
  for (const auto& [way, share] : ways) {
    if (share.caught < share.all) std::cout << "  " << way << ": " << share.caught << " of " << share.all << "\n";
  }
  BOOST_TEST(whole.caught * 100 >= whole.all * least_caught_percent);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(corpus)

BOOST_AUTO_TEST_CASE(catches_evasions_of_a_list_that_keeps_from_storing) {
  check_evasions("no_store", KeywordAction::kNoStore, 92);
}

BOOST_AUTO_TEST_CASE(catches_evasions_of_a_list_that_refuses) {
  check_evasions("refuse", KeywordAction::kRefuse, 92);
}

BOOST_AUTO_TEST_CASE(catches_evasions_of_a_list_that_tags) {
  check_evasions("tag", KeywordAction::kTag, 92);
}

BOOST_AUTO_TEST_CASE(catches_nothing_harmless) {
  const KeywordFilter filter({{kData + "no_store.txt", KeywordAction::kNoStore, ""},
                              {kData + "refuse.txt", KeywordAction::kRefuse, ""},
                              {kData + "tag.txt", KeywordAction::kTag, "listed"}});
  std::set<std::string> prompts;
  for (const char* name : {"filter/harmless_english.txt", "filter/harmless_chinese.txt", "key/clean_english.txt",
                           "key/clean_chinese.txt"}) {
    for (const std::string& line : lines_of(std::string(ZIMG_TEST_DATA) + "/" + name)) prompts.insert(line);
  }
  BOOST_TEST(prompts.size() >= 1000u);
  std::size_t caught = 0;
  for (const std::string& prompt : prompts) {
    try {
      if (!filter.judge(prompt).is_caught) continue;
    } catch (const Error&) {
    }
    ++caught;
    BOOST_ERROR("caught: " << prompt);
  }
  std::cout << "harmless: " << caught << " of " << prompts.size() << " prompts caught\n";
}

BOOST_AUTO_TEST_SUITE_END()
