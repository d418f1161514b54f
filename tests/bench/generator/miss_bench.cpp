// What a cache adds to a miss before the answer: the same pictures asked for with a cache and without one, by turns,
// the drawing itself taking no time. Prints a table; see docs/performance.md.
//
//   bench_generator_miss [runs]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "bench/noise_pipeline.hpp"
#include "bench/times.hpp"
#include "temporary_folder.hpp"
#include "zimg/cache.hpp"
#include "zimg/generator.hpp"

namespace {

using namespace zimg_bench;

double drawn_in(zimg::Generator& generator, const zimg::Request& request, std::size_t& bytes) {
  const auto start = Clock::now();
  const zimg::Result result = generator.generate(request);
  const double took = microseconds_since(start);
  if (result.report.outcome != zimg::Outcome::kDrawn) throw std::runtime_error("a hit where a miss is expected");
  bytes = result.bytes->size();
  generator.drain();  // the store is not part of the answer, and must not be part of the next one
  return took;
}

void measure(const char* what, const std::shared_ptr<zimg::ICache>& cache, std::uint32_t side, unsigned levels,
             int runs) {
  zimg::Generator with(noise_options(levels), cache);
  zimg::Generator without(noise_options(levels));
  Times on, off, added;
  std::size_t bytes = 0;
  for (int run = -10; run < runs; ++run) {  // the first ones warm up
    const zimg::Request request = noise_request(side, static_cast<std::uint64_t>(run + 10));
    const bool is_first = run % 2 == 0;  // who goes first finds the processor's caches colder
    const double first = drawn_in(is_first ? with : without, request, bytes);
    const double second = drawn_in(is_first ? without : with, request, bytes);
    if (run < 0) continue;
    on.add(is_first ? first : second);
    off.add(is_first ? second : first);
    added.add(is_first ? first - second : second - first);
  }
  std::printf("%s, %d runs\n", what, runs);
  print("  without a cache", bytes, off);
  print("  with the cache", bytes, on);
  std::printf(
      "  added: %.0f us between the medians, %.0f us between the fastest tenths, %.0f us in the middle of pairs\n",
      on.p50() - off.p50(), on.quantile(0.1) - off.quantile(0.1), added.p50());
}

void measure_all(int runs) {
  const zimg_test::TemporaryFolder folder;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = std::uint64_t{1} << 30;
  const auto lmdb = zimg::open_lmdb_cache(options);
  measure("LMDB, 20 kB", lmdb, 128, 4, runs);
  measure("LMDB, 1.5 MB", lmdb, 1024, 5, runs);
  measure("memory, 1.5 MB", zimg::make_memory_cache(std::uint64_t{1} << 30), 1024, 5, runs);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    measure_all(argc > 1 ? std::max(10, std::atoi(argv[1])) : 200);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_generator_miss: %s\n", error.what());
    return 1;
  }
  return 0;
}
