// Copies of the stores that this format was first written in, opened by this version: each entry, count and rule as it
// was. And the other way round: an entry that a newer version wrote.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/sha256.hpp"
#include "cache/entry_codec.hpp"
#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/transaction.hpp"
#include "temporary_folder.hpp"
#include "unit/cache/golden_stores.hpp"
#include "zimg/store_maintenance.hpp"

namespace {

using namespace golden;
using zimg_test::TemporaryFolder;

// A copy of a stored store. There the zeros at the end of data.mdb are left out; an open store has its whole size.
std::string copy_of(const std::string& name, const std::string& to) {
  std::filesystem::copy(std::string(ZIMG_TEST_DATA) + "/stores/" + name, to);
  std::filesystem::permissions(to, std::filesystem::perms(0700));
  std::filesystem::resize_file(to + "/data.mdb", kCapacity);
  return to;
}

void expect_same(const zimg::CacheEntry& found, const GoldenEntry& golden) {
  BOOST_TEST_CONTEXT("entry " << golden.number) {
    const zimg::EntryInfo& info = found.info;
    const zimg::EntryInfo& was = golden.entry.info;
    BOOST_TEST((*found.payload == *golden.entry.payload));
    BOOST_TEST((info.format == was.format));
    BOOST_TEST(info.width == was.width);
    BOOST_TEST(info.height == was.height);
    BOOST_TEST(info.seed == was.seed);
    BOOST_TEST(info.steps == was.steps);
    BOOST_TEST(info.guidance == was.guidance);
    BOOST_TEST(info.draw_ms == was.draw_ms);
    BOOST_TEST(info.stored_at_ms == kMadeAtMs);
    BOOST_TEST(info.expires_at_ms == was.expires_at_ms);
    BOOST_TEST(info.name_space == was.name_space);
    BOOST_TEST(info.model == was.model);
    BOOST_TEST(info.tag == was.tag);
    BOOST_TEST(info.is_pinned == was.is_pinned);
    BOOST_TEST((info.payload_sha256 == zimg::base::sha256(found.payload->data(), found.payload->size())));
  }
}

const zimg::NamespaceStats* part_of(const std::vector<zimg::NamespaceStats>& parts, const std::string& name) {
  for (const auto& part : parts) {
    if (part.name_space == name) return &part;
  }
  BOOST_TEST(false, "no part of " << name);
  return nullptr;
}

void expect_usable(zimg::ICache& cache, std::uint64_t entries) {
  const GoldenEntry more = golden_entry(500, 7000, "default");
  BOOST_TEST((cache.store(golden_key(500), more.entry) == zimg::StoreOutcome::kStored));
  BOOST_TEST((*cache.find(golden_key(500))->payload == *more.entry.payload));
  const zimg::VerifyReport report = cache.verify({});
  BOOST_TEST(report.entries == entries + 1);
  BOOST_TEST(report.damaged + report.unreadable + report.tree_damages == 0u);
}

// The headers of an entry of a schema to come: longer, sealed in a way that is not known here.
zimg::Bytes future_header(const zimg::CacheKey& key, std::uint64_t id, std::size_t payload_bytes) {
  zimg::cache::EntryHeader header =
      zimg::cache::make_header(golden_entry(7, payload_bytes, "default").entry, kMadeAtMs);
  header.id = id;
  zimg::Bytes octets = zimg::cache::encode_header(key, header);
  octets[9] = 2;
  octets.insert(octets.end(), 100, 0xa5);
  octets[2] = static_cast<std::uint8_t>(octets.size() >> 8);
  octets[3] = static_cast<std::uint8_t>(octets.size());
  return octets;
}

void put_future_entry(const std::string& path, const zimg::CacheKey& key) {
  zimg::LmdbOptions options;
  options.path = path;
  const auto environment = zimg::cache::share_environment(options);
  const auto turn = environment->begin_writing(std::chrono::milliseconds(1000));
  zimg::cache::Transaction writing(environment->handle(), 0);
  const std::uint64_t id = environment->tables().newest_id(writing.get()) + 1;
  BOOST_REQUIRE(
      environment->tables().put_as_is(writing.get(), key, future_header(key, id, 5000), *golden_payload(77, 90000)));
  writing.commit();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_store)

BOOST_AUTO_TEST_CASE(of_plain_pictures_is_read_as_it_was_written) {
  const TemporaryFolder folder;
  const auto cache = zimg::open_lmdb_cache(plain_options(copy_of("plain", folder.path("store")), kLongAfterMs));
  const auto entries = plain_entries();
  const zimg::CacheStats before = cache->stats();
  BOOST_TEST(before.entries == entries.size());
  BOOST_TEST(before.payload_bytes == 224832u);
  BOOST_TEST(before.capacity_bytes == kCapacity);
  BOOST_TEST(before.hits == 3u);
  BOOST_TEST(before.misses == 1u);
  BOOST_TEST(before.stores == entries.size());
  BOOST_TEST(before.evictions + before.expired + before.corrupt + before.rejected == 0u);
  BOOST_TEST(before.saved_ms == 3 * 1000.5);
  BOOST_TEST(before.saved_bytes == 3u * 65521);
  BOOST_TEST(before.oldest_stored_at_ms == kMadeAtMs);
  BOOST_REQUIRE(before.size_curve.size() == 3u);
  BOOST_TEST(before.size_curve[1].hit_rate == 0.75);
  for (const GoldenEntry& golden : entries) {
    const auto found = cache->find(golden_key(golden.number));
    BOOST_TEST(found.has_value() == (golden.number != kExpiredNumber));
    if (found) expect_same(*found, golden);
  }
  BOOST_TEST(cache->stats().expired == 1u);
  BOOST_TEST(cache->stats().entries == entries.size() - 1);
  expect_usable(*cache, entries.size() - 1);
}

BOOST_AUTO_TEST_CASE(of_ruled_namespaces_keeps_secrets_quotas_and_counts) {
  const TemporaryFolder folder;
  const std::string path = copy_of("ruled", folder.path("store"));
  {
    const auto cache = zimg::open_lmdb_cache(ruled_options(path, kLongAfterMs));
    std::uint64_t annas = 0;
    for (const GoldenEntry& golden : ruled_entries()) {
      const auto found = cache->find(golden_key(golden.number));
      const bool is_annas = golden.entry.info.name_space == "user:anna";
      if (found) expect_same(*found, golden);
      BOOST_TEST((found.has_value() || is_annas), "entry " << golden.number);
      annas += is_annas && found ? 1 : 0;
    }
    BOOST_TEST(annas == kAnnasLimit / 3000);
    const auto parts = cache->namespace_stats();
    BOOST_TEST(parts.size() == 3u);
    const auto* anna = part_of(parts, "user:anna");
    BOOST_TEST(anna->entries == 3u);
    BOOST_TEST(anna->stores == 6u);
    BOOST_TEST(anna->evictions == 3u);
    BOOST_TEST(anna->pinned == 1u);
    BOOST_TEST(part_of(parts, "mine")->payload_bytes == 30000u);
    // The sums that quotas go by are those of the file: one more of hers pushes out one more of hers.
    const GoldenEntry more = golden_entry(17, 3000, "user:anna");
    BOOST_TEST((cache->store(golden_key(17), more.entry) == zimg::StoreOutcome::kStored));
    BOOST_TEST(part_of(cache->namespace_stats(), "user:anna")->entries == 3u);
    BOOST_TEST(cache->contains(golden_key(15)));  // pinned
    expect_usable(*cache, 10);
  }
  const auto cache = zimg::open_lmdb_cache(plain_options(path, kLongAfterMs));
  for (std::uint64_t number = 1; number <= 4; ++number) BOOST_TEST(!cache->find(golden_key(number)).has_value());
  BOOST_TEST(cache->verify({}).unreadable == 4u);
}

BOOST_AUTO_TEST_CASE(is_rebuilt_with_all_it_holds) {
  const TemporaryFolder folder;
  const std::string path = copy_of("ruled", folder.path("store"));
  const zimg::RebuildReport report = zimg::rebuild_lmdb_store(plain_options(path, kLongAfterMs));
  BOOST_TEST(report.entries == 10u);
  BOOST_TEST(report.unreadable == 4u);
  BOOST_TEST(report.lost + report.tree_damages == 0u);
  const auto cache = zimg::open_lmdb_cache(ruled_options(path, kLongAfterMs));
  for (const GoldenEntry& golden : ruled_entries()) {
    if (golden.entry.info.name_space == "user:anna") continue;
    const auto found = cache->find(golden_key(golden.number));
    BOOST_REQUIRE(found.has_value());
    expect_same(*found, golden);
  }
}

BOOST_AUTO_TEST_CASE(takes_what_a_newer_version_wrote_for_a_miss_and_leaves_it) {
  const TemporaryFolder folder;
  const std::string path = copy_of("plain", folder.path("store"));
  const zimg::CacheKey key = golden_key(77);
  put_future_entry(path, key);
  const auto options = plain_options(path, kMadeAtMs);
  {
    const auto cache = zimg::open_lmdb_cache(options);
    BOOST_TEST(!cache->find(key).has_value());
    BOOST_TEST(!cache->contains(key));
    BOOST_TEST(!cache->pin(key, true));
    BOOST_TEST(cache->stats().corrupt == 0u);
    BOOST_TEST(cache->stats().entries == plain_entries().size() + 1);
    const zimg::VerifyReport report = cache->verify({});
    BOOST_TEST(report.unreadable == 1u);
    BOOST_TEST(report.damaged == 0u);
  }
  BOOST_TEST(zimg::rebuild_lmdb_store(options).unreadable == 1u);
  const auto cache = zimg::open_lmdb_cache(options);
  BOOST_TEST(cache->stats().entries == plain_entries().size() + 1);
  const std::uint64_t payload_bytes = cache->stats().payload_bytes;
  // It goes like any other when it is replaced, and its payload with it.
  BOOST_TEST((cache->store(key, golden_entry(77, 10, "default").entry) == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->stats().payload_bytes == payload_bytes - 90000 + 10);
  BOOST_TEST(cache->find(key).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
