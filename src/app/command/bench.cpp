// zimg bench: how long a hit and a drawing take on this machine.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "app/cache_choice.hpp"
#include "app/command/commands.hpp"
#include "app/drawing_options.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/option_check.hpp"
#include "app/progress_bar.hpp"
#include "app/replay.hpp"
#include "base/json.hpp"
#include "base/memory_use.hpp"
#include "zimg/error.hpp"
#include "zimg/generator.hpp"
#include "zimg/model.hpp"

namespace zimg::app {
namespace {

using base::Json;
using Clock = std::chrono::steady_clock;

constexpr const char* kHitExamples =
    "Example:\n"
    "  zimg bench hit --size 1024x1024 --rounds 2000\n\n"
    "Nothing is drawn by a model: a picture of that size is stored once and asked for again and again. The last line "
    "is\n"
    "a plain copy of as many bytes, the least that a hit can take.";
constexpr const char* kBenchDrawExamples =
    "Example:\n"
    "  zimg bench draw \"a red circle\" --rounds 5 --threads 2\n\n"
    "The first drawing opens the engine and loads the weights; the rest are timed. The last line is the same picture\n"
    "from a cache in memory.";
constexpr const char* kReplayExamples =
    "Examples:\n"
    "  zimg bench replay                                  a trace after Zipf's law, made up\n"
    "  zimg bench replay requests.txt --room 0.1          a line a request: name, bytes, milliseconds to draw\n\n"
    "Compares what zimg evicts with the usual orders of eviction: the same requests, the same bytes.";

struct BenchOptions {
  std::string prompt = "a red circle left of a blue square";
  std::uint32_t rounds = 0;
  bool is_json = false;
  std::string cache_url;
  DrawingOptions drawing;
};

// Times of one thing, in milliseconds.
class Sample {
 public:
  explicit Sample(std::string name) : name_(std::move(name)) {}
  void add(double milliseconds) { times_.push_back(milliseconds); }
  const std::string& name() const { return name_; }
  double quantile(double share) const {
    std::vector<double> sorted = times_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
  }
  double median() const { return quantile(0.5); }

  Json json() const { return {{"median_ms", median()}, {"least_ms", quantile(0)}, {"p99_ms", quantile(0.99)}}; }
  std::string line() const {
    char words[160];
    std::snprintf(words, sizeof words, "  %-14s median %10s   least %10s   p99 %10s", name_.c_str(),
                  human_time(median()).c_str(), human_time(quantile(0)).c_str(), human_time(quantile(0.99)).c_str());
    return words;
  }

 private:
  std::string name_;
  std::vector<double> times_;
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string ratio_text(double ratio) {
  char words[32];
  std::snprintf(words, sizeof words, ratio < 100 ? "%.2fx" : "%.0fx", ratio);
  return words;
}

void print(const std::string& title, const std::vector<Sample>& samples, const Json& facts,
           const std::vector<std::string>& conclusions, bool is_json) {
  if (is_json) {
    Json json = facts;
    for (const Sample& sample : samples) json["times"][sample.name()] = sample.json();
    print_json(json);
    return;
  }
  print_line(title);
  for (const Sample& sample : samples) print_line(sample.line());
  for (const std::string& line : conclusions) print_line("  " + line);
}

// Stands in for the engine: a smooth ground with noise on it, whose PNG is about as large as a real picture's.
class NoisePipeline : public IPipeline {
 public:
  Picture draw(const DrawingOrder& order, IDrawingObserver&) override {
    std::mt19937 random(order.seed);
    Picture picture;
    picture.width = order.width;
    picture.height = order.height;
    picture.rgb.resize(std::size_t{3} * order.width * order.height);
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
      const std::size_t x = i / 3 % order.width;
      picture.rgb[i] = static_cast<std::uint8_t>(x / 8 + random() % 5);
    }
    return picture;
  }
};

Request timed_request(const BenchOptions& options) {
  Request request = options.drawing.request(options.prompt);
  if (request.random_seed) {
    throw Error(ErrorCode::kInvalidArgument,
                "--seed is random where a number is expected: one picture is asked for again and again");
  }
  Wanted wanted;
  wanted.add(request);
  refuse_idle_synonyms(options.drawing, wanted);
  return request;
}

Sample copy_sample(const Bytes& bytes, std::uint32_t rounds) {
  Sample sample("plain copy");
  Bytes copy(bytes.size());
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    sample.add(milliseconds_since(start));
    // The copy must be seen to be used, or it may be left out.
    if (copy.back() != bytes.back()) throw Error(ErrorCode::kInternal, "a copy differs from its original");
  }
  return sample;
}

int bench_hit(const BenchOptions& options) {
  const Request request = timed_request(options);
  const auto cache = naming_url("--cache", [&] { return open_cache(options.cache_url); });
  if (cache == nullptr) throw Error(ErrorCode::kInvalidArgument, "--cache is none: where a cache is expected");
  GeneratorOptions generator_options = options.drawing.generator_options();
  generator_options.pipeline = std::make_shared<NoisePipeline>();
  generator_options.pipeline_identity = "zimg bench hit";
  Generator generator(generator_options, cache);
  const Result first = generator.generate(request);
  generator.drain();
  Sample hits("hit");
  Sample lookups("of it, lookup");
  ProgressBar progress;
  for (std::uint32_t i = 0; i < options.rounds; ++i) {
    stop_if_interrupted();
    const auto start = Clock::now();
    const Result result = generator.generate(request);
    hits.add(milliseconds_since(start));
    lookups.add(result.report.times_ms.lookup);
    if (!result.report.is_hit()) throw Error(ErrorCode::kCache, "the picture is not in " + cache->description());
    progress.show("hitting", i + 1, options.rounds, "");
  }
  progress.clear();
  const Sample copies = copy_sample(*first.bytes, options.rounds);
  const double ratio = hits.median() / copies.median();
  print(count_of(options.rounds, "hit") + " of " + human_bytes(first.bytes->size()) + " in " + cache->description(),
        {hits, lookups, copies},
        {{"cache", cache->description()}, {"bytes", first.bytes->size()}, {"rounds", options.rounds}, {"ratio", ratio}},
        {"a hit takes " + ratio_text(ratio) + " of a plain copy"}, options.is_json);
  return kDone;
}

struct DrawSamples {
  Sample total{"total"};
  Sample encode_text{"encode text"};
  Sample denoise{"denoise"};
  Sample decode{"decode"};
  Sample encode_image{"encode image"};

