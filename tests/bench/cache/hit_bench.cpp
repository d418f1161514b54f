// How long a hit takes, from the request to its result, beside the least that it could take: mdb_get and one memcpy of
// the same bytes as one value, in the same run, by turns. Prints a table; see docs/performance.md.
//
//   bench_cache_hit [rounds]
#include <fcntl.h>
#include <lmdb.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/noise_pipeline.hpp"
#include "bench/times.hpp"
#include "temporary_folder.hpp"
#include "zimg/cache.hpp"
#include "zimg/generator.hpp"

namespace {

using zimg_bench::Clock;
using zimg_bench::microseconds_since;
using zimg_bench::print;
using zimg_bench::Times;

zimg::CacheKey key_of(std::uint8_t number) {
  zimg::CacheKey::Digest digest{};
  digest.fill(number);
  return zimg::CacheKey(digest);
}

zimg::CacheEntry entry_of(unsigned seed, std::size_t size) {
  std::mt19937 random(seed);
  auto payload = std::make_shared<zimg::Bytes>(size);
  for (auto& octet : *payload) octet = static_cast<std::uint8_t>(random());
  zimg::CacheEntry entry;
  entry.info.name_space = "default";
  entry.info.model = "bench";
  entry.payload = std::move(payload);
  return entry;
}

void check(int code) {
  if (code != 0) throw std::runtime_error(mdb_strerror(code));
}

// The floor: one value an entry, one read transaction renewed for each, a buffer that is already there.
class Floor {
 public:
  explicit Floor(const std::string& folder) {
    check(mdb_env_create(&env_));
    check(mdb_env_set_mapsize(env_, std::size_t{1} << 30));
    check(mdb_env_open(env_, folder.c_str(), MDB_NOTLS, 0600));
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_, nullptr, 0, &txn));
    check(mdb_dbi_open(txn, nullptr, 0, &table_));
    check(mdb_txn_commit(txn));
    check(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &reading_));
    mdb_txn_reset(reading_);
  }
  ~Floor() {
    mdb_txn_abort(reading_);
    mdb_env_close(env_);
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  void put(const zimg::CacheKey& key, const zimg::Bytes& payload) {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_, nullptr, 0, &txn));
    MDB_val name = name_of(key);
    MDB_val value{payload.size(), const_cast<std::uint8_t*>(payload.data())};
    check(mdb_put(txn, table_, &name, &value, 0));
    check(mdb_txn_commit(txn));
    buffer_.resize(std::max(buffer_.size(), payload.size()));
  }
  void get(const zimg::CacheKey& key) {
    check(mdb_txn_renew(reading_));
    MDB_val name = name_of(key);
    MDB_val value;
    check(mdb_get(reading_, table_, &name, &value));
    std::memcpy(buffer_.data(), value.mv_data, value.mv_size);
    mdb_txn_reset(reading_);
  }

 private:
  static MDB_val name_of(const zimg::CacheKey& key) {
    return MDB_val{key.digest().size(), const_cast<std::uint8_t*>(key.digest().data())};
  }
  MDB_env* env_ = nullptr;
  MDB_dbi table_ = 0;
  MDB_txn* reading_ = nullptr;
  zimg::Bytes buffer_;
};

void require_hit(bool is_hit) {
  if (!is_hit) throw std::runtime_error("a miss");
}

