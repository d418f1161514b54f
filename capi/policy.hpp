// zimg_policy: a zimg::CachePolicy that was filled from C.
#pragma once

#include <cstddef>

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_policy : zimg::capi::Handle<zimg_policy> {
  zimg::CachePolicy value;
  zimg::NamespaceSecrets secrets;  // which C++ has beside the policy
};

namespace zimg::capi {

// The policy; the default one for NULL.
CachePolicy policy_of(const zimg_policy* policy);
// Its secrets; none for NULL.
NamespaceSecrets secrets_of(const zimg_policy* policy);

// Keeps a secret for a namespace, in place of one that it had; the arguments are those of the C API.
void add_secret(NamespaceSecrets& secrets, const char* name, std::size_t name_size, const void* secret,
                std::size_t secret_size);

}  // namespace zimg::capi
