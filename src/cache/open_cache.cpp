#include <algorithm>
#include <string_view>

#include "base/file.hpp"
#include "cache/cache_url.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"
#include "zimg/policy.hpp"
#include "zimg/store_maintenance.hpp"

namespace zimg {
inline namespace v0 {
namespace {

// What the policy leaves open for a namespace, the URL's rule says.
CachePolicy merged(const CachePolicy& policy, const cache::CacheUrl& url) {
  CachePolicy both = policy;
  if (both.ttl_jitter == 0) both.ttl_jitter = url.ttl_jitter;
  for (const NamespaceRule& rule : url.rules) {
    const auto known = std::find_if(both.namespaces.begin(), both.namespaces.end(),
                                    [&](const NamespaceRule& other) { return other.name_space == rule.name_space; });
    if (known == both.namespaces.end()) {
      both.namespaces.push_back(rule);
      continue;
    }
    if (known->limit_bytes == 0) known->limit_bytes = rule.limit_bytes;
    if (known->reserved_bytes == 0) known->reserved_bytes = rule.reserved_bytes;
    if (known->ttl_ms == 0) known->ttl_ms = rule.ttl_ms;
  }
  return both;
}

LmdbOptions options_of(const cache::CacheUrl& parsed, const CachePolicy& policy) {
  LmdbOptions options;
  options.path = parsed.path.empty() ? default_cache_path() : parsed.path;
  options.capacity_bytes = parsed.size_bytes;
  options.allow_network_filesystem = parsed.allow_network;
  options.policy = merged(policy, parsed);
  return options;
}

std::shared_ptr<ICache> open_one(std::string_view url, const CachePolicy& policy, const NamespaceSecrets& secrets) {
  constexpr std::uint64_t kDefaultMemory = std::uint64_t{256} << 20;
  const cache::CacheUrl parsed = cache::parse_cache_url(url);
  switch (parsed.scheme) {
    case cache::CacheScheme::kNone:
      return nullptr;
    case cache::CacheScheme::kMemory:
      return make_memory_cache(parsed.size_bytes != 0 ? parsed.size_bytes : kDefaultMemory, merged(policy, parsed));
    case cache::CacheScheme::kLmdb:
      break;
  }
  LmdbOptions options = options_of(parsed, policy);
  if (parsed.encrypts) {
    if (secrets.empty()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "the cache URL says encrypt=1 and no namespace has a secret; one to encrypt under is expected");
    }
    options.namespace_secrets = secrets;
  }
  return open_lmdb_cache(options);
}

}  // namespace

std::shared_ptr<ICache> open_cache(const std::string& url) {
  return open_cache(url, CachePolicy{});
}

std::shared_ptr<ICache> open_cache(const std::string& url, const CachePolicy& policy) {
  return open_cache(url, policy, NamespaceSecrets{});
}

std::shared_ptr<ICache> open_cache(const std::string& url, const CachePolicy& policy, const NamespaceSecrets& secrets) {
  const std::size_t comma = url.find(',');
  if (comma == std::string::npos) return open_one(url, policy, secrets);
  const std::string_view upper = std::string_view(url).substr(0, comma);
  const std::string_view lower = std::string_view(url).substr(comma + 1);
  for (const std::string_view part : {upper, lower}) {
    if (part.empty() || cache::parse_cache_url(part).scheme == cache::CacheScheme::kNone) {
      throw Error(
          ErrorCode::kInvalidArgument,
          "the cache URL joins nothing by its comma; two caches are expected, \"memory:,lmdb:PATH\" (a comma in a "
          "path is written %2C)");
    }
  }
  // What expires below expires above, so the lower URL's rules are those of both.
  const CachePolicy both = merged(policy, cache::parse_cache_url(lower));
  CachePolicy above = both;
  above.on_warning = nullptr;
  for (NamespaceRule& rule : above.namespaces) rule.limit_bytes = rule.reserved_bytes = 0;
  return make_tiered_cache(open_one(upper, above, secrets), open_one(lower, both, secrets));
}

LmdbOptions lmdb_options(const std::string& url) {
  if (url.find(',') == std::string::npos) {
    const cache::CacheUrl parsed = cache::parse_cache_url(url);
    if (parsed.scheme == cache::CacheScheme::kLmdb) return options_of(parsed, CachePolicy{});
  }
  throw Error(ErrorCode::kInvalidArgument,
              "the cache URL names another cache than a store on disk; lmdb:PATH is expected");
}

std::string default_cache_path() {
  const std::string home = base::cache_home();
  if (!home.empty()) return home + "/pictures";
  throw Error(ErrorCode::kCache,
              "neither XDG_CACHE_HOME nor HOME holds an absolute path, so the cache has no default place; a cache URL "
              "with a path is expected");
}

}  // namespace v0
}  // namespace zimg
