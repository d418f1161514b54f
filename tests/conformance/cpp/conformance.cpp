// The conformance suite through the C++ API: conformance CASES FOLDER. README.md tells what it reads and writes.
#include <cstdio>
#include <string>
#include <vector>

#include "../c/results.h"
#include "fill.hpp"
#include "zimg/zimg.hpp"

namespace conformance {
namespace {

void write(const Results& results, const char* field, const std::string& text) {
  write_text(&results, field, text.data(), text.size());
}

void write(const Results& results, const char* field, std::int64_t value) {
  write_number(&results, field, value);
}

void write(const Results& results, const char* field, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) write(results, field, text);
}

void write_key(const Results& results, const zimg::CacheKey& key) {
  write(results, "key", key.hex());
}

std::shared_ptr<zimg::ICache> open_cache(const Case& subject) {
  return zimg::open_cache(text_of(subject, "options.cache").value());
}

zimg::Generator make_generator(const Case& subject) {
  zimg::GeneratorOptions options;
  fill(subject, options);
  const auto cache = open_cache(subject);
  return zimg::Generator(options, cache);
}

void write_first(const Results& results, const zimg::Result& result, const Seen& seen) {
  const zimg::Report& report = result.report;
  write_octets(&results, 1, result.bytes->data(), result.bytes->size());
  write(results, "first", std::string(zimg::outcome_name(report.outcome)));
  write(results, "progress", seen.steps);
  write(results, "previews", seen.previews);
  write(results, "format", static_cast<std::int64_t>(result.format));
  write(results, "width", result.width);
  write(results, "height", result.height);
  write(results, "seed", report.seed);
  write(results, "steps", report.steps);
  write_thousandths(&results, "guidance", report.guidance);
  write(results, "model", report.model);
  write(results, "namespace", report.name_space);
  write(results, "flat", report.is_flat ? 1 : 0);
  write(results, "filtered", report.is_filtered ? 1 : 0);
  write(results, "folded", report.folded);
  write(results, "tag", report.tags);
  write(results, "warning", report.warnings);
  write(results, "stored", std::string(zimg::stored_name(report.stored)));
  write(results, "store_note", report.store_note);
  write(results, "payload_sha256", report.payload_sha256);
}

void generate_twice(const Results& results, zimg::Generator& generator, const zimg::Request& request,
                    const Seen& seen) {
  zimg::Result first = generator.generate(request);
  generator.drain();
  first.report.refresh_stored();
  write_first(results, first, seen);
  const zimg::Result second = generator.generate(request);
  write_octets(&results, 2, second.bytes->data(), second.bytes->size());
  write(results, "second", std::string(zimg::outcome_name(second.report.outcome)));
  write(results, "converted", second.report.converted ? 1 : 0);
  const zimg::Metrics metrics = generator.metrics();
  write(results, "hits", static_cast<std::int64_t>(metrics.hits));
  write(results, "misses", static_cast<std::int64_t>(metrics.misses));
  write(results, "drawn", static_cast<std::int64_t>(metrics.drawings));
}

void explain(const Results& results, zimg::Generator& generator, const zimg::Request& request) {
  for (const zimg::KeyField& field : generator.explain_key(request)) {
    write(results, "field_tag", field.tag);
    write(results, "field_name", field.name);
    write(results, "field_value", field.value);
    write(results, "field_is_live", field.is_live ? 1 : 0);
  }
}

void ask(const Case& subject, const Results& results, bool is_drawn) {
  zimg::Generator generator = make_generator(subject);
  zimg::Request request;
  Seen seen;
  fill(subject, request, seen);
  write_key(results, generator.key(request));
  if (seen.is_to_be_cancelled) request.cancel.cancel();
  if (is_drawn) {
    generate_twice(results, generator, request, seen);
  } else {
    explain(results, generator, request);
  }
}

void hex(const Case& subject, const Results& results) {
  const auto key = zimg::CacheKey::from_hex(text_of(subject, "text").value());
  if (!key) throw zimg::Error(zimg::ErrorCode::kInvalidArgument, "from_hex() answered with no key");
  write_key(results, *key);
}

void article(const Case& subject, const Results& results) {
  zimg::ArticleRequest request;
  request.prompt = text_of(subject, "article.prompt").value();
  request.negative_prompt = text_of(subject, "article.negative_prompt").value();
  request.config = text_of(subject, "article.config").value();
  write_key(results, zimg::article_key(request));
  write(results, "text", zimg::article_text(request));
}

void write_entry(const Results& results, const zimg::CacheEntry& entry) {
  const zimg::EntryInfo& info = entry.info;
  write_octets(&results, 1, entry.payload->data(), entry.payload->size());
  write(results, "format", static_cast<std::int64_t>(info.format));
  write(results, "width", info.width);
  write(results, "height", info.height);
  write(results, "seed", info.seed);
  write(results, "steps", info.steps);
  write_thousandths(&results, "guidance", info.guidance);
  write_thousandths(&results, "draw_ms", info.draw_ms);
  write(results, "stored_at_ms", info.stored_at_ms);
  write(results, "expires_at_ms", info.expires_at_ms);
  write(results, "namespace", info.name_space);
  write(results, "model", info.model);
  write(results, "tag", info.tag);
  write(results, "pinned", info.is_pinned ? 1 : 0);
  write_hex(&results, "payload_sha256", info.payload_sha256.data(), info.payload_sha256.size());
}

void entry(const Case& subject, const Results& results) {
  const auto cache = open_cache(subject);
  zimg::CacheEntry made;
  fill(subject, made);
  zimg::CacheKey::Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(i);
  const zimg::CacheKey key(digest);
  write(results, "outcome", static_cast<std::int64_t>(cache->store(key, made)));
  const auto found = cache->find(key);
  write(results, "found", found ? 1 : 0);
  if (found) write_entry(results, *found);
  write(results, "erased", cache->erase(key) ? 1 : 0);
}

void run(const Case& subject, const Results& results) {
  const std::string kind = text_of(subject, "do").value();
  if (kind == "generate" || kind == "key") return ask(subject, results, kind == "generate");
  if (kind == "article") return article(subject, results);
  if (kind == "hex") return hex(subject, results);
  if (kind == "entry") return entry(subject, results);
  throw std::runtime_error("an unknown kind of case: " + kind);
}

void run_and_say(const Case& subject, const Results& results) {
  write(results, "case", std::string(results.name));
  try {
    run(subject, results);
    write(results, "status", std::string("ok"));
  } catch (const zimg::Error& error) {
    write(results, "status", std::string(zimg::error_code_name(error.code())));
    write(results, "error", std::string(error.what()));
  } catch (const std::exception& error) {
    write(results, "status", std::string("another exception"));
    write(results, "error", std::string(error.what()));
  }
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: conformance CASES FOLDER\n");
    return 2;
  }
  const std::string path = std::string(argv[2]) + "/results.txt";
  FILE* cases = std::fopen(argv[1], "rb");
  FILE* file = std::fopen(path.c_str(), "wb");
  if (cases == nullptr || file == nullptr) {
    std::perror(cases == nullptr ? argv[1] : path.c_str());
    return 2;
  }
  static Case subject;
  while (read_case(cases, &subject) != 0) {
    conformance::run_and_say(subject, {file, argv[2], find_field(&subject, "case")->value});
    free_case(&subject);
  }
  std::fclose(cases);
  return std::fclose(file) == 0 ? 0 : 2;
}
