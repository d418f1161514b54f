// The table of docs/key-format.md that says what each field of a request does to the key, against the code: each field
// is changed in turn and nothing else.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include "key/canonical_request.hpp"
#include "key/picture_key.hpp"

using zimg::Request;

namespace {

using Change = std::function<void(Request&)>;

const std::map<std::string, Change>& changes() {
  static const std::map<std::string, Change> all = {
      {"prompt", [](Request& r) { r.prompt = "a dog"; }},
      {"negative_prompt", [](Request& r) { r.negative_prompt = "dull"; }},
      {"width", [](Request& r) { r.width = 512; }},
      {"height", [](Request& r) { r.height = 512; }},
      {"steps", [](Request& r) { r.steps = 9; }},
      {"guidance", [](Request& r) { r.guidance = 5; }},
      {"guidance_normalization", [](Request& r) { r.guidance_normalization = 0.25; }},
      {"guidance_truncation", [](Request& r) { r.guidance_truncation = 0.5; }},
      {"schedule", [](Request& r) { r.schedule = zimg::Schedule::kLegacyZeroEnd; }},
      {"seed", [](Request& r) { r.seed = 43; }},
      {"random_seed", [](Request& r) { r.random_seed = true; }},
      {"vae_tiling", [](Request& r) { r.vae_tiling = true; }},
      {"match", [](Request& r) { r.match = zimg::MatchLevel::kLoose; }},
      {"name_space", [](Request& r) { r.name_space = "other"; }},
      {"format", [](Request& r) { r.format = zimg::ImageFormat::kJpeg; }},
      {"jpeg_quality", [](Request& r) { r.jpeg_quality = 10; }},
      {"splice_parameters", [](Request& r) { r.splice_parameters = true; }},
      {"mode", [](Request& r) { r.mode = zimg::CacheMode::kBypass; }},
      {"ttl_ms", [](Request& r) { r.ttl_ms = 60000; }},
      {"ttl_jitter", [](Request& r) { r.ttl_jitter = 0.5; }},
      {"tag", [](Request& r) { r.tag = "a word"; }},
      {"pin", [](Request& r) { r.pin = true; }},
      {"preview", [](Request& r) { r.preview = true; }},
  };
  return all;
}

// Field: whether it moves the key without guidance, and with.
using Liveness = std::map<std::string, std::pair<bool, bool>>;

Liveness documented() {
  std::ifstream file(std::string(ZIMG_SOURCE_DIR) + "/docs/key-format.md");
  Liveness table;
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| field of `Request` |", 0) == 0) is_inside = true;
    if (line.empty()) is_inside = false;
    if (!is_inside || line.rfind("| `", 0) != 0) continue;
    const std::size_t end = line.find('`', 3), bar = line.find('|', end), second_bar = line.find('|', bar + 1);
    table[line.substr(3, end - 3)] = {line.substr(bar, second_bar - bar) == "| moves ",
                                      line.substr(second_bar) == "| moves |"};
  }
  return table;
}

// The fields of `struct Request`, as its header declares them.
std::set<std::string> declared() {
  std::ifstream file(std::string(ZIMG_SOURCE_DIR) + "/include/zimg/request.hpp");
  const std::regex member(R"(^  [^;= ][^;=]* (\w+)( = [^;]+)?;.*)");
  std::set<std::string> fields;
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "struct Request {") is_inside = true;
    if (line == "};") is_inside = false;
    std::smatch found;
    if (is_inside && line.rfind("  //", 0) != 0 && std::regex_match(line, found, member)) fields.insert(found[1]);
  }
  return fields;
}

bool moves(const Change& change, double guidance) {
  Request request;
  request.prompt = "a cat";
  request.negative_prompt = "blurry";
  request.guidance = guidance;
  const auto key = [](const Request& r) { return zimg::key::picture_key(zimg::key::canonicalize(r, {}), {}); };
  const auto before = key(request);
  change(request);
  return key(request) != before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(liveness)

BOOST_AUTO_TEST_CASE(is_as_documented) {
  const Liveness table = documented();
  BOOST_TEST(table.size() == changes().size());
  for (const auto& [field, change] : changes()) {
    const bool off = moves(change, 0), on = moves(change, 4);
    BOOST_TEST_MESSAGE(field << ": " << (off ? "moves" : "-") << ", " << (on ? "moves" : "-"));
    BOOST_TEST(table.count(field) == 1u, field << " is not in the table");
    if (table.count(field) == 0) continue;
    BOOST_TEST(table.at(field).first == off, field << " without guidance");
    BOOST_TEST(table.at(field).second == on, field << " with guidance");
  }
}

BOOST_AUTO_TEST_CASE(no_field_is_forgotten) {
  std::set<std::string> fields = declared();
  for (const char* answers : {"on_progress", "cancel"})
    BOOST_TEST(fields.erase(answers) == 1u);  // they ask for nothing
  std::set<std::string> changed;
  for (const auto& [field, change] : changes()) changed.insert(field);
  BOOST_TEST(fields == changed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
