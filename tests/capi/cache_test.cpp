// zimg_cache and what goes with it: opened, filled, listed, purged, verified, counted, tiered, carried in bundles.
#include <cstring>
#include <fstream>

#include "cache_fixture.hpp"

using namespace capi_test;

namespace {

int count_visit(void* visits, const zimg_key*, const zimg_entry* entry, std::uint64_t payload_bytes) {
  BOOST_TEST((zimg_entry_payload(entry, nullptr) == nullptr));
  BOOST_TEST(payload_bytes > 0u);
  return ++*static_cast<int*>(visits) < 2 ? 1 : 0;
}

int is_odd(void*, const zimg_key* key, const zimg_entry*, std::uint64_t) {
  return key->bytes[0] % 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_entry_keeps_every_fact) {
  const Entry entry = entry_of("a picture");
  must(zimg_entry_set_stored_at_ms, entry.get(), std::int64_t{1700000000000});
  must(zimg_entry_set_expires_at_ms, entry.get(), std::int64_t{1900000000000});
  must(zimg_entry_set_pinned, entry.get(), 1);
  Entry clone;
  must(zimg_entry_clone, static_cast<const zimg_entry*>(entry.get()), clone.out());
  const Cache cache = memory_cache();
  store(cache, 1, clone);
  const zimg_key key = key_of(1);
  Entry found;
  must(zimg_cache_find, cache.get(), &key, found.out());
  BOOST_REQUIRE(found.get() != nullptr);
  std::size_t size = 0;
  BOOST_TEST(std::memcmp(zimg_entry_payload(found.get(), &size), "a picture", 9) == 0);
  BOOST_TEST(size == 9u);
  BOOST_TEST(zimg_entry_format(found.get()) == ZIMG_IMAGE_FORMAT_PNG);
  BOOST_TEST(zimg_entry_width(found.get()) == 32u);
  BOOST_TEST(zimg_entry_height(found.get()) == 16u);
  BOOST_TEST(zimg_entry_seed(found.get()) == 5u);
  BOOST_TEST(zimg_entry_steps(found.get()) == 8u);
  BOOST_TEST(zimg_entry_guidance(found.get()) == 1.5);
  BOOST_TEST(zimg_entry_draw_ms(found.get()) == 1800.0);
  BOOST_TEST(zimg_entry_stored_at_ms(found.get()) == 1700000000000);
  BOOST_TEST(zimg_entry_expires_at_ms(found.get()) == 1900000000000);
  BOOST_TEST(text_of(zimg_entry_namespace, found.get()) == "default");
  BOOST_TEST(text_of(zimg_entry_model, found.get()) == "a model");
  BOOST_TEST(text_of(zimg_entry_tag, found.get()) == "festival");
  BOOST_TEST(zimg_entry_is_pinned(found.get()) == 1);
  const std::uint8_t zero[32] = {};
  BOOST_TEST(std::memcmp(zimg_entry_payload_sha256(found.get()), zero, 32) != 0);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_entry_set_payload_sha256, found.get(), &zero[0], std::size_t{31});
  must(zimg_entry_set_payload_sha256, found.get(), &zero[0], std::size_t{32});
  BOOST_TEST(std::memcmp(zimg_entry_payload_sha256(found.get()), zero, 32) == 0);
}

