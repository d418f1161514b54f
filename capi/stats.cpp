#include "capi/stats.hpp"

#include <string>

#include "capi/cache.hpp"
#include "capi/guard.hpp"
#include "capi/text.hpp"

using zimg::CacheStats;
using zimg::NamespaceStats;
using namespace zimg::capi;

namespace {

template <class Stats>
struct StatsCounter {
  zimg_count count;
  std::uint64_t Stats::*field;
};

constexpr StatsCounter<CacheStats> kStatsCounters[] = {
    {ZIMG_COUNT_ENTRIES, &CacheStats::entries},
    {ZIMG_COUNT_PAYLOAD_BYTES, &CacheStats::payload_bytes},
    {ZIMG_COUNT_USED_BYTES, &CacheStats::used_bytes},
    {ZIMG_COUNT_CAPACITY_BYTES, &CacheStats::capacity_bytes},
    {ZIMG_COUNT_HITS, &CacheStats::hits},
    {ZIMG_COUNT_MISSES, &CacheStats::misses},
    {ZIMG_COUNT_STORED, &CacheStats::stores},
    {ZIMG_COUNT_EVICTED, &CacheStats::evictions},
    {ZIMG_COUNT_EXPIRED, &CacheStats::expired},
    {ZIMG_COUNT_CORRUPT, &CacheStats::corrupt},
    {ZIMG_COUNT_REJECTED, &CacheStats::rejected},
    {ZIMG_COUNT_SAVED_BYTES, &CacheStats::saved_bytes},
};

constexpr StatsCounter<NamespaceStats> kNamespaceCounters[] = {
    {ZIMG_COUNT_ENTRIES, &NamespaceStats::entries},         {ZIMG_COUNT_PAYLOAD_BYTES, &NamespaceStats::payload_bytes},
    {ZIMG_COUNT_PINNED, &NamespaceStats::pinned},           {ZIMG_COUNT_HITS, &NamespaceStats::hits},
    {ZIMG_COUNT_STORED, &NamespaceStats::stores},           {ZIMG_COUNT_EVICTED, &NamespaceStats::evictions},
    {ZIMG_COUNT_SAVED_BYTES, &NamespaceStats::saved_bytes},
};

template <class Stats, std::size_t kSize>
std::uint64_t count_in(const Stats& stats, const StatsCounter<Stats> (&counters)[kSize], zimg_count count) {
  // A time, which is signed; it is no earlier than 1970.
  if (count == ZIMG_COUNT_OLDEST_MS) return static_cast<std::uint64_t>(stats.oldest_stored_at_ms);
  for (const auto& counter : counters) {
    if (counter.count == count) return stats.*counter.field;
  }
  return 0;
}

const zimg::SizePoint* point_at(const zimg_stats* stats, size_t index) {
  return alive(stats) != nullptr && index < stats->value.size_curve.size() ? &stats->value.size_curve[index] : nullptr;
}

const NamespaceStats* namespace_at(const zimg_stats* stats, size_t index) {
  return alive(stats) != nullptr && index < stats->namespaces.size() ? &stats->namespaces[index] : nullptr;
}

}  // namespace

zimg_status zimg_cache_stats(zimg_cache* cache, zimg_stats** out_stats, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required_cache(cache);
    required_pointer(out_stats, "out_stats");
    auto stats = std::make_unique<zimg_stats>();
    stats->value = value->stats();
    stats->namespaces = value->namespace_stats();
    *out_stats = stats.release();
  });
}

uint64_t zimg_stats_count(const zimg_stats* stats, zimg_count count) {
  return alive(stats) == nullptr ? 0 : count_in(stats->value, kStatsCounters, count);
}

double zimg_stats_saved_ms(const zimg_stats* stats) {
  return alive(stats) == nullptr ? 0 : stats->value.saved_ms;
}

double zimg_stats_hit_rate(const zimg_stats* stats) {
  return alive(stats) == nullptr ? 0 : stats->value.hit_rate();
}

size_t zimg_stats_point_count(const zimg_stats* stats) {
  return alive(stats) == nullptr ? 0 : stats->value.size_curve.size();
}

uint64_t zimg_stats_point_bytes(const zimg_stats* stats, size_t index) {
  const auto* point = point_at(stats, index);
  return point == nullptr ? 0 : point->capacity_bytes;
}

double zimg_stats_point_hit_rate(const zimg_stats* stats, size_t index) {
  const auto* point = point_at(stats, index);
  return point == nullptr ? 0 : point->hit_rate;
}

size_t zimg_stats_namespace_count(const zimg_stats* stats) {
  return alive(stats) == nullptr ? 0 : stats->namespaces.size();
}

const char* zimg_stats_namespace_name(const zimg_stats* stats, size_t index, size_t* out_size) {
  const auto* part = namespace_at(stats, index);
  return view_of(part == nullptr ? nullptr : &part->name_space, out_size);
}

uint64_t zimg_stats_namespace_value(const zimg_stats* stats, size_t index, zimg_count count) {
  const auto* part = namespace_at(stats, index);
  return part == nullptr ? 0 : count_in(*part, kNamespaceCounters, count);
}

double zimg_stats_namespace_saved_ms(const zimg_stats* stats, size_t index) {
  const auto* part = namespace_at(stats, index);
  return part == nullptr ? 0 : part->saved_ms;
}

zimg_status zimg_stats_set_count(zimg_stats* stats, zimg_count count, uint64_t value, zimg_error** out_error) {
  return guarded(out_error, [&] {
    CacheStats& changed = required(stats, "stats").value;
    if (count == ZIMG_COUNT_OLDEST_MS) {
      changed.oldest_stored_at_ms = static_cast<std::int64_t>(value);
      return;
    }
    for (const auto& counter : kStatsCounters) {
      if (counter.count == count) {
        changed.*counter.field = value;
        return;
      }
    }
    throw zimg::Error(zimg::ErrorCode::kInvalidArgument,
                      "the argument 'count' is " + std::to_string(count) + ", which is no count of a cache");
  });
}

void zimg_stats_destroy(zimg_stats* stats) {
  destroy(stats);
}
