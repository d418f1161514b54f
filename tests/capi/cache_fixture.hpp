// What the tests of zimg_cache and of stores share: keys, entries, caches opened and looked into.
#pragma once

#include "capi_fixture.hpp"
#include "temporary_folder.hpp"

namespace capi_test {

inline zimg_key key_of(unsigned number) {
  zimg_key key{};
  key.bytes[0] = static_cast<std::uint8_t>(number);
  key.bytes[31] = 1;
  return key;
}

inline Entry entry_of(std::string_view payload, std::string_view name_space = "default") {
  Entry entry;
  must(zimg_entry_create, entry.out());
  must(zimg_entry_set_payload, entry.get(), static_cast<const void*>(payload.data()), payload.size());
  must(zimg_entry_set_format, entry.get(), ZIMG_IMAGE_FORMAT_PNG);
  must(zimg_entry_set_size, entry.get(), 32u, 16u);
  must(zimg_entry_set_seed, entry.get(), 5u);
  must(zimg_entry_set_steps, entry.get(), 8u);
  must(zimg_entry_set_guidance, entry.get(), 1.5);
  must(zimg_entry_set_draw_ms, entry.get(), 1800.0);
  must(zimg_entry_set_namespace, entry.get(), name_space.data(), name_space.size());
  must(zimg_entry_set_model, entry.get(), "a model", std::size_t{7});
  must(zimg_entry_set_tag, entry.get(), "festival", std::size_t{8});
  return entry;
}

inline void store(const Cache& cache, unsigned number, const Entry& entry) {
  const zimg_key key = key_of(number);
  zimg_store_outcome outcome = -1;
  must(zimg_cache_store, cache.get(), &key, static_cast<const zimg_entry*>(entry.get()), &outcome);
  BOOST_TEST(outcome == ZIMG_STORE_OUTCOME_STORED);
}

inline bool is_there(const Cache& cache, unsigned number) {
  const zimg_key key = key_of(number);
  int answer = -1;
  must(zimg_cache_contains, cache.get(), &key, &answer);
  Entry entry;
  must(zimg_cache_peek, cache.get(), &key, entry.out());
  BOOST_TEST((entry.get() != nullptr) == (answer == 1));
  return answer == 1;
}

inline std::uint64_t count_of(const Cache& cache, zimg_count which) {
  Stats stats;
  must(zimg_cache_stats, cache.get(), stats.out());
  return zimg_stats_count(stats.get(), which);
}

inline std::string lmdb_url(const zimg_test::TemporaryFolder& folder) {
  return "lmdb:" + folder.path("store") + "?size=8MiB";
}

inline Cache opened(const std::string& url, const zimg_policy* policy = nullptr) {
  Cache cache;
  must(zimg_cache_open, url.data(), url.size(), policy, cache.out());
  return cache;
}

inline int stop_at_once(void*, const zimg_tally*) {
  return 0;
}

}  // namespace capi_test
