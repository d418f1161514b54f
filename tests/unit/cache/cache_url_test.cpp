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
  BOOST_TEST(contains(refusal("/tmp/pictures"), "no scheme"));
  BOOST_TEST(contains(refusal("sqlite:/tmp/x"), "'sqlite:' is unknown"));
  BOOST_TEST(contains(refusal("lmdb://host/x"), "'//'"));
  BOOST_TEST(contains(refusal("memory:/tmp"), "path"));
  BOOST_TEST(contains(refusal("none:?size=1GiB"), "'size'"));
  BOOST_TEST(contains(refusal("lmdb:/x?colour=red"), "'colour'"));
  BOOST_TEST(contains(refusal("lmdb:/x?"), "option ''"));
  BOOST_TEST(contains(refusal("lmdb:/x?size=0"), "size is 0"));
  BOOST_TEST(contains(refusal("lmdb:/x?allow_network=yes"), "allow_network"));
  BOOST_TEST(contains(refusal("lmdb:/x%"), "'%'"));
  BOOST_TEST(contains(refusal("lmdb:/x%4"), "'%'"));
  BOOST_TEST(contains(refusal("lmdb:/x%zz"), "'%'"));
  BOOST_TEST(contains(refusal("lmdb:/x%00"), "'%'"));
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
  BOOST_TEST(parse_byte_size("0") == 0u);
  BOOST_TEST(parse_byte_size("65536") == 65536u);
  BOOST_TEST(parse_byte_size("7B") == 7u);
  BOOST_TEST(parse_byte_size("10kB") == 10000u);
  BOOST_TEST(parse_byte_size("10KiB") == 10240u);
  BOOST_TEST(parse_byte_size("3GB") == 3000000000u);
  BOOST_TEST(parse_byte_size("2TiB") == 2ull << 40);
  for (const char* wrong :
       {"", "GiB", "-1", "1.5GiB", "10 GiB", "10gib", "10G", "0x10", "99999999999999999999", "99999999999TiB", "1e9"}) {
    BOOST_CHECK_THROW(parse_byte_size(wrong), zimg::Error);
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
  BOOST_CHECK_THROW(zimg::default_cache_path(), zimg::Error);
}

BOOST_AUTO_TEST_SUITE_END()
