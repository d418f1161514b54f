// What closing an LMDB cache ends, and what a fork closes.
#include <boost/test/unit_test.hpp>
#include <thread>

#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "forked_child.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/lmdb_fixture.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using lmdb_fixture::contains;
using lmdb_fixture::kMiB;
using lmdb_fixture::open;
using zimg::ErrorCode;
using zimg_test::expect_error;
using zimg_test::in_child;
using zimg_test::TemporaryFolder;

}  // namespace

BOOST_AUTO_TEST_SUITE(lmdb_closing)

BOOST_AUTO_TEST_CASE(is_closed_in_a_forked_child_which_may_open_its_own) {
  const TemporaryFolder folder;
  auto cache = open(folder.path("store"), 16 * kMiB);
  cache->store(key_of(1), entry_of(1, 1000));
  const int status = in_child([&]() -> int {
    const auto is_closed = [&](auto&& call) {
      try {
        call();
      } catch (const zimg::Error& error) {
        return error.code() == ErrorCode::kClosed;
      }
      return false;
    };
    if (!is_closed([&] { cache->find(key_of(1)); })) return 1;
    if (!is_closed([&] { cache->store(key_of(2), entry_of(2, 10)); })) return 2;
    if (!is_closed([&] { cache->erase(key_of(1)); })) return 3;
    if (!is_closed([&] { cache->stats(); })) return 4;
    if (!is_closed([&] { cache->list([](const auto&, const auto&, auto) { return true; }); })) return 5;
    if (!is_closed([&] { cache->verify({}); })) return 6;
    if (!is_closed([&] { cache->store_all({{key_of(2), entry_of(2, 10)}}); })) return 9;
    if (!is_closed([&] { cache->erase_if([](const auto&, const auto&, auto) { return true; }); })) return 10;
    const auto own = open(folder.path("store"));
    cache.reset();
    if (!own->find(key_of(1))) return 7;
    return own->store(key_of(3), entry_of(3, 1000)) == zimg::StoreOutcome::kStored ? 0 : 8;
  });
  BOOST_TEST(status == 0);
  BOOST_TEST(cache->find(key_of(3)).has_value());
  BOOST_TEST((cache->store(key_of(4), entry_of(4, 1000)) == zimg::StoreOutcome::kStored));
}

BOOST_AUTO_TEST_CASE(refuses_every_call_once_it_is_closed) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 16 * kMiB);
  const auto other = open(folder.path("store"));
  cache->store(key_of(1), entry_of(1, 1000));
  cache->close();
  cache->close();
  const auto say = [&](auto&& call) { expect_error(ErrorCode::kClosed, {"was closed"}, call); };
  say([&] { cache->find(key_of(1)); });
  say([&] { cache->store(key_of(2), entry_of(2, 10)); });
  say([&] { cache->store_all({{key_of(2), entry_of(2, 10)}}); });
  say([&] { cache->erase(key_of(1)); });
  say([&] { cache->erase_if([](const auto&, const auto&, auto) { return true; }); });
  say([&] { cache->list([](const auto&, const auto&, auto) { return true; }); });
  say([&] { cache->verify({}); });
  say([&] { cache->stats(); });
  BOOST_TEST(contains(cache->description(), folder.path("store")));
  BOOST_TEST(other->find(key_of(1)).has_value());  // another handle is another matter
}

BOOST_AUTO_TEST_CASE(adds_what_it_counted_when_it_is_closed_and_only_then) {
  const TemporaryFolder folder;
  auto cache = open(folder.path("store"), 16 * kMiB);
  const auto other = open(folder.path("store"));
  cache->store(key_of(1), entry_of(1, 1000));
  for (int i = 0; i < 7; ++i) cache->find(key_of(1));
  cache->find(key_of(2));
  cache->close();
  const auto expect_counts = [&] {
    const zimg::CacheStats stats = other->stats();
    BOOST_TEST(stats.stores == 1u);
    BOOST_TEST(stats.hits == 7u);
    BOOST_TEST(stats.misses == 1u);
  };
  expect_counts();
  cache.reset();
  expect_counts();
}

BOOST_AUTO_TEST_CASE(closes_after_the_calls_in_flight) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), 64 * kMiB);
  std::atomic<int> inside{0};
  std::atomic<int> finished{0};
  std::atomic<int> closed{0};
  std::atomic<int> others{0};
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 1000; ++i) {
        try {
          ++inside;
          if (i % 5 == 0) cache->store(key_of(t * 1000 + i), entry_of(i, 50000));
          cache->find(key_of(t * 1000 + i / 5 * 5));
          ++finished;
        } catch (const zimg::Error& error) {
          ++(error.code() == ErrorCode::kClosed ? closed : others);
          return;
        }
      }
    });
  }
  while (finished < 20) std::this_thread::yield();
  cache->close();
  BOOST_TEST(open(folder.path("store"), 32 * kMiB)->verify({}).damaged == 0u);  // resized: nobody has it open
  for (auto& thread : threads) thread.join();
  BOOST_TEST(closed == 4);
  BOOST_TEST(others == 0);
  BOOST_TEST(inside == finished + closed);
}

BOOST_AUTO_TEST_SUITE_END()
