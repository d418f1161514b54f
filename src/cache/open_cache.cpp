#include "base/file.hpp"
#include "cache/cache_url.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {

std::shared_ptr<ICache> open_cache(const std::string& url) {
  constexpr std::uint64_t kDefaultMemory = std::uint64_t{256} << 20;
  const cache::CacheUrl parsed = cache::parse_cache_url(url);
  switch (parsed.scheme) {
    case cache::CacheScheme::kNone:
      return nullptr;
    case cache::CacheScheme::kMemory:
      return make_memory_cache(parsed.size_bytes != 0 ? parsed.size_bytes : kDefaultMemory);
    case cache::CacheScheme::kLmdb:
      break;
  }
  LmdbOptions options;
  options.path = parsed.path.empty() ? default_cache_path() : parsed.path;
  options.capacity_bytes = parsed.size_bytes;
  options.allow_network_filesystem = parsed.allow_network;
  return open_lmdb_cache(options);
}

std::string default_cache_path() {
  const std::string home = base::cache_home();
  if (!home.empty()) return home + "/pictures";
  throw Error(ErrorCode::kInvalidArgument,
              "neither XDG_CACHE_HOME nor HOME holds an absolute path, so the cache has no default place; a cache URL "
              "with a path is expected");
}

}  // namespace v0
}  // namespace zimg