BOOST_AUTO_TEST_CASE(entries_come_and_go_in_memory_and_on_disk) {
  const zimg_test::TemporaryFolder folder;
  for (const std::string& url : {std::string("memory:?size=8MiB"), lmdb_url(folder)}) {
    const Cache cache = opened(url);
    for (unsigned i = 0; i < 10; ++i) store(cache, i, entry_of("payload", i < 4 ? "a" : "b"));
    const zimg_key absent = key_of(77);
    const zimg_key three = key_of(3);
    Entry none;
    must(zimg_cache_find, cache.get(), &absent, none.out());
    BOOST_TEST((none.get() == nullptr));
    int was_there = -1;
    must(zimg_cache_erase, cache.get(), &absent, &was_there);
    BOOST_TEST(was_there == 0);
    must(zimg_cache_erase, cache.get(), &three, &was_there);
    BOOST_TEST(was_there == 1);
    BOOST_TEST(!is_there(cache, 3));
    must(zimg_cache_erase, cache.get(), &three, static_cast<int*>(nullptr));
    int visits = 0;
    must(zimg_cache_list, cache.get(), &count_visit, static_cast<void*>(&visits));
    BOOST_TEST(visits == 2);
    std::uint64_t erased = 0;
    must(zimg_cache_erase_if, cache.get(), &is_odd, static_cast<void*>(nullptr), &erased);
    BOOST_TEST(erased == 4u);  // 1, 5, 7 and 9
    const zimg_key four = key_of(4);
    int pinned = -1;
    must(zimg_cache_pin, cache.get(), &four, 1, &pinned);
    BOOST_TEST(pinned == 1);

    Stats stats;
    must(zimg_cache_stats, cache.get(), stats.out());
    BOOST_TEST(zimg_stats_count(stats.get(), ZIMG_COUNT_ENTRIES) == 5u);
    BOOST_TEST(zimg_stats_count(stats.get(), ZIMG_COUNT_STORED) == 10u);
    BOOST_TEST(zimg_stats_count(stats.get(), ZIMG_COUNT_MISSES) == 1u);
    BOOST_TEST(zimg_stats_count(stats.get(), ZIMG_COUNT_PAYLOAD_BYTES) == 35u);
    BOOST_TEST(zimg_stats_count(stats.get(), ZIMG_COUNT_CAPACITY_BYTES) >= 8u << 20);
    BOOST_TEST(zimg_stats_count(stats.get(), ZIMG_COUNT_OLDEST_MS) > 1600000000000u);
    BOOST_TEST(zimg_stats_count(stats.get(), 99) == 0u);
    BOOST_TEST(zimg_stats_hit_rate(stats.get()) == 0);
    BOOST_TEST(zimg_stats_point_count(stats.get()) == 3u);
    BOOST_TEST(zimg_stats_point_bytes(stats.get(), 2) > zimg_stats_point_bytes(stats.get(), 0));
    BOOST_TEST(zimg_stats_point_hit_rate(stats.get(), 3) == 0);
    BOOST_REQUIRE(zimg_stats_namespace_count(stats.get()) == 2u);
    BOOST_TEST(text_of(zimg_stats_namespace_name, stats.get(), std::size_t{1}) == "b");
    BOOST_TEST(zimg_stats_namespace_value(stats.get(), 1, ZIMG_COUNT_PINNED) == 1u);
    BOOST_TEST(zimg_stats_namespace_value(stats.get(), 0, ZIMG_COUNT_ENTRIES) == 2u);
    BOOST_TEST(zimg_stats_namespace_value(stats.get(), 2, ZIMG_COUNT_ENTRIES) == 0u);
  }
}

BOOST_AUTO_TEST_CASE(many_are_stored_together_or_none) {
  const zimg_test::TemporaryFolder folder;
  const Cache cache = opened(lmdb_url(folder));
  const Entry first = entry_of("one");
  const Entry second = entry_of("two");
  const zimg_key keys[] = {key_of(1), key_of(2)};
  const zimg_entry* entries[] = {first.get(), second.get()};
  zimg_store_outcome outcomes[] = {-1, -1};
  must(zimg_cache_store_all, cache.get(), &keys[0], &entries[0], std::size_t{2}, &outcomes[0]);
  BOOST_TEST(outcomes[0] + outcomes[1] == 0);
  BOOST_TEST(count_of(cache, ZIMG_COUNT_ENTRIES) == 2u);
  must(zimg_cache_store_all, cache.get(), &keys[0], &entries[0], std::size_t{0}, &outcomes[0]);
  entries[1] = nullptr;
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_store_all, cache.get(), &keys[0], &entries[0], std::size_t{2},
          &outcomes[0]);
  Entry empty;
  must(zimg_entry_create, empty.out());
  zimg_store_outcome outcome = -1;
  BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_store, cache.get(), &keys[0],
                           static_cast<const zimg_entry*>(empty.get()), &outcome),
                   "payload"));
  BOOST_TEST(outcome == -1);
}