  void add(const StageTimes& times, double total_ms) {
    total.add(total_ms);
    encode_text.add(times.encode_text);
    denoise.add(times.denoise);
    decode.add(times.decode);
    encode_image.add(times.encode_image);
  }
};

std::uint64_t weight_bytes(const std::string& model_path) {
  const ModelInspection model = inspect_model(model_path.empty() ? builtin_model_path() : model_path);
  return std::accumulate(model.parts.begin(), model.parts.end(), std::uint64_t{0},
                         [](std::uint64_t bytes, const ModelPart& part) { return bytes + part.bytes; });
}

int bench_draw(const BenchOptions& options) {
  const auto cache = make_memory_cache(std::uint64_t{256} << 20);
  Generator generator(options.drawing.generator_options(), cache);
  Request request = timed_request(options);
  const auto cold = Clock::now();
  const Result first = generator.generate(request);
  const double first_ms = milliseconds_since(cold);
  generator.drain();
  DrawSamples samples;
  Sample hits("hit");
  ProgressBar progress;
  for (std::uint32_t i = 0; i < options.rounds; ++i) {
    stop_if_interrupted();
    request.mode = CacheMode::kBypass;
    const auto start = Clock::now();
    const Result drawn = generator.generate(request);
    samples.add(drawn.report.times_ms, milliseconds_since(start));
    request.mode = CacheMode::kNormal;
    const auto again = Clock::now();
    const Result hit = generator.generate(request);
    hits.add(milliseconds_since(again));
    if (!hit.report.is_hit()) throw Error(ErrorCode::kCache, "the drawn picture was not kept in memory");
    progress.show("drawing", i + 1, options.rounds, "");
  }
  progress.clear();
  const double ratio = samples.total.median() / hits.median();
  const std::uint64_t peak = base::peak_memory();
  const std::uint64_t weights = weight_bytes(options.drawing.generator_options().model);
  const std::string size = std::to_string(first.width) + "x" + std::to_string(first.height);
  print(generator.model_name() + ", " + size + ", " + std::to_string(first.report.steps) + " steps; the first took " +
            human_time(first_ms) + ", " + human_time(first.report.times_ms.load) + " of it to load",
        {samples.total, samples.encode_text, samples.denoise, samples.decode, samples.encode_image, hits},
        {{"model", generator.model_name()},
         {"size", size},
         {"steps", first.report.steps},
         {"rounds", options.rounds},
         {"first_ms", first_ms},
         {"load_ms", first.report.times_ms.load},
         {"peak_bytes", peak},
         {"weight_bytes", weights},
         {"ratio", ratio}},
        {"a hit is " + ratio_text(ratio) + " faster than a drawing",
         "memory: at most " + human_bytes(peak) + ", the program and its libraries included, of it weights of " +
             human_bytes(weights)},
        options.is_json);
  return kDone;
}

struct ReplayOptions {
  std::string trace;
  std::uint32_t pictures = 10000;
  std::uint32_t requests = 200000;
  std::uint32_t seed = 1;
  double exponent = 0.9;
  double room = 0.05;
  bool is_json = false;
};

int bench_replay(const ReplayOptions& options) {
  if (options.pictures == 0 || options.requests == 0 || !(options.room > 0 && options.room <= 1) ||
      !(options.exponent >= 0 && options.exponent <= 10)) {
    throw Error(ErrorCode::kInvalidArgument,
                "--pictures and --requests of at least 1, --room above 0 up to 1 and --zipf from 0 to 10 are expected");
  }
  const ReplayTrace trace = options.trace.empty()
                                ? make_zipf_trace(options.pictures, options.requests, options.exponent, options.seed)
                                : read_trace(options.trace);
  const auto room = static_cast<std::uint64_t>(static_cast<double>(trace.bytes_of_all()) * options.room) + 1;
  const auto cache = make_memory_cache(room);
  const std::pair<const char*, ReplayResult> results[] = {
      {"zimg", replay(*cache, trace)},
      {"LRU", replay(EvictionOrder::kLeastRecent, room, trace)},
      {"LFU", replay(EvictionOrder::kLeastFrequent, room, trace)},
      {"FIFO", replay(EvictionOrder::kFirstIn, room, trace)},
  };
  const double least_recent = results[1].second.saved_ms;
  const double more = least_recent == 0 ? 0 : 100 * (results[0].second.saved_ms / least_recent - 1);
  if (options.is_json) {
    Json json = {{"requests", trace.requests.size()},
                 {"pictures", trace.pictures.size()},
                 {"room_bytes", room},
                 {"more_seconds_than_lru_percent", more}};
    for (const auto& [name, result] : results) {
      json["orders"][name] = {{"hit_rate", result.hit_rate()},
                              {"saved_seconds", result.saved_ms / 1000},
                              {"saved_share", result.saved_share()}};
    }
    print_json(json);
    return kDone;
  }
  print_line(count_of(trace.requests.size(), "request") + " for " + count_of(trace.pictures.size(), "picture") + ", " +
             human_bytes(room) + " of room for " + human_bytes(trace.bytes_of_all()));
  for (const auto& [name, result] : results) {
    char words[160];
    std::snprintf(words, sizeof words, "  %-5s hit rate %5.1f %%   saved %9.0f s of %9.0f s (%4.1f %%)", name,
                  100 * result.hit_rate(), result.saved_ms / 1000, result.total_ms / 1000, 100 * result.saved_share());
    print_line(words);
  }
  char words[80];
  std::snprintf(words, sizeof words, "  zimg saves %+.1f %% seconds against LRU", more);
  print_line(words);
  return kDone;
}

}  // namespace

