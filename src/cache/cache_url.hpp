// The URL of one cache, taken apart: "lmdb:PATH?size=10GiB&limit=NAME:1GiB", "memory:?size=256MiB", "none:".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "zimg/cache.hpp"

namespace zimg::cache {

enum class CacheScheme : std::uint8_t { kNone, kMemory, kLmdb };

struct CacheUrl {
  CacheScheme scheme = CacheScheme::kLmdb;
  std::string path;              // percent signs decoded; empty when the URL names none
  std::uint64_t size_bytes = 0;  // 0 when the URL names none
  bool allow_network = false;
  bool encrypts = false;
  std::vector<NamespaceRule> rules;  // one for each namespace that the URL names
  double ttl_jitter = 0;
};

// An empty `url` is "lmdb:". Errors: kInvalidArgument naming the part, also one that is there twice; kUnsupported for a
// scheme this build lacks. Of a URL that may hold a password no sentence repeats more than its scheme.
CacheUrl parse_cache_url(std::string_view url);

}  // namespace zimg::cache
