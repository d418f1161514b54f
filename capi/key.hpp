// zimg_key and zimg::CacheKey: the same 32 bytes.
#pragma once

#include "zimg/cache_key.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

static_assert(sizeof(zimg_key) == CacheKey::kSize);
static_assert(sizeof(CacheKey) == CacheKey::kSize && alignof(CacheKey) == alignof(zimg_key));

zimg_key key_of(const CacheKey& key) noexcept;

// Errors: kInvalidArgument where `key` is NULL.
CacheKey required_key(const zimg_key* key);

// `key` where it lies: both types are an array of octets and nothing else.
inline const zimg_key* view_of_key(const CacheKey& key) noexcept {
  return reinterpret_cast<const zimg_key*>(key.digest().data());
}

}  // namespace zimg::capi
