// Stores on a disk as a whole: encrypted under secrets, verified without being opened, rebuilt, resized.
#include <fstream>
#include <iterator>

#include "cache_fixture.hpp"

using namespace capi_test;

namespace {

LmdbOptions options_at(const std::string& path) {
  LmdbOptions options;
  must(zimg_lmdb_options_create, options.out());
  must(zimg_lmdb_options_set_path, options.get(), path.data(), path.size());
  return options;
}

template <class Add, class Handle>
void add_secret(Add add, Handle* handle, std::string_view secret) {
  must(add, handle, "team", std::size_t{4}, static_cast<const void*>(secret.data()), secret.size());
}

Policy policy_with(std::string_view secret) {
  Policy policy;
  must(zimg_policy_create, policy.out());
  add_secret(zimg_policy_add_namespace_secret, policy.get(), secret);
  return policy;
}

// Empty where there is none to be read.
std::string payload_of(const Cache& cache, unsigned number) {
  const zimg_key key = key_of(number);
  Entry entry;
  must(zimg_cache_peek, cache.get(), &key, entry.out());
  std::size_t size = 0;
  const std::uint8_t* payload = zimg_entry_payload(entry.get(), &size);
  return std::string(payload, payload + size);
}

std::string octets_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Overwrites the beginning of the only place of the store where `text` stands.
void damage(const std::string& path, const std::string& text) {
  const std::size_t at = octets_of(path + "/data.mdb").find(text);
  BOOST_REQUIRE(at != std::string::npos);
  std::fstream file(path + "/data.mdb", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file.write("damage", 6);
  BOOST_REQUIRE(file.flush().good());
}

Tally verified(const LmdbOptions& options) {
  Tally tally;
  must(zimg_store_verify, static_cast<const zimg_lmdb_options*>(options.get()),
       static_cast<zimg_tally_function>(nullptr), static_cast<void*>(nullptr), tally.out());
  return tally;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_url_encrypts_under_the_secrets_of_the_policy) {
  const zimg_test::TemporaryFolder folder;
  const std::string url = lmdb_url(folder);
  const Policy policy = policy_with("0123456789abcdef");
  {
    const Cache cache = opened(url + "&encrypt=1", policy.get());
    store(cache, 1, entry_of("very private", "team"));
    store(cache, 2, entry_of("in the clear", "other"));
    BOOST_TEST(payload_of(cache, 1) == "very private");
  }
  const std::string octets = octets_of(folder.path("store/data.mdb"));
  BOOST_TEST(!holds(octets, "very private"));
  BOOST_TEST(holds(octets, "in the clear"));
  BOOST_TEST(payload_of(opened("memory:," + url + "&encrypt=1", policy.get()), 1) == "very private");
  BOOST_TEST(payload_of(opened(url, policy.get()), 1).empty());  // which does not say encrypt=1
  BOOST_TEST(payload_of(opened(url + "&encrypt=1", policy_with("another secret").get()), 1).empty());
  const Cache again = opened(url + "&encrypt=1", policy.get());  // who could not read it left it alone
  BOOST_TEST(payload_of(again, 1) == "very private");
  BOOST_TEST(payload_of(again, 2) == "in the clear");
}

BOOST_AUTO_TEST_CASE(encrypting_without_a_secret_is_refused) {
  const zimg_test::TemporaryFolder folder;
  const std::string url = lmdb_url(folder) + "&encrypt=1";
  Policy policy;
  must(zimg_policy_create, policy.out());
  Cache cache;
  for (const zimg_policy* without :
       {static_cast<const zimg_policy*>(nullptr), static_cast<const zimg_policy*>(policy.get())}) {
    BOOST_TEST(
        holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_open, url.data(), url.size(), without, cache.out()),
              "encrypt=1"));
  }
  BOOST_TEST(!std::filesystem::exists(folder.path("store")));
  add_secret(zimg_policy_add_namespace_secret, policy.get(), "");
  BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_cache_open, url.data(), url.size(),
                           static_cast<const zimg_policy*>(policy.get()), cache.out()),
                   "'team' is empty"));
  BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_policy_add_namespace_secret, policy.get(), "te\0m",
                           std::size_t{4}, static_cast<const void*>("secret"), std::size_t{6}),
                   "'name'"));
}

