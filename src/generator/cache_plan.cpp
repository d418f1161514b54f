#include "generator/cache_plan.hpp"

#include <algorithm>
#include <random>

#include "base/duration.hpp"
#include "base/random_bits.hpp"
#include "base/utf8.hpp"
#include "generator/store_notes.hpp"
#include "zimg/error.hpp"

namespace zimg::generator {
namespace {

constexpr std::size_t kMaxTagBytes = 255;  // as an entry has room for

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

void check_ttl(const Request& request) {
  if (request.ttl_ms && (*request.ttl_ms < 1 || *request.ttl_ms > base::kLongestTtlMs)) {
    refuse("the time to live is " + std::to_string(*request.ttl_ms) + " ms; 1 to " +
           std::to_string(base::kLongestTtlMs) + " (100 years) is expected");
  }
  if (!(request.ttl_jitter >= 0 && request.ttl_jitter < 1)) {  // NaN too
    refuse("the jitter of the time to live is " + std::to_string(request.ttl_jitter) +
           "; 0 to less than 1 is expected");
  }
}

void check_tag(const std::string& tag) {
  if (tag.size() > kMaxTagBytes) {
    refuse("the tag is " + std::to_string(tag.size()) + " bytes long; at most " + std::to_string(kMaxTagBytes) +
           " are expected");
  }
  if (const auto offset = base::find_invalid_utf8(tag)) {
    refuse("the tag is not UTF-8 at byte " + std::to_string(*offset) + "; valid UTF-8 is expected");
  }
}

}  // namespace

CachePlan plan_of(const Request& request, bool has_cache) {
  check_ttl(request);
  check_tag(request.tag);
  const bool is_fixed = !request.random_seed;
  CachePlan plan;
  plan.reads = plan.shares = is_fixed;
  plan.writes = true;
  if (!is_fixed) plan.unread = "random seed";
  switch (request.mode) {
    case CacheMode::kNormal:
      break;
    case CacheMode::kBypass:
      plan.reads = plan.shares = plan.writes = false;
      plan.unread = "bypass";
      plan.unwritten = "the request bypasses the cache";
      break;
    case CacheMode::kRefresh:
      plan.reads = false;
      plan.unread = "refresh";
      break;
    case CacheMode::kOnlyIfCached:
      if (!is_fixed) refuse("the seed is random where the picture is to come from the cache; a number is expected");
      plan.shares = plan.draws = false;
      break;
    case CacheMode::kNoStore:
      plan.writes = false;
      plan.unwritten = "the request is not to be stored";
      break;
    default:
      refuse("the cache mode is " + std::to_string(static_cast<int>(request.mode)) +
             "; 0 (normal), 1 (bypass), 2 (refresh), 3 (only if cached) or 4 (no store) is expected");
  }
  if (!has_cache) {
    plan.reads = plan.writes = false;
    plan.unread = "no cache";
    plan.unwritten = "there is no cache";
  }
  return plan;
}

void heed(const filter::Verdict& verdict, CachePlan& plan) {
  if (verdict.may_be_stored) {
    if (!verdict.tags.empty()) plan.tag = verdict.tags.front();
    return;
  }
  if (!plan.writes) return;
  plan.writes = false;
  plan.unwritten = kWithheld;
}

StoreWish wish_of(const Request& request, const CachePlan& plan) {
  StoreWish wish;
  wish.format = request.format;
  wish.jpeg_quality = request.jpeg_quality;
  wish.tag = request.tag.empty() ? plan.tag : request.tag;
  wish.is_pinned = request.pin;
  if (!request.ttl_ms) return wish;
  wish.lifetime_ms = *request.ttl_ms;
  if (request.ttl_jitter > 0) {
    static thread_local std::minstd_rand chance{base::random_bits()};
    const double share = std::uniform_real_distribution<double>(0, request.ttl_jitter)(chance);
    const auto taken_off = static_cast<std::int64_t>(share * static_cast<double>(*request.ttl_ms));
    wish.lifetime_ms = std::max<std::int64_t>(1, wish.lifetime_ms - taken_off);
  }
  return wish;
}

}  // namespace zimg::generator
