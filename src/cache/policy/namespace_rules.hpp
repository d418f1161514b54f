// NamespaceRules is a CachePolicy made sure of: what each namespace may take and how long its entries live.
//
// Immutable, so any thread may read it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "zimg/cache.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

// Whose rule is that of each namespace without one of its own.
inline constexpr std::string_view kAnyNamespace = "*";

class NamespaceRules {
 public:
  // Bytes of payload that a namespace has now.
  using Taken = std::function<std::uint64_t(const std::string& name_space)>;

  // Errors: kInvalidArgument naming the namespace, for reservations that together exceed 80 % of `capacity_bytes` too.
  NamespaceRules(const CachePolicy& policy, std::uint64_t capacity_bytes);

  bool has_quotas() const noexcept { return has_quotas_; }
  // 0 is no limit.
  std::uint64_t limit_bytes(const std::string& name_space) const;
  std::uint64_t reserved_bytes(const std::string& name_space) const;
  bool reserves_for_others(const std::string& name_space) const;
  // What others than `name_space` may still fill of what is reserved for them.
  std::uint64_t reserved_for_others(const std::string& name_space, const Taken& taken) const;
  // Whether a store into `storing` may evict `bytes` of `owner`, who has `taken_bytes`.
  bool may_evict(const std::string& storing, const std::string& owner, std::uint64_t bytes,
                 std::uint64_t taken_bytes) const;

  // The expiry of an entry stored now: its own, or that of its namespace's rule. Jitter is drawn from `key`.
  std::int64_t expires_at_ms(const EntryInfo& info, const CacheKey& key, std::int64_t now_ms) const;

 private:
  const NamespaceRule* rule_of(const std::string& name_space) const;

  std::map<std::string, NamespaceRule> rules_;
  double ttl_jitter_;
  bool has_quotas_ = false;
};

}  // namespace zimg::cache
