#include "cache/policy/namespace_rules.hpp"

#include <algorithm>
#include <limits>

#include "base/duration.hpp"
#include "base/namespace_name.hpp"
#include "cache/checksum.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr std::uint64_t kReservablePercent = 80;

[[noreturn]] void refuse(const NamespaceRule& rule, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, "the rule of the namespace '" + rule.name_space + "' " + what);
}

void check(const NamespaceRule& rule) {
  if (const auto problem = base::namespace_name_problem(rule.name_space); problem && rule.name_space != kAnyNamespace) {
    refuse(rule, "has a name that " + *problem);
  }
  if (rule.ttl_ms < 0) refuse(rule, "has a negative time to live; milliseconds, or 0 for none, are expected");
  if (rule.ttl_ms > base::kLongestTtlMs) {
    refuse(rule, "has a time to live of " + std::to_string(rule.ttl_ms) + " ms; at most " +
                     std::to_string(base::kLongestTtlMs) + " (100 years) are expected");
  }
  if (rule.limit_bytes != 0 && rule.reserved_bytes > rule.limit_bytes) {
    refuse(rule, "reserves more bytes than its limit allows it to take");
  }
  if (rule.name_space == kAnyNamespace && rule.reserved_bytes != 0) {
    refuse(rule, "reserves bytes; a reservation needs a namespace's own name");
  }
}

}  // namespace

NamespaceRules::NamespaceRules(const CachePolicy& policy, std::uint64_t capacity_bytes)
    : ttl_jitter_(policy.ttl_jitter) {
  if (!(ttl_jitter_ >= 0 && ttl_jitter_ <= 1)) {
    throw Error(ErrorCode::kInvalidArgument, "the policy's ttl_jitter is not a share from 0 to 1");
  }
  const std::uint64_t reservable = capacity_bytes / 100 * kReservablePercent;
  std::uint64_t reserved = 0;
  for (const NamespaceRule& rule : policy.namespaces) {
    check(rule);
    if (!rules_.emplace(rule.name_space, rule).second) refuse(rule, "is given twice");
    if (rule.reserved_bytes > reservable - reserved) {
      refuse(rule, "brings what is reserved above 80 % of the cache's " + std::to_string(capacity_bytes) + " bytes");
    }
    reserved += rule.reserved_bytes;
    has_quotas_ = has_quotas_ || rule.limit_bytes != 0 || rule.reserved_bytes != 0;
  }
}

const NamespaceRule* NamespaceRules::rule_of(const std::string& name_space) const {
  auto rule = rules_.find(name_space);
  if (rule == rules_.end()) rule = rules_.find(std::string(kAnyNamespace));
  return rule == rules_.end() ? nullptr : &rule->second;
}

std::uint64_t NamespaceRules::limit_bytes(const std::string& name_space) const {
  const NamespaceRule* rule = rule_of(name_space);
  return rule == nullptr ? 0 : rule->limit_bytes;
}

std::uint64_t NamespaceRules::reserved_bytes(const std::string& name_space) const {
  const NamespaceRule* rule = rule_of(name_space);
  return rule == nullptr ? 0 : rule->reserved_bytes;
}

bool NamespaceRules::reserves_for_others(const std::string& name_space) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const auto& rule) { return rule.first != name_space && rule.second.reserved_bytes != 0; });
}

std::uint64_t NamespaceRules::reserved_for_others(const std::string& name_space, const Taken& taken) const {
  std::uint64_t bytes = 0;
  for (const auto& [name, rule] : rules_) {
    if (name == name_space || rule.reserved_bytes == 0) continue;
    bytes += rule.reserved_bytes - std::min(rule.reserved_bytes, taken(name));
  }
  return bytes;
}

bool NamespaceRules::may_evict(const std::string& storing, const std::string& owner, std::uint64_t bytes,
                               std::uint64_t taken_bytes) const {
  if (storing == owner) return true;
  const std::uint64_t reserved = reserved_bytes(owner);
  return reserved == 0 || taken_bytes >= reserved + bytes;
}

std::int64_t NamespaceRules::expires_at_ms(const EntryInfo& info, const CacheKey& key, std::int64_t now_ms) const {
  const NamespaceRule* rule = rule_of(info.name_space);
  if (info.expires_at_ms != 0 || rule == nullptr || rule->ttl_ms == 0) return info.expires_at_ms;
  const std::uint64_t chance = checksum(key.digest().data(), key.digest().size()) >> 11;  // 53 bits, a double's worth
  const double share = ttl_jitter_ * static_cast<double>(chance) / 9007199254740992.0;
  const auto drawn = static_cast<std::int64_t>(static_cast<double>(rule->ttl_ms) * (1 - share));
  const std::int64_t ttl = std::max<std::int64_t>(1, drawn);
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  return now_ms > kLatest - ttl ? kLatest : now_ms + ttl;  // the clock is the opening program's: it may say anything
}

}  // namespace zimg::cache