// Pictures of `side` pixels and `levels` of noise, asked for by turns.
void measure_hits(std::uint32_t side, unsigned levels, int rounds) {
  constexpr std::uint64_t kPictures = 24;
  const zimg_test::TemporaryFolder folder;
  const zimg_test::TemporaryFolder floor_folder;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = 256u << 20;
  const auto lmdb = zimg::open_lmdb_cache(options);
  const auto memory = zimg::make_memory_cache(256u << 20);
  zimg::Generator from_lmdb(zimg_bench::noise_options(levels), lmdb);
  zimg::Generator from_memory(zimg_bench::noise_options(levels), memory);
  Floor floor(floor_folder.path());
  std::vector<zimg::CacheKey> keys;
  std::size_t bytes = 0;
  for (std::uint64_t seed = 0; seed < kPictures; ++seed) {
    const zimg::Result drawn = from_lmdb.generate(zimg_bench::noise_request(side, seed));
    from_memory.generate(zimg_bench::noise_request(side, seed));
    floor.put(drawn.report.key, *drawn.bytes);
    keys.push_back(drawn.report.key);
    bytes += drawn.bytes->size();
    from_lmdb.drain();
    from_memory.drain();
  }
  Times floor_times, find_times, lmdb_times, memory_times;
  // Each reads another picture than the others did just now, or the first to read one would warm it for the rest.
  for (int round = -48; round < rounds; ++round) {  // the first ones warm up
    const auto turn = [round](std::uint64_t reader) {
      return (static_cast<std::uint64_t>(round + 48) + reader * kPictures / 3) % kPictures;
    };
    const auto timed = [&](Times& times, const std::function<void()>& read) {
      const auto start = Clock::now();
      read();
      if (round >= 0) times.add(microseconds_since(start));
    };
    const zimg::Request request = zimg_bench::noise_request(side, turn(2));
    timed(floor_times, [&] { floor.get(keys[turn(0)]); });
    timed(find_times, [&] { require_hit(lmdb->find(keys[turn(1)]).has_value()); });
    timed(lmdb_times, [&] { require_hit(from_lmdb.generate(request).report.is_hit()); });
  }
  for (int round = -48; round < rounds; ++round) {  // on their own: copies of megabytes leave no cache line behind
    const zimg::Request request = zimg_bench::noise_request(side, static_cast<std::uint64_t>(round + 48) % kPictures);
    const auto start = Clock::now();
    require_hit(from_memory.generate(request).report.is_hit());
    if (round >= 0) memory_times.add(microseconds_since(start));
  }
  const std::size_t size = bytes / kPictures;
  print("mdb_get + memcpy (floor)", size, floor_times);
  print("LMDB, the cache alone", size, find_times, floor_times.p50());
  print("LMDB, request to result", size, lmdb_times, floor_times.p50());
  print("memory, request to result", size, memory_times);
}

// Run in a fresh process: opens the store, finds one picture, prints the microseconds.
int cold_hit(const char* path) {
  const auto start = Clock::now();
  zimg::LmdbOptions options;
  options.path = path;
  const auto cache = zimg::open_lmdb_cache(options);
  const bool is_hit = cache->find(key_of(1)).has_value();
  std::printf("%f\n", microseconds_since(start));
  return is_hit ? 0 : 1;
}

void measure_cold_hits(const char* program) {
  const zimg_test::TemporaryFolder folder;
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = std::uint64_t{1} << 30;
  constexpr std::size_t kSize = 1500000;
  zimg::open_lmdb_cache(options)->store(key_of(1), entry_of(1, kSize));
  Times times;
  for (int i = 0; i < 40; ++i) {
    const std::string command = std::string(program) + " --cold '" + options.path + "'";
    FILE* output = ::popen(command.c_str(), "r");
    double time = 0;
    const bool is_read = output != nullptr && std::fscanf(output, "%lf", &time) == 1;
    if (output == nullptr || ::pclose(output) != 0 || !is_read) throw std::runtime_error("the cold process failed");
    times.add(time);
  }
  print("open + first hit, cold process", kSize, times);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3 && std::string(argv[1]) == "--cold") return cold_hit(argv[2]);
    const int rounds = argc > 1 ? std::max(100, std::atoi(argv[1])) : 2000;
    measure_hits(128, 4, rounds);
    measure_hits(1024, 5, rounds);
    measure_cold_hits(argv[0]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_cache_hit: %s\n", error.what());
    return 1;
  }
  return 0;
}
