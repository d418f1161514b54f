// How fast a bundle is imported into a store on disk: 10,000 entries of 100 kB, or as many as are asked for. Prints a
// line; see docs/performance.md.
//
//   bench_cache_import [entries]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "temporary_folder.hpp"
#include "zimg/bundle.hpp"
#include "zimg/cache.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPayload = 100000;  // bytes

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

zimg::KeyedEntry entry_of(unsigned number) {
  std::mt19937_64 random(number);
  auto payload = std::make_shared<zimg::Bytes>(kPayload);
  for (auto& octet : *payload) octet = static_cast<std::uint8_t>(random());
  zimg::CacheKey::Digest digest;
  for (auto& octet : digest) octet = static_cast<std::uint8_t>(random());
  zimg::CacheEntry entry;
  entry.info.name_space = "default";
  entry.info.model = "bench";
  entry.payload = std::move(payload);
  return {zimg::CacheKey(digest), std::move(entry)};
}

std::shared_ptr<zimg::ICache> open_store(const std::string& path, std::uint64_t payload_bytes) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = payload_bytes * 2 + (64u << 20);
  return zimg::open_lmdb_cache(options);
}

void measure(unsigned entries) {
  const zimg_test::TemporaryFolder folder;
  const std::uint64_t payload_bytes = std::uint64_t{entries} * kPayload;
  const auto from = zimg::make_memory_cache(payload_bytes + 1);
  for (unsigned i = 0; i < entries; ++i) {
    const zimg::KeyedEntry keyed = entry_of(i);
    from->store(keyed.key, keyed.entry);
  }
  const double megabytes = static_cast<double>(payload_bytes) / 1e6;
  auto start = Clock::now();
  zimg::export_bundle(*from, folder.path("bundle"));
  const double exporting = seconds_since(start);
  const auto to = open_store(folder.path("store"), payload_bytes);
  start = Clock::now();
  const zimg::ImportReport report = zimg::import_bundle(*to, folder.path("bundle"));
  const double importing = seconds_since(start);
  std::printf("%u entries of %zu B: exported in %.2f s (%.0f MB/s), imported in %.2f s (%.0f MB/s), %llu stored\n",
              entries, kPayload, exporting, megabytes / exporting, importing, megabytes / importing,
              static_cast<unsigned long long>(report.stored));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    measure(argc > 1 ? static_cast<unsigned>(std::max(1, std::atoi(argv[1]))) : 10000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_cache_import: %s\n", error.what());
    return 1;
  }
  return 0;
}
