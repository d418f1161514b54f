// Named policies for the usual scenes, and opening a cache with a policy.
//
//     zimg::CachePolicy policy;
//     zimg::apply_preset(zimg::Preset::kPublicDemo, "", request, policy);
//     auto cache = zimg::open_cache("", policy);
//
// Functions of their arguments alone: any thread may call them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "zimg/cache.hpp"
#include "zimg/request.hpp"

namespace zimg {
inline namespace v0 {

enum class Preset : std::uint8_t {
  kPublicDemo = 0,  // all share the namespace "public"; pictures live 24 hours
  kPersonal = 1,    // each user has a namespace, "user:NAME", and never sees another's pictures
  kBatch = 2,       // the namespace "batch", filled ahead; pictures do not expire
  kAbTest = 3,  // the namespace "ab-test"; pictures live 60 seconds (or switch the cache off: CacheMode, --no-cache)
};

// "public-demo", "personal", "batch", "ab-test"; nullopt for any other name.
ZIMG_API std::optional<Preset> preset_named(const std::string& name);

// Sets the namespace of `request` and gives it its rule in `policy`, in place of one that it had there. `user` is who
// asks, for kPersonal; empty for the others. Errors: kInvalidArgument for a user where there is to be none or that is
// no name: one to 59 of A-Z, a-z, 0-9, '.', '_', '@', ':' and '-'.
ZIMG_API void apply_preset(Preset preset, const std::string& user, Request& request, CachePolicy& policy);

// As open_cache(url), with the rules of the policy; what it leaves open for a namespace, those in the URL say. In a
// tier both caches follow the policy, but its quotas and warnings are the lower one's. Errors: kInvalidArgument for a
// rule that makes no sense, such as a time to live above 100 years.
ZIMG_API std::shared_ptr<ICache> open_cache(const std::string& url, const CachePolicy& policy);

// The same for a URL with "encrypt=1": a store on disk encrypts the pictures of the namespaces that `secrets` name, and
// no others. Without that option they are not looked at. Errors: kInvalidArgument for "encrypt=1" without any secret.
ZIMG_API std::shared_ptr<ICache> open_cache(const std::string& url, const CachePolicy& policy,
                                            const NamespaceSecrets& secrets);

}  // namespace v0
}  // namespace zimg
