#include "cache/cache_url.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "base/byte_size.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace {

using zimg::base::parse_byte_size;
using zimg::cache::CacheScheme;
using zimg::cache::parse_cache_url;

// What is said about `url`; empty when it is fine.
std::string refusal(const std::string& url, zimg::ErrorCode code = zimg::ErrorCode::kInvalidArgument) {
  try {
    parse_cache_url(url);
  } catch (const zimg::Error& error) {
    BOOST_TEST((error.code() == code), url << ": " << error.what());
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cache_url)

BOOST_AUTO_TEST_CASE(takes_paths_and_sizes) {
  const auto url = parse_cache_url("lmdb:/var/cache/pictures?size=10GiB&allow_network=1");
  BOOST_TEST((url.scheme == CacheScheme::kLmdb));
  BOOST_TEST(url.path == "/var/cache/pictures");
  BOOST_TEST(url.size_bytes == 10u * (1ull << 30));
  BOOST_TEST(url.allow_network);
  BOOST_TEST(parse_cache_url("lmdb:relative/folder").path == "relative/folder");
  BOOST_TEST(!parse_cache_url("lmdb:x?allow_network=0").allow_network);
  BOOST_TEST(parse_cache_url("lmdb:/a%2Cb%3Fc%25d").path == "/a,b?c%d");
  BOOST_TEST((parse_cache_url("memory:").scheme == CacheScheme::kMemory));
  BOOST_TEST(parse_cache_url("memory:?size=256MiB").size_bytes == 256u << 20);
  BOOST_TEST((parse_cache_url("none:").scheme == CacheScheme::kNone));
}

BOOST_AUTO_TEST_CASE(names_the_default_place_when_empty) {
  BOOST_TEST((parse_cache_url("").scheme == CacheScheme::kLmdb));
  BOOST_TEST(parse_cache_url("").path.empty());
  BOOST_TEST(parse_cache_url("lmdb:").path.empty());
}

BOOST_AUTO_TEST_CASE(refuses_what_it_does_not_know) {
  BOOST_TEST(contains(refusal("/tmp/pictures"), "'/tmp/pictures' has no scheme"));
  BOOST_TEST(contains(refusal("sqlite:/tmp/x"), "'sqlite:' is unknown"));
  BOOST_TEST(contains(refusal("lmdb://host/x"), "'//'"));
  BOOST_TEST(contains(refusal("memory:/tmp"), "path"));
  BOOST_TEST(contains(refusal("none:?size=1GiB"), "'size'"));
  BOOST_TEST(contains(refusal("lmdb:/x?colour=red"), "'colour'"));
  BOOST_TEST(contains(refusal("lmdb:/x?"), "no option behind a '?'"));
  BOOST_TEST(contains(refusal("lmdb:/x?size=1GiB&"), "no option behind a '?' or '&'"));
  BOOST_TEST(contains(refusal("lmdb:/x?size=0"), "size is 0"));
  BOOST_TEST(contains(refusal("lmdb:/x?allow_network=yes"), "allow_network is 'yes' where 0 or 1"));
  BOOST_TEST(contains(refusal("lmdb:/x%"), "'%'"));
  BOOST_TEST(contains(refusal("lmdb:/x%4"), "'%'"));
  BOOST_TEST(contains(refusal("lmdb:/x%zz"), "'%'"));
  BOOST_TEST(contains(refusal("lmdb:/x%00"), "'%'"));
}

BOOST_AUTO_TEST_CASE(takes_rules_of_namespaces) {
  const auto url = parse_cache_url(
      "lmdb:/x?limit=user:anna:500MiB&reserve=public:2GiB&ttl=public:24h&ttl=7d&limit=*:1GB&jitter=0.25&encrypt=1");
  BOOST_REQUIRE(url.rules.size() == 3u);
  BOOST_TEST(url.rules[0].name_space == "user:anna");
  BOOST_TEST(url.rules[0].limit_bytes == 500u << 20);
  BOOST_TEST(url.rules[0].ttl_ms == 0);
  BOOST_TEST(url.rules[1].name_space == "public");
  BOOST_TEST(url.rules[1].reserved_bytes == 2u * (1ull << 30));
  BOOST_TEST(url.rules[1].ttl_ms == 86'400'000);
  BOOST_TEST(url.rules[2].name_space == "*");
  BOOST_TEST(url.rules[2].ttl_ms == 7 * 86'400'000);
  BOOST_TEST(url.rules[2].limit_bytes == 1000000000u);
  BOOST_TEST(url.ttl_jitter == 0.25);
  BOOST_TEST(url.encrypts);
  BOOST_TEST(parse_cache_url("memory:?limit=a:1MiB").rules.size() == 1u);
  BOOST_TEST(!parse_cache_url("lmdb:/x?encrypt=0").encrypts);
}

BOOST_AUTO_TEST_CASE(refuses_rules_that_make_no_sense) {
  BOOST_TEST(contains(refusal("lmdb:/x?limit=a b:1MiB"), "limit is of no namespace"));
  BOOST_TEST(contains(refusal("lmdb:/x?ttl=:1h"), "ttl is of no namespace"));
  BOOST_TEST(contains(refusal("lmdb:/x?limit=" + std::string(65, 'n') + ":1MiB"), "limit is of no namespace"));
  BOOST_TEST(contains(refusal("lmdb:/x?limit=a:0"), "limit is 0"));
  BOOST_TEST(contains(refusal("lmdb:/x?limit=a:much"), "'much'"));
  BOOST_TEST(contains(refusal("lmdb:/x?reserve=a:-1"), "'-1'"));
  BOOST_TEST(contains(refusal("lmdb:/x?ttl=a:-1h"), "ttl is '-1h'"));
  BOOST_TEST(contains(refusal("lmdb:/x?ttl=a:0s"), "ttl is '0s'"));
  BOOST_TEST(contains(refusal("lmdb:/x?jitter=1.5"), "jitter is '1.5'"));
  BOOST_TEST(contains(refusal("lmdb:/x?jitter="), "jitter"));
  BOOST_TEST(contains(refusal("lmdb:/x?encrypt=yes"), "encrypt"));
  BOOST_TEST(contains(refusal("memory:?encrypt=1"), "'encrypt'"));
  BOOST_TEST(contains(refusal("none:?limit=a:1MiB"), "'limit'"));
  const auto opening = [](const std::string& url) {
    try {
      zimg::open_cache(url);
    } catch (const zimg::Error& error) {
      BOOST_TEST((error.code() == zimg::ErrorCode::kInvalidArgument), error.what());
      return std::string(error.what());
    }
    return std::string();
  };
  BOOST_TEST(contains(opening("memory:?reserve=1MiB"), "own name"));
  BOOST_TEST(contains(opening("memory:?size=1MiB&reserve=a:900KiB"), "80 %"));
  BOOST_TEST(contains(opening("memory:?limit=a:1MiB&reserve=a:2MiB"), "reserves more"));
  BOOST_TEST(contains(opening("lmdb:/nowhere/x?encrypt=1"), "encrypt=1"));
}

BOOST_AUTO_TEST_CASE(refuses_what_it_says_twice) {
  BOOST_TEST(contains(refusal("lmdb:/x?size=1GiB&size=2GiB"), "'size' twice"));
  BOOST_TEST(contains(refusal("memory:?jitter=0&jitter=0"), "'jitter' twice"));
  BOOST_TEST(contains(refusal("lmdb:/x?encrypt=0&encrypt=1"), "'encrypt' twice"));
  BOOST_TEST(contains(refusal("lmdb:/x?ttl=user:a:1h&ttl=b:1h&ttl=user:a:2h"), "'ttl=user:a' twice"));
  BOOST_TEST(contains(refusal("lmdb:/x?limit=1GiB&limit=*:2GiB"), "'limit' twice"));
  BOOST_TEST(refusal("lmdb:/x?limit=a:1GiB&reserve=a:1MiB&ttl=a:1h&limit=1GiB&ttl=1h").empty());
}

BOOST_AUTO_TEST_CASE(says_what_this_version_lacks) {
  const auto unsupported = zimg::ErrorCode::kUnsupported;
  BOOST_TEST(contains(refusal("memory:,lmdb:/x,none:"), "two are expected"));
  BOOST_TEST(contains(refusal("rediss://host:1/0", unsupported), "Redis"));
  BOOST_TEST(contains(refusal("unix:/path.sock", unsupported), "Redis"));
}

BOOST_AUTO_TEST_CASE(never_repeats_a_password) {
  BOOST_TEST(!contains(refusal("redis://user:secret@host", zimg::ErrorCode::kUnsupported), "secret"));
  BOOST_TEST(!contains(refusal("radis://user:secret@host"), "secret"));
}

BOOST_AUTO_TEST_CASE(reads_sizes) {
  BOOST_TEST(parse_byte_size("the size", "0") == 0u);
  BOOST_TEST(parse_byte_size("the size", "65536") == 65536u);
  BOOST_TEST(parse_byte_size("the size", "7B") == 7u);
  BOOST_TEST(parse_byte_size("the size", "10kB") == 10000u);
  BOOST_TEST(parse_byte_size("the size", "10KiB") == 10240u);
  BOOST_TEST(parse_byte_size("the size", "3GB") == 3000000000u);
  BOOST_TEST(parse_byte_size("the size", "2TiB") == 2ull << 40);
  for (const char* wrong :
       {"", "GiB", "-1", "1.5GiB", "10 GiB", "10gib", "10G", "0x10", "99999999999999999999", "99999999999TiB", "1e9"}) {
    BOOST_CHECK_EXCEPTION(parse_byte_size("the size", wrong), zimg::Error, [&](const zimg::Error& error) {
      return error.what() ==
             "the size is '" + std::string(wrong) +
                 "' where a whole number of bytes with a unit such as 512MiB, 10GiB or 10GB is expected";
    });
  }
}

BOOST_AUTO_TEST_CASE(opens_what_the_url_names) {
  BOOST_TEST(zimg::open_cache("none:") == nullptr);
  BOOST_TEST(zimg::open_cache("memory:?size=1MiB")->stats().capacity_bytes == 1u << 20);
  BOOST_TEST(zimg::open_cache("memory:")->description() == "memory:?size=268435456");
}

BOOST_AUTO_TEST_CASE(has_its_default_place_under_the_cache_home) {
  ::setenv("XDG_CACHE_HOME", "/somewhere/cache", 1);
  BOOST_TEST(zimg::default_cache_path() == "/somewhere/cache/zimg/pictures");
  ::unsetenv("XDG_CACHE_HOME");
  ::setenv("HOME", "/home/me", 1);
  BOOST_TEST(zimg::default_cache_path() == "/home/me/.cache/zimg/pictures");
  ::unsetenv("HOME");
  const auto is_no_wrong_use = [](const zimg::Error& error) {  // the machine's lack, not the caller's
    return error.code() == zimg::ErrorCode::kCache && contains(error.what(), "XDG_CACHE_HOME");
  };
  BOOST_CHECK_EXCEPTION(zimg::default_cache_path(), zimg::Error, is_no_wrong_use);
  BOOST_CHECK_EXCEPTION(zimg::open_cache("lmdb:"), zimg::Error, is_no_wrong_use);
}

BOOST_AUTO_TEST_SUITE_END()
