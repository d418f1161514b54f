#include <boost/test/unit_test.hpp>

#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "zimg/policy.hpp"

namespace {

using zimg::Preset;

struct Scene {
  zimg::Request request;
  zimg::CachePolicy policy;
};

Scene scene(const std::string& name, const std::string& user = "") {
  Scene made;
  zimg::apply_preset(zimg::preset_named(name).value(), user, made.request, made.policy);
  BOOST_REQUIRE(made.policy.namespaces.size() == 1u);
  BOOST_TEST(made.policy.namespaces[0].name_space == made.request.name_space);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(preset)

BOOST_AUTO_TEST_CASE(sets_namespace_and_time_to_live) {
  BOOST_TEST(scene("public-demo").request.name_space == "public");
  BOOST_TEST(scene("public-demo").policy.namespaces[0].ttl_ms == 86400000);
  BOOST_TEST(scene("batch").policy.namespaces[0].ttl_ms == 0);
  BOOST_TEST(scene("ab-test").policy.namespaces[0].ttl_ms == 60000);
  BOOST_TEST(scene("personal", "alice").request.name_space == "user:alice");
  BOOST_TEST(scene("personal", "bob").request.name_space != scene("personal", "alice").request.name_space);
  BOOST_TEST(scene("personal", std::string(59, 'a')).request.name_space.size() == 64u);
}

BOOST_AUTO_TEST_CASE(replaces_the_rule_of_its_namespace_and_no_other) {
  Scene both = scene("public-demo");
  both.policy.namespaces.push_back({"mine", 5, 0, 0});
  zimg::apply_preset(Preset::kPublicDemo, "", both.request, both.policy);
  zimg::apply_preset(Preset::kAbTest, "", both.request, both.policy);
  BOOST_TEST(both.policy.namespaces.size() == 3u);
  BOOST_TEST(both.request.name_space == "ab-test");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_preset_and_who_is_no_user) {
  BOOST_TEST(!zimg::preset_named("Public-Demo").has_value());
  BOOST_TEST(!zimg::preset_named("").has_value());
  Scene made;
  const auto refuses = [&](Preset preset, const std::string& user) {
    BOOST_CHECK_THROW(zimg::apply_preset(preset, user, made.request, made.policy), zimg::Error);
  };
  refuses(Preset::kPersonal, "");
  refuses(Preset::kPersonal, "a b");
  refuses(Preset::kPersonal, "\xe7\x8c\xab");
  refuses(Preset::kPersonal, std::string(60, 'a'));
  refuses(Preset::kBatch, "alice");
  refuses(static_cast<Preset>(4), "");
  BOOST_TEST(made.policy.namespaces.empty());
  BOOST_TEST(made.request.name_space == "default");
}

BOOST_AUTO_TEST_CASE(leaves_to_the_urls_rules_what_the_policy_does_not_say) {
  zimg::CachePolicy policy;
  zimg::Request request;
  zimg::apply_preset(zimg::Preset::kPublicDemo, "", request, policy);
  const auto cache = zimg::open_cache("memory:?limit=public:1000&ttl=public:1h&ttl=*:2h", policy);
  const auto expiry = [&](const std::string& name_space) {
    zimg::CacheEntry entry;
    entry.info.name_space = name_space;
    entry.info.stored_at_ms = 1000;
    entry.payload = std::make_shared<const zimg::Bytes>(600);
    const zimg::CacheKey key(zimg::CacheKey::Digest{static_cast<std::uint8_t>(name_space.size())});
    BOOST_TEST((cache->store(key, entry) == zimg::StoreOutcome::kStored));
    return cache->find(key)->info.expires_at_ms - icache_contract::now_ms();
  };
  BOOST_TEST(expiry("public") > 23 * 3'600'000);  // the preset's own
  BOOST_TEST(expiry("other") <= 2 * 3'600'000);
  BOOST_TEST(expiry("other") > 3'600'000);
  zimg::CacheEntry second;
  second.info.name_space = "public";
  second.payload = std::make_shared<const zimg::Bytes>(600);
  BOOST_TEST((cache->store(zimg::CacheKey(zimg::CacheKey::Digest{99}), second) == zimg::StoreOutcome::kStored));
  BOOST_TEST(cache->namespace_stats()[1].entries == 1u);  // the URL's limit pushed the first one out
}

BOOST_AUTO_TEST_CASE(binds_both_caches_of_a_tier_by_the_lower_ones_rules) {
  std::int64_t now = 1000000;
  zimg::CachePolicy policy;
  policy.now_ms = [&now] { return now; };
  const auto cache = zimg::open_cache("memory:?size=1MiB,memory:?size=2MiB&ttl=public:1h", policy);
  zimg::CacheEntry entry = icache_contract::entry_of(1, 100);
  entry.info.name_space = "public";
  const zimg::CacheKey key(zimg::CacheKey::Digest{1});
  BOOST_TEST((cache->store(key, entry) == zimg::StoreOutcome::kStored));
  now += 3'600'000 - 1;
  BOOST_TEST(cache->find(key).has_value());
  now += 1;
  BOOST_TEST(!cache->find(key).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_url_whose_pictures_would_live_too_long) {
  for (const char* url :
       {"memory:?ttl=a:106751991167d", "memory:?ttl=a:36526d", "memory:?size=1MiB,memory:?size=2MiB&ttl=a:36526d"}) {
    zimg_test::expect_error(zimg::ErrorCode::kInvalidArgument, {"'a'", "time to live", "100 years"},
                            [&] { zimg::open_cache(url); });
  }
  BOOST_TEST(zimg::open_cache("memory:?ttl=a:36525d") != nullptr);
}

BOOST_AUTO_TEST_CASE(goes_with_the_cache_that_a_url_opens) {
  Scene demo = scene("public-demo");
  std::int64_t now = 1000000;
  demo.policy.now_ms = [&now] { return now; };
  for (const char* url : {"memory:?size=1MiB", "memory:?size=1MiB,memory:?size=2MiB"}) {
    const auto cache = zimg::open_cache(url, demo.policy);
    zimg::CacheEntry entry = icache_contract::entry_of(1, 100);
    entry.info.name_space = demo.request.name_space;
    cache->store(icache_contract::key_of(1), entry);
    now += 86399999;
    BOOST_TEST(cache->find(icache_contract::key_of(1)).has_value());
    now += 1;
    BOOST_TEST(!cache->find(icache_contract::key_of(1)).has_value());
  }
  BOOST_TEST(zimg::open_cache("none:", demo.policy) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