BOOST_AUTO_TEST_CASE(a_filter_says_what_is_purged) {
  const Cache cache = memory_cache();
  for (unsigned i = 0; i < 6; ++i) store(cache, i, entry_of("payload", i < 4 ? "a" : "b"));
  const zimg_key pinned = key_of(0);
  must(zimg_cache_pin, cache.get(), &pinned, 1, static_cast<int*>(nullptr));
  PurgeFilter filter;
  must(zimg_purge_filter_create, filter.out());
  must(zimg_purge_filter_set_namespace, filter.get(), "a", std::size_t{1});
  must(zimg_purge_filter_set_model, filter.get(), "a model", std::size_t{7});
  must(zimg_purge_filter_set_tag, filter.get(), "festival", std::size_t{8});
  must(zimg_purge_filter_set_stored_before_ms, filter.get(), std::int64_t{4000000000000});
  must(zimg_purge_filter_set_spares_pinned, filter.get(), 1);
  const Entry fitting = entry_of("x", "a");
  BOOST_TEST(zimg_purge_filter_matches(filter.get(), &pinned, fitting.get()) == 1);
  const Entry other = entry_of("x", "c");
  BOOST_TEST(zimg_purge_filter_matches(filter.get(), &pinned, other.get()) == 0);
  std::uint64_t erased = 0;
  must(zimg_cache_purge, cache.get(), static_cast<const zimg_purge_filter*>(filter.get()), &erased);
  BOOST_TEST(erased == 3u);
  BOOST_TEST(is_there(cache, 0));
  must(zimg_purge_filter_create, filter.out());
  must(zimg_purge_filter_set_key_prefix, filter.get(), "05", std::size_t{2});
  must(zimg_cache_purge, cache.get(), static_cast<const zimg_purge_filter*>(filter.get()), &erased);
  BOOST_TEST(erased == 1u);
  must(zimg_purge_filter_set_key_prefix, filter.get(), "x", std::size_t{1});
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_purge, cache.get(),
          static_cast<const zimg_purge_filter*>(filter.get()), &erased);
}

BOOST_AUTO_TEST_CASE(verifying_finds_what_is_not_what_was_stored) {
  const Cache cache = memory_cache();
  store(cache, 1, entry_of("sound"));
  const Entry lying = entry_of("lying");
  const std::uint8_t digest[32] = {7};
  must(zimg_entry_set_payload_sha256, lying.get(), &digest[0], sizeof(digest));
  store(cache, 2, lying);
  Tally tally;
  BOOST_TEST(holds(refused(ZIMG_STATUS_CANCELLED, zimg_cache_verify, cache.get(), &stop_at_once, nullptr, tally.out()),
                   "stopped"));
  must(zimg_cache_verify, cache.get(), static_cast<zimg_tally_function>(nullptr), static_cast<void*>(nullptr),
       tally.out());
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_ENTRIES) == 2u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_CORRUPT) == 1u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_PAYLOAD_BYTES) == 5u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_HITS) == 0u);
  BOOST_TEST(zimg_tally_count(tally.get(), -1) == 0u);
}

