// Hits while the engine draws: 16 threads that each ask for 20 pictures of 20 kB a second, alone and beside drawings
// that follow one another without a pause, by turns. Prints a table; see docs/performance.md.
//
//   bench_generator_busy ENGINE [seconds]      ENGINE: the path of libzimg_torch.so; seconds a phase, 10 if absent
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/noise_pipeline.hpp"
#include "bench/times.hpp"
#include "temporary_folder.hpp"
#include "zimg/cache.hpp"
#include "zimg/generator.hpp"

namespace {

using namespace zimg_bench;
using namespace std::chrono_literals;

constexpr unsigned kThreads = 16;
constexpr auto kPause = 50ms;  // 20 hits a second
constexpr std::uint32_t kSide = 128;
constexpr unsigned kLevels = 4;
constexpr std::uint64_t kPictures = 64;

// One thread's hits until `end`, at times that no other thread shares.
Times ask_until(zimg::Generator& generator, unsigned thread, Clock::time_point end) {
  Times times;
  std::mt19937 random(thread);
  auto next = Clock::now() + kPause * thread / kThreads;
  for (; next < end; next += kPause) {
    std::this_thread::sleep_until(next);
    const zimg::Request request = noise_request(kSide, random() % kPictures);
    const auto start = Clock::now();
    const bool is_hit = generator.generate(request).report.is_hit();
    times.add(microseconds_since(start));
    if (!is_hit) throw std::runtime_error("a miss where a hit is expected");
  }
  return times;
}

Times ask_with_all(zimg::Generator& generator, std::chrono::seconds length) {
  const auto end = Clock::now() + length;
  std::vector<std::future<Times>> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.push_back(std::async(std::launch::async, [&generator, i, end] { return ask_until(generator, i, end); }));
  }
  Times all;
  for (auto& thread : threads) all.add(thread.get());
  return all;
}

// Draws one picture after the other with the built-in model as long as it lives.
class Drawings {
 public:
  explicit Drawings(zimg::Generator& generator)
      : thread_([this, &generator] {
          zimg::Request request;
          request.prompt = "a red circle left of a blue square";
          request.mode = zimg::CacheMode::kBypass;
          do {  // at least one
            request.seed = count_;
            generator.generate(request);
            ++count_;
          } while (!is_over_);
        }) {}
  ~Drawings() {
    is_over_ = true;
    thread_.join();
  }
  Drawings(const Drawings&) = delete;
  Drawings& operator=(const Drawings&) = delete;
  std::uint64_t count() const { return count_; }

 private:
  std::atomic<bool> is_over_{false};
  std::atomic<std::uint64_t> count_{0};
  std::thread thread_;
};

void measure(const std::string& engine, std::chrono::seconds length) {
  const zimg_test::TemporaryFolder folder;
  zimg::LmdbOptions store;
  store.path = folder.path("store");
  store.capacity_bytes = 64u << 20;
  const auto cache = zimg::open_lmdb_cache(store);
  zimg::Generator hits(noise_options(kLevels), cache);
  std::size_t bytes = 0;
  for (std::uint64_t seed = 0; seed < kPictures; ++seed) {
    bytes += hits.generate(noise_request(kSide, seed)).bytes->size() / kPictures;
    hits.drain();
  }
  zimg::GeneratorOptions options;
  options.model = std::string(ZIMG_SOURCE_DIR) + "/src/builtin_model/model";
  options.engine_path = engine;
  zimg::Generator drawer(options);
  { const Drawings warm_up(drawer); }
  Times alone, beside;
  std::uint64_t drawn = 0;
  for (int turn = 0; turn < 3; ++turn) {
    alone.add(ask_with_all(hits, length));
    const Drawings drawings(drawer);
    const std::uint64_t before = drawings.count();
    beside.add(ask_with_all(hits, length));
    drawn += drawings.count() - before;
  }
  print("alone", bytes, alone);
  print("beside drawings", bytes, beside);
  std::printf("%zu and %zu hits, %llu pictures drawn meanwhile: p50 %.2fx, p99 %.2fx of the same alone\n",
              alone.count(), beside.count(), static_cast<unsigned long long>(drawn), beside.p50() / alone.p50(),
              beside.p99() / alone.p99());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_generator_busy ENGINE [seconds]\n");
    return 2;
  }
  try {
    measure(argv[1], std::chrono::seconds(argc > 2 ? std::max(1, std::atoi(argv[2])) : 10));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_generator_busy: %s\n", error.what());
    return 1;
  }
  return 0;
}
