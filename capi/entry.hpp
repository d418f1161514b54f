// zimg_entry: an encoded picture and the facts beside it, its own or a view of those that a cache lists.
#pragma once

#include <utility>

#include "capi/handle.hpp"
#include "zimg/cache.hpp"
#include "zimg/zimg.h"

struct zimg_entry : zimg::capi::Handle<zimg_entry> {
  zimg_entry() = default;
  explicit zimg_entry(zimg::CacheEntry entry) : own(std::move(entry)) {}
  explicit zimg_entry(const zimg::EntryInfo* listed) : info(listed) {}  // a view, without a payload
  zimg_entry(const zimg_entry& other) : Handle(other), own{*other.info, other.own.payload} {}
  zimg_entry& operator=(const zimg_entry&) = delete;

  zimg::CacheEntry own;
  const zimg::EntryInfo* info = &own.info;
};

namespace zimg::capi {

// `visit` as an EntryVisitor; `user_data` stays the caller's.
EntryVisitor visitor_of(zimg_entry_function visit, void* user_data);

}  // namespace zimg::capi