BOOST_AUTO_TEST_CASE(caches_open_by_url_by_options_and_as_tiers) {
  const zimg_test::TemporaryFolder folder;
  Cache none(memory_cache().release());
  must(zimg_cache_open, "none:", std::size_t{5}, nullptr, none.out());
  BOOST_TEST((none.get() == nullptr));
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_open, "memory:?size=lots", std::size_t{17}, nullptr, none.out());

  LmdbOptions options;
  const std::string url = lmdb_url(folder);
  must(zimg_lmdb_options_from_url, url.data(), url.size(), options.out());
  must(zimg_lmdb_options_create, options.out());
  const std::string path = folder.path("store");
  must(zimg_lmdb_options_set_path, options.get(), path.data(), path.size());
  must(zimg_lmdb_options_set_capacity_bytes, options.get(), std::uint64_t{8} << 20);
  must(zimg_lmdb_options_set_lock_timeout_ms, options.get(), 50u);
  must(zimg_lmdb_options_set_allow_network, options.get(), 1);
  must(zimg_lmdb_options_add_namespace_secret, options.get(), "a", std::size_t{1},
       static_cast<const void*>("0123456789abcdef"), std::size_t{16});
  Cache lower;
  must(zimg_cache_open_lmdb, static_cast<const zimg_lmdb_options*>(options.get()), lower.out());
  Text text;
  must(zimg_cache_description, static_cast<const zimg_cache*>(lower.get()), text.out());
  BOOST_TEST(holds(text_of(zimg_text_data, text.get()), path));
  Cache upper = memory_cache();
  Cache tier;
  must(zimg_cache_make_tier, upper.get(), lower.get(), tier.out());
  upper.reset();
  lower.reset();
  store(tier, 1, entry_of("payload", "a"));
  BOOST_TEST(is_there(tier, 1));
  tier.reset();
  const Cache without_secret = opened(url);
  const zimg_key key = key_of(1);
  Entry sealed;
  must(zimg_cache_peek, without_secret.get(), &key, sealed.out());
  BOOST_TEST((sealed.get() == nullptr));
  must(zimg_cache_default_path, text.out());
  BOOST_TEST(holds(text_of(zimg_text_data, text.get()), "zimg/pictures"));
}

BOOST_AUTO_TEST_CASE(a_policy_limits_times_and_warns) {
  struct Host {
    std::atomic<std::int64_t> now_ms{1700000000000};
    std::atomic<int> warnings{0};
  } host;
  Policy policy;
  must(zimg_policy_create, policy.out());
  must(zimg_policy_add_namespace, policy.get(), "small", std::size_t{5}, std::uint64_t{10}, std::uint64_t{0},
       std::int64_t{0});
  must(zimg_policy_add_namespace, policy.get(), "*", std::size_t{1}, std::uint64_t{0}, std::uint64_t{0},
       std::int64_t{1000});
  must(zimg_policy_set_ttl_jitter, policy.get(), 0.0);
  must(zimg_policy_set_weighs_entries, policy.get(), 0);
  must(
      zimg_policy_set_clock, policy.get(), +[](void* data) { return static_cast<Host*>(data)->now_ms.load(); }, &host,
      nullptr);
  must(
      zimg_policy_set_warning, policy.get(),
      +[](void* data, const char* warning, std::size_t size) {
        BOOST_TEST(std::string(warning, size).size() == std::strlen(warning));
        ++static_cast<Host*>(data)->warnings;
      },
      &host, nullptr);
  Cache cache;
  must(zimg_cache_make_memory, std::uint64_t{100}, static_cast<const zimg_policy*>(policy.get()), cache.out());
  const zimg_key key = key_of(1);
  zimg_store_outcome outcome = -1;
  must(zimg_cache_store, cache.get(), &key,
       static_cast<const zimg_entry*>(entry_of("more than ten bytes", "small").get()), &outcome);
  BOOST_TEST(outcome == ZIMG_STORE_OUTCOME_OVER_QUOTA);
  must(zimg_cache_store, cache.get(), &key, static_cast<const zimg_entry*>(entry_of(std::string(101, 'x')).get()),
       &outcome);
  BOOST_TEST(outcome == ZIMG_STORE_OUTCOME_TOO_LARGE);
  store(cache, 2, entry_of(std::string(90, 'x')));
  BOOST_TEST(host.warnings == 1);
  BOOST_TEST(is_there(cache, 2));
  host.now_ms += 2000;
  BOOST_TEST(!is_there(cache, 2));
  must(zimg_policy_set_ttl_jitter, policy.get(), 2.0);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_make_memory, std::uint64_t{100},
          static_cast<const zimg_policy*>(policy.get()), cache.out());
}