void add_bench(Command program) {
  Command bench = program.add_command("bench", "Measure hits and drawings on this machine");
  const auto add = [&](const char* name, const char* what, const char* examples, const BenchOptions& defaults,
                       int (*work)(const BenchOptions&)) {
    const auto options = std::make_shared<BenchOptions>(defaults);
    Command command = bench.add_command(name, what, examples);
    command.add("PROMPT", "", options->prompt, "What is drawn");
    command.add("--rounds", "N", options->rounds, "How often");
    command.add_flag("--json", options->is_json, "Print one JSON object");
    if (!options->cache_url.empty()) {
      command.add("--cache", "URL", options->cache_url, "The cache to measure", {.is_filled = true});
    }
    options->drawing.add_to(command);
    command.runs([options, work] {
      if (options->rounds == 0) throw Error(ErrorCode::kInvalidArgument, "--rounds is 0 where at least 1 is expected");
      return work(*options);
    });
  };
  BenchOptions hit;
  hit.rounds = 1000;
  hit.cache_url = "memory:?size=256MiB";
  add("hit", "A picture that is in the cache", kHitExamples, hit, bench_hit);
  BenchOptions draw;
  draw.rounds = 5;
  add("draw", "Drawing it, stage by stage", kBenchDrawExamples, draw, bench_draw);
  const auto replaying = std::make_shared<ReplayOptions>();
  Command replay_command =
      bench.add_command("replay", "What eviction keeps, beside LRU, LFU and FIFO", kReplayExamples);
  replay_command.add("TRACE", "", replaying->trace, "A file of requests; made up if absent", {.is_filled = true});
  replay_command.add("--room", "SHARE", replaying->room, "Of the bytes of all pictures, above 0 up to 1");
  replay_command.add("--requests", "N", replaying->requests, "How many are made up");
  replay_command.add("--pictures", "N", replaying->pictures, "For how many pictures");
  replay_command.add("--zipf", "X", replaying->exponent, "The exponent: the larger, the fewer are popular");
  replay_command.add("--trace-seed", "N", replaying->seed, "Another trace");
  replay_command.add_flag("--json", replaying->is_json, "Print one JSON object");
  replay_command.runs([replaying] { return bench_replay(*replaying); });
}

}  // namespace zimg::app
