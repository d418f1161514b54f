// Verifying a store, in use or not: one child process reads it, this one computes the digests, and another child erases
// what is damaged.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "cache/entry_seal.hpp"
#include "cache/policy/usage_recorder.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

struct VerificationMeans {
  const EntrySeals& seals;  // open what is encrypted
  std::int64_t now_ms;      // what expired before is passed over
  UsageRecorder& usage;     // is told of each damaged entry
};

// As ICache::verify() of the store in the folder `path`, which is there. Errors: those of opening it, kCache where a
// child cannot be made or another process goes on writing.
VerifyReport verify_store(const std::string& path, const VerificationMeans& means,
                          const std::function<bool(const VerifyReport&)>& on_progress);

}  // namespace zimg::cache
