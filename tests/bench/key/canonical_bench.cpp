// How long it takes to make a request canonical and to write its key: prompts of about 200 bytes, made of the cleanly
// typed ones in tests/data/key, in English and in Chinese, as they stand, with a quotation, and typed untidily. Prints
// a table; see docs/performance.md.
//
//   bench_key_canonical [rounds]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/times.hpp"
#include "key/canonical_request.hpp"
#include "key/picture_key.hpp"

namespace {

constexpr std::size_t kPromptBytes = 200;

// Prompts of the file one behind the other, as near to the length as they come, once starting with each.
std::vector<std::string> prompts_of(const std::string& name, const std::string& between) {
  std::ifstream file(std::string(ZIMG_TEST_DATA) + "/key/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error("tests/data/key/" + name + " holds no prompt");
  std::vector<std::string> prompts;
  for (std::size_t first = 0; first < lines.size(); ++first) {
    std::string prompt = lines[first];
    for (std::size_t next = first + 1; prompt.size() < kPromptBytes; ++next) {
      const std::string longer = prompt + between + lines[next % lines.size()];
      if (longer.size() > kPromptBytes && longer.size() - kPromptBytes > kPromptBytes - prompt.size()) break;
      prompt = longer;
    }
    prompts.push_back(prompt);
  }
  return prompts;
}

void measure(const char* what, const std::vector<std::string>& prompts, int rounds) {
  zimg::key::DrawerIdentity drawer;
  drawer.engine = "zimg-numerics=2;device=cpu;text=bf16;denoiser=bf16;vae=bf16";
  const zimg::key::ModelFacts model;
  zimg_bench::Times times;
  std::size_t bytes = 0;
  unsigned seen = 0;
  zimg::Request request;
  for (const std::string& prompt : prompts) bytes += prompt.size();
  for (int round = -1; round < rounds; ++round) {  // the first one warms up
    for (const std::string& prompt : prompts) {
      request.prompt = prompt;
      const auto start = zimg_bench::Clock::now();
      const auto key = picture_key(zimg::key::canonicalize(request, model), drawer);
      if (round >= 0) times.add(zimg_bench::microseconds_since(start));
      seen |= key.digest()[0];  // used, or it may be left out
    }
  }
  if (seen == 0) throw std::runtime_error("every key begins with a nought");
  zimg_bench::print(what, bytes / prompts.size(), times);
}

void measure_all(int rounds) {
  const auto changed = [](std::vector<std::string> prompts, const std::function<void(std::string&)>& change) {
    for (std::string& prompt : prompts) change(prompt);
    return prompts;
  };
  const auto english = prompts_of("clean_english.txt", ", ");
  const auto chinese = prompts_of("clean_chinese.txt", "，");
  measure("English", english, rounds);
  measure("English, with a quotation", changed(english, [](std::string& p) { p += ", a sign that says \"STOP\""; }),
          rounds);
  measure("English, untidy", changed(english, [](std::string& p) { p = "  " + p + "\u200B ，\u3000two  blanks "; }),
          rounds);
  measure("Chinese", chinese, rounds);
  measure("Chinese, with a quotation", changed(chinese, [](std::string& p) { p += "，牌子上写着“停车”。"; }), rounds);
  measure("Chinese, untidy", changed(chinese, [](std::string& p) { p = "　" + p + "\u200B,４Ｋ  高清 "; }), rounds);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    measure_all(argc > 1 ? std::max(1, std::atoi(argv[1])) : 200);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_key_canonical: %s\n", error.what());
    return 1;
  }
  return 0;
}
