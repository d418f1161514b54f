#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "cache/lmdb/environment_registry.hpp"
#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg_crash;

constexpr std::uint32_t kSlots = 400;
constexpr std::size_t kLargest = 30000;          // bytes
constexpr std::uint64_t kCapacity = 256u << 20;  // so that growing is what a store without free pages does

void store_many(zimg::ICache& cache, int stores) {
  for (int i = 0; i < stores; ++i) {
    const auto slot = static_cast<std::uint32_t>(i) % kSlots;
    cache.store(key_of(slot), entry_of(picture(slot, static_cast<std::uint64_t>(i % 7), kLargest)));
  }
}

// What the store takes of the disk: its file has its full size from the first day on, with holes.
std::int64_t taken_bytes(const std::string& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat((path + "/data.mdb").c_str(), &status) == 0);
  return std::int64_t{status.st_blocks} * 512;
}

// Begins to read and never ends.
int read_for_ever(const std::string& path, int pipe_end) {
  zimg::LmdbOptions options;
  options.path = path;
  const auto environment = zimg::cache::share_environment(options);
  const zimg::cache::Environment::Reading reading(*environment);
  if (::write(pipe_end, "r", 1) != 1) return 1;
  for (;;) ::pause();
}

void kill_a_reader(const std::string& path) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const pid_t reader = start_child([&] { return read_for_ever(path, ends[1]); });
  char ready = 0;
  BOOST_REQUIRE(::read(ends[0], &ready, 1) == 1);
  ::kill(reader, SIGKILL);
  BOOST_REQUIRE(WIFSIGNALED(wait_for(reader)));
  ::close(ends[0]);
  ::close(ends[1]);
}

// By how many percent a store grows over `stores`, after a reader was killed or not.
double growth_over(int stores, bool kills_reader) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("store");
  const auto cache = open_store(path, kCapacity);
  store_many(*cache, 8000);
  if (kills_reader) kill_a_reader(path);
  const std::int64_t before = taken_bytes(path);
  store_many(*cache, stores);
  const std::int64_t after = taken_bytes(path);
  const double growth = 100.0 * static_cast<double>(after - before) / static_cast<double>(before);
  std::printf("%d stores after %s: the store took %lld bytes before and %lld after, %.2f %% more\n", stores,
              kills_reader ? "a reader was killed" : "nothing happened", static_cast<long long>(before),
              static_cast<long long>(after), growth);
  BOOST_TEST(cache->stats().evictions == 0u);
  return growth;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dead_reader)

BOOST_AUTO_TEST_CASE(does_not_keep_pages_from_being_used_again) {
  const int stores = runs("ZIMG_STORES", 10000);
  // A store that nothing happens to settles for a while too.
  const double growth = growth_over(stores, true) - growth_over(stores, false);
  BOOST_TEST(growth <= 1.0);
}

BOOST_AUTO_TEST_SUITE_END()
