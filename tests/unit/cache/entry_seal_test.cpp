#include "cache/entry_seal.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "base/sha256.hpp"
#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

namespace {

using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::ErrorCode;
using zimg_test::TemporaryFolder;

zimg::Bytes octets(const std::string& text) {
  return {text.begin(), text.end()};
}

std::shared_ptr<zimg::ICache> open(const std::string& path, const zimg::NamespaceSecrets& secrets) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = 16u << 20;
  options.namespace_secrets = secrets;
  return zimg::open_lmdb_cache(options);
}

const zimg::NamespaceSecrets kSecrets{{"default", octets("sesame")}};

}  // namespace

BOOST_AUTO_TEST_SUITE(entry_seal)

BOOST_AUTO_TEST_CASE(gives_back_what_it_sealed) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  const zimg::CacheEntry entry = entry_of(1, 200000);
  BOOST_TEST((open(path, kSecrets)->store(key_of(1), entry) == zimg::StoreOutcome::kStored));
  const auto found = open(path, kSecrets)->find(key_of(1));
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((*found->payload == *entry.payload));
  BOOST_TEST((found->info.payload_sha256 == zimg::base::sha256(entry.payload->data(), entry.payload->size())));
  BOOST_TEST(open(path, kSecrets)->verify({}).damaged == 0u);
}

BOOST_AUTO_TEST_CASE(leaves_nothing_readable_in_the_file) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  zimg::CacheEntry entry = entry_of(1, 0);
  const std::string words = "a sentence that stands in the picture ";
  zimg::Bytes payload;
  for (int i = 0; i < 5000; ++i) payload.insert(payload.end(), words.begin(), words.end());
  entry.payload = std::make_shared<const zimg::Bytes>(payload);
  open(path, kSecrets)->store(key_of(1), entry);
  std::ifstream file(path + "/data.mdb", std::ios::binary);
  const std::string data{std::istreambuf_iterator<char>(file), {}};
  BOOST_TEST(data.find("stands in the picture") == std::string::npos);
  const auto digest = zimg::base::sha256(payload.data(), payload.size());
  BOOST_TEST(data.find(std::string(digest.begin(), digest.end())) ==
             std::string::npos);  // it would tell equal pictures
}

BOOST_AUTO_TEST_CASE(is_a_miss_without_the_secret_and_left_alone) {
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  open(path, kSecrets)->store(key_of(1), entry_of(1, 1000));
  BOOST_TEST(open(path, kSecrets)->contains(key_of(1)));
  BOOST_TEST(!open(path, {})->contains(key_of(1)));
  for (const auto& secrets : {zimg::NamespaceSecrets{}, zimg::NamespaceSecrets{{"default", octets("other")}}}) {
    const auto cache = open(path, secrets);
    BOOST_TEST(!cache->find(key_of(1)).has_value());
    const zimg::VerifyReport report = cache->verify({});
    BOOST_TEST(report.unreadable == 1u);
    BOOST_TEST(report.damaged == 0u);
  }
  BOOST_TEST(open(path, kSecrets)->find(key_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(touches_no_other_namespace) {
  const TemporaryFolder folder;
  const auto cache = open(folder.path("store"), kSecrets);
  zimg::CacheEntry open_entry = entry_of(2, 1000);
  open_entry.info.name_space = "open";
  cache->store(key_of(1), entry_of(1, 1000));
  cache->store_all({{key_of(2), open_entry}, {key_of(3), entry_of(3, 1000)}});
  const auto without = open(folder.path("store"), {});
  BOOST_TEST(without->contains(key_of(2)));
  BOOST_TEST(!without->find(key_of(1)).has_value());
  BOOST_TEST(without->find(key_of(2)).has_value());
  BOOST_TEST(!without->find(key_of(3)).has_value());
  BOOST_TEST(cache->find(key_of(3)).has_value());
}

BOOST_AUTO_TEST_CASE(does_not_take_what_was_never_sealed) {
  const TemporaryFolder folder;
  open(folder.path("store"), {})->store(key_of(1), entry_of(1, 1000));
  BOOST_TEST(!open(folder.path("store"), kSecrets)->find(key_of(1)).has_value());
}

BOOST_AUTO_TEST_CASE(is_bound_to_key_and_length) {
  using namespace zimg::cache;
  const EntrySeals seals(kSecrets);
  EntryHeader header = make_header(entry_of(1, 500), 1);
  const zimg::Bytes sealed = seals.seal(key_of(1), header, *entry_of(1, 500).payload);
  BOOST_TEST((sealed != *entry_of(1, 500).payload));
  const auto opens = [&](const zimg::CacheKey& key, zimg::Bytes payload) {
    EntryHeader copy = header;
    return seals.open(key, copy, payload);
  };
  BOOST_TEST(opens(key_of(1), sealed));
  BOOST_TEST(!opens(key_of(2), sealed));
  zimg::Bytes shorter = sealed;
  shorter.pop_back();
  BOOST_TEST(!opens(key_of(1), shorter));
  for (std::size_t at = 0; at < sealed.size(); at += 37) {
    zimg::Bytes damaged = sealed;
    damaged[at] ^= 1;
    BOOST_TEST(!opens(key_of(1), damaged));
  }
  EntryHeader again = make_header(entry_of(1, 500), 1);
  BOOST_TEST((seals.seal(key_of(1), again, *entry_of(1, 500).payload) != sealed));  // a fresh nonce each time
}

BOOST_AUTO_TEST_CASE(refuses_an_empty_secret) {
  const TemporaryFolder folder;
  zimg_test::expect_error(ErrorCode::kInvalidArgument, {"default", "empty"}, [&] {
    open(folder.path("store"), {{"default", {}}});
  });
}

// It would be one of no picture, and those of the namespace that was meant would lie there unencrypted.
BOOST_AUTO_TEST_CASE(refuses_a_secret_of_no_namespace) {
  const TemporaryFolder folder;
  for (const char* name : {"", " mine", "a b"}) {
    zimg_test::expect_error(ErrorCode::kInvalidArgument, {"the namespace of a secret", "A-Z a-z"}, [&] {
      open(folder.path("store"), {{name, octets("a secret")}});
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