BOOST_AUTO_TEST_CASE(a_preset_sets_namespace_and_rule) {
  zimg_preset preset = -1;
  must(zimg_preset_named, "personal", std::size_t{8}, &preset);
  BOOST_TEST(preset == ZIMG_PRESET_PERSONAL);
  refused(ZIMG_STATUS_NOT_FOUND, zimg_preset_named, "impersonal", std::size_t{10}, &preset);
  const Request request = request_of("a circle");
  Policy policy;
  must(zimg_policy_create, policy.out());
  must(zimg_preset_apply, preset, "me", std::size_t{2}, request.get(), policy.get());
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_preset_apply, preset, "", std::size_t{0}, request.get(), policy.get());
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_preset_apply, 4, "me", std::size_t{2}, request.get(), policy.get());
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Result result = generated(generator, request);
  BOOST_TEST(text_of(zimg_report_namespace, zimg_result_report(result.get())) == "user:me");
}

BOOST_AUTO_TEST_CASE(bundles_carry_entries_and_say_what_they_refused) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("bundle");
  const Cache from = memory_cache();
  for (unsigned i = 0; i < 6; ++i) store(from, i, entry_of("payload"));
  Tally tally;
  const zimg_tally_function no_progress = nullptr;
  void* const nobody = nullptr;
  must(zimg_bundle_export, from.get(), path.data(), path.size(), &is_odd, no_progress, nobody, tally.out());
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_ENTRIES) == 3u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_PAYLOAD_BYTES) == 21u);
  refused(ZIMG_STATUS_CANCELLED, zimg_bundle_export, from.get(), path.data(), path.size(), nullptr, &stop_at_once,
          nullptr, tally.out());

  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);  // damage in the last payload
  file.seekg(0, std::ios::end);
  std::string whole(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(whole.data(), static_cast<std::streamsize>(whole.size()));
  file.seekp(static_cast<std::streamoff>(whole.rfind("payload")));
  file.write("PAYLOAD", 7);
  file.close();
  const Cache to = memory_cache();
  std::vector<std::string> refusals;
  must(
      zimg_bundle_import, to.get(), path.data(), path.size(),
      +[](void* data, std::uint64_t number, const zimg_key* key, const char* reason, std::size_t size) {
        BOOST_TEST(number == 3u);
        BOOST_REQUIRE((key != nullptr));
        BOOST_TEST(key->bytes[0] == 5);
        static_cast<std::vector<std::string>*>(data)->emplace_back(reason, size);
      },
      no_progress, static_cast<void*>(&refusals), tally.out());
  BOOST_TEST(refusals.size() == 1u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_ENTRIES) == 3u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_STORED) == 2u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_REFUSED) == 1u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_IS_WHOLE) == 1u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_FILE_BYTES) == whole.size());
  refused(ZIMG_STATUS_NOT_FOUND, zimg_bundle_import, to.get(), "/nowhere", std::size_t{8}, nullptr, nullptr, nullptr,
          tally.out());
}

BOOST_AUTO_TEST_CASE(two_generators_on_one_store_draw_once) {
  const zimg_test::TemporaryFolder folder;
  Painter first_painter;
  Painter second_painter;
  const Cache first_cache = opened(lmdb_url(folder));
  const Cache second_cache = opened(lmdb_url(folder));
  const Generator first = generator_of(options_for(first_painter), first_cache);
  const Generator second = generator_of(options_for(second_painter), second_cache);
  const Result drawn = generated(first, request_of("a circle"));
  must(zimg_generator_drain, first.get());
  const Result hit = generated(second, request_of("a circle"));
  BOOST_TEST(outcome_of(hit) == ZIMG_OUTCOME_HIT);
  BOOST_TEST((bytes_of(hit) == bytes_of(drawn)));
  BOOST_TEST(first_painter.drawings + second_painter.drawings == 1);
}