BOOST_AUTO_TEST_CASE(options_take_the_secrets_of_a_policy_and_of_two_the_last) {
  const zimg_test::TemporaryFolder folder;
  const LmdbOptions options = options_at(folder.path("store"));
  const Policy policy = policy_with("the policy's own");
  must(zimg_lmdb_options_set_policy, options.get(), static_cast<const zimg_policy*>(policy.get()));
  const auto reopened = [&] {
    Cache cache;
    must(zimg_cache_open_lmdb, static_cast<const zimg_lmdb_options*>(options.get()), cache.out());
    return cache;
  };
  store(reopened(), 1, entry_of("payload", "team"));
  const std::string url = lmdb_url(folder) + "&encrypt=1";
  BOOST_TEST(payload_of(opened(url, policy.get()), 1) == "payload");
  add_secret(zimg_lmdb_options_add_namespace_secret, options.get(), "another secret");
  BOOST_TEST(payload_of(reopened(), 1).empty());
  must(zimg_lmdb_options_set_policy, options.get(), static_cast<const zimg_policy*>(policy.get()));
  BOOST_TEST(payload_of(reopened(), 1) == "payload");
}

BOOST_AUTO_TEST_CASE(a_store_is_verified_without_being_opened) {
  const zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("store");
  {
    const Cache cache = opened(lmdb_url(folder));
    for (unsigned i = 0; i < 8; ++i) store(cache, i, entry_of(std::string(20000, static_cast<char>('a' + i))));
  }
  damage(path, std::string(2000, 'c'));
  const Cache user = opened("lmdb:" + path);  // which may have it open meanwhile
  const LmdbOptions options = options_at(path);
  Tally tally;
  BOOST_TEST(holds(refused(ZIMG_STATUS_CANCELLED, zimg_store_verify,
                           static_cast<const zimg_lmdb_options*>(options.get()), &stop_at_once, nullptr, tally.out()),
                   "verifying the store was stopped"));
  BOOST_TEST((tally.get() == nullptr));
  tally = verified(options);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_ENTRIES) == 8u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_LISTED) == 8u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_CORRUPT) == 1u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_PAYLOAD_BYTES) == 140000u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_TREE_DAMAGES) == 0u);
  BOOST_TEST(count_of(user, ZIMG_COUNT_ENTRIES) == 7u);
  BOOST_TEST(zimg_tally_count(verified(options).get(), ZIMG_COUNT_CORRUPT) == 0u);
  BOOST_TEST(holds(refused(ZIMG_STATUS_NOT_FOUND, zimg_store_verify,
                           static_cast<const zimg_lmdb_options*>(options_at(folder.path("absent")).get()), nullptr,
                           nullptr, tally.out()),
                   folder.path("absent")));
}

BOOST_AUTO_TEST_CASE(what_no_secret_opens_is_unreadable_and_left_alone) {
  const zimg_test::TemporaryFolder folder;
  const LmdbOptions options = options_at(folder.path("store"));
  add_secret(zimg_lmdb_options_add_namespace_secret, options.get(), "0123456789abcdef");
  Cache cache;
  must(zimg_cache_open_lmdb, static_cast<const zimg_lmdb_options*>(options.get()), cache.out());
  store(cache, 1, entry_of("very private", "team"));
  cache.reset();
  const LmdbOptions wrong = options_at(folder.path("store"));
  add_secret(zimg_lmdb_options_add_namespace_secret, wrong.get(), "another secret");
  const LmdbOptions none = options_at(folder.path("store"));
  for (const LmdbOptions* without : {&wrong, &none}) {
    const Tally tally = verified(*without);
    BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_UNREADABLE) == 1u);
    BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_CORRUPT) == 0u);
  }
  const Tally tally = verified(options);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_UNREADABLE) == 0u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_PAYLOAD_BYTES) == 12u);
}

BOOST_AUTO_TEST_CASE(a_store_is_rebuilt_and_resized_while_nobody_has_it_open) {
  const zimg_test::TemporaryFolder folder;
  Cache cache = opened(lmdb_url(folder));
  for (unsigned i = 0; i < 8; ++i) store(cache, i, entry_of(std::string(200000, static_cast<char>('a' + i))));
  const std::string path = folder.path("store");
  const LmdbOptions options = options_at(path);
  const zimg_lmdb_options* store_options = options.get();
  Tally tally;
  refused(ZIMG_STATUS_CACHE, zimg_store_rebuild, store_options, nullptr, nullptr, tally.out());
  cache.reset();
  must(zimg_store_rebuild, store_options, static_cast<zimg_tally_function>(nullptr), static_cast<void*>(nullptr),
       tally.out());
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_ENTRIES) == 8u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_LOST) == 0u);
  BOOST_TEST(zimg_tally_count(tally.get(), ZIMG_COUNT_DISK_BYTES_AFTER) > 1600000u);
  must(zimg_lmdb_options_set_capacity_bytes, options.get(), std::uint64_t{16} << 20);
  must(zimg_store_resize, store_options);
  cache = opened("lmdb:" + path);
  BOOST_TEST(count_of(cache, ZIMG_COUNT_CAPACITY_BYTES) == 16u << 20);
  BOOST_TEST(count_of(cache, ZIMG_COUNT_ENTRIES) == 8u);
}
