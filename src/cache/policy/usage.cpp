#include "cache/policy/usage.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"

namespace zimg::cache {
namespace {

constexpr std::uint32_t kUsageMagic = 0x5a494d55;  // "ZIMU"
constexpr std::uint32_t kSchema = 1;
constexpr std::size_t kNameLimit = 64;

class Writer {
 public:
  template <std::unsigned_integral Number>
  void number(Number value) {
    std::uint8_t octets[sizeof(Number)];
    put_big_endian(octets, value);
    out_.insert(out_.end(), octets, octets + sizeof(Number));
  }
  void real(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  template <class Octets>
  void octets(const Octets& octets) {
    out_.insert(out_.end(), octets.begin(), octets.end());
  }
  Bytes finish() {
    number(checksum(out_.data(), out_.size()));
    return std::move(out_);
  }

 private:
  Bytes out_;
};

// Reads what Writer wrote; past the end it gives zeros and says so at the end.
class Reader {
 public:
  explicit Reader(const Bytes& octets) : at_(octets.data()), left_(octets.size()) {}
  template <std::unsigned_integral Number>
  Number number() {
    const std::uint8_t* octets = take(sizeof(Number));
    return octets == nullptr ? Number{0} : get_big_endian<Number>(octets);
  }
  double real() { return std::bit_cast<double>(number<std::uint64_t>()); }
  const std::uint8_t* take(std::size_t size) {
    if (size > left_) {
      is_short_ = true;
      left_ = 0;
      return nullptr;
    }
    left_ -= size;
    return std::exchange(at_, at_ + size);
  }
  bool is_short() const { return is_short_; }
  std::size_t left() const { return left_; }

 private:
  const std::uint8_t* at_;
  std::size_t left_;
  bool is_short_ = false;
};

}  // namespace

Usage::Space& Usage::space(std::string_view name) {
  const auto known = spaces_.find(name);
  if (known != spaces_.end()) return known->second;
  if (spaces_.size() >= kSpaceLimit) {
    const auto activity = [](const auto& pair) { return pair.second.hits + pair.second.stores; };
    spaces_.erase(std::min_element(spaces_.begin(), spaces_.end(), [&](const auto& one, const auto& other) {
      return activity(one) < activity(other);
    }));
  }
  return spaces_.emplace(name, Space{}).first->second;
}

void Usage::apply(const UsageEvent& event, std::uint64_t room_bytes) {
  const std::string_view name(event.name_space.data(), event.name_size);
  switch (event.kind) {
    case UsageKind::kHit: {
      ++counts_.hits;
      counts_.saved_ms += event.draw_ms;
      counts_.saved_bytes += event.bytes;
      Space& part = space(name);
      ++part.hits;
      part.saved_ms += event.draw_ms;
      part.saved_bytes += event.bytes;
      frequencies_.add(event.hash);
      ghosts_.looked_up(event.hash, event.bytes, room_bytes);
      break;
    }
    case UsageKind::kMiss:
      ++counts_.misses;
      frequencies_.add(event.hash);
      ghosts_.looked_up(event.hash, 0, room_bytes);
      break;
    case UsageKind::kTouch:
      frequencies_.add(event.hash);
      break;
    case UsageKind::kStore:
      ++counts_.stores;
      ++space(name).stores;
      ghosts_.stored(event.hash, event.bytes, room_bytes);
      break;
    case UsageKind::kEviction:
      ++counts_.evictions;
      ++space(name).evictions;
      break;
    case UsageKind::kRejection:
      ++counts_.rejections;
      break;
    case UsageKind::kExpiry:
      ++counts_.expired;
      break;
    case UsageKind::kDamage:
      ++counts_.corrupt;
      break;
  }
}

void Usage::copy_to(CacheStats& stats, std::uint64_t room_bytes) const {
  stats.hits = counts_.hits;
  stats.misses = counts_.misses;
  stats.stores = counts_.stores;
  stats.evictions = counts_.evictions;
  stats.rejected = counts_.rejections;
  stats.expired = counts_.expired;
  stats.corrupt = counts_.corrupt;
  stats.saved_ms = counts_.saved_ms;
  stats.saved_bytes = counts_.saved_bytes;
  const GhostList::Counts& ghosts = ghosts_.counts();
  if (ghosts.lookups == 0) return;
  for (std::size_t i = 0; i < GhostList::kHalves.size(); ++i) {
    stats.size_curve.push_back({room_bytes / 2 * GhostList::kHalves[i],
                                static_cast<double>(ghosts.hits[i]) / static_cast<double>(ghosts.lookups)});
  }
}

void Usage::copy_to(std::vector<NamespaceStats>& parts) const {
  for (NamespaceStats& part : parts) {
    const auto known = spaces_.find(part.name_space);
    if (known == spaces_.end()) continue;
    part.hits = known->second.hits;
    part.stores = known->second.stores;
    part.evictions = known->second.evictions;
    part.saved_ms = known->second.saved_ms;
    part.saved_bytes = known->second.saved_bytes;
  }
}

Bytes Usage::encode() const {
  Writer out;
  out.number(kUsageMagic);
  out.number(kSchema);
  for (const std::uint64_t count : {counts_.hits, counts_.misses, counts_.stores, counts_.evictions, counts_.rejections,
                                    counts_.expired, counts_.corrupt, counts_.saved_bytes}) {
    out.number(count);
  }
  out.real(counts_.saved_ms);
  out.number(static_cast<std::uint32_t>(spaces_.size()));
  for (const auto& [name, part] : spaces_) {
    out.number(static_cast<std::uint8_t>(name.size()));
    out.octets(name);
    for (const std::uint64_t count : {part.hits, part.stores, part.evictions, part.saved_bytes}) out.number(count);
    out.real(part.saved_ms);
  }
  out.number(static_cast<std::uint32_t>(ghosts_.shift()));
  out.number(ghosts_.counts().lookups);
  for (const std::uint64_t hits : ghosts_.counts().hits) out.number(hits);
  out.number(static_cast<std::uint32_t>(ghosts_.ghosts().size()));
  for (const GhostList::Ghost& ghost : ghosts_.ghosts()) {
    out.number(ghost.hash);
    out.number(ghost.bytes);
  }
  out.number(frequencies_.additions());
  out.octets(frequencies_.table());
  return out.finish();
}

std::optional<Usage> Usage::decode(const Bytes& octets) {
  constexpr std::size_t kSum = 8;
  if (octets.size() < kSum || get_big_endian<std::uint64_t>(octets.data() + octets.size() - kSum) !=
                                  checksum(octets.data(), octets.size() - kSum)) {
    return std::nullopt;
  }
  Reader in(octets);
  if (in.number<std::uint32_t>() != kUsageMagic || in.number<std::uint32_t>() != kSchema) return std::nullopt;
  Usage usage;
  Counts& counts = usage.counts_;
  for (std::uint64_t* count : {&counts.hits, &counts.misses, &counts.stores, &counts.evictions, &counts.rejections,
                               &counts.expired, &counts.corrupt, &counts.saved_bytes}) {
    *count = in.number<std::uint64_t>();
  }
  counts.saved_ms = in.real();
  for (auto left = in.number<std::uint32_t>(); left > 0 && !in.is_short(); --left) {
    const auto size = in.number<std::uint8_t>();
    const std::uint8_t* name = in.take(size);
    if (name == nullptr || size > kNameLimit) return std::nullopt;
    Space part;
    for (std::uint64_t* count : {&part.hits, &part.stores, &part.evictions, &part.saved_bytes}) {
      *count = in.number<std::uint64_t>();
    }
    part.saved_ms = in.real();
    usage.spaces_.emplace(std::string(name, name + size), part);
  }
  const auto shift = in.number<std::uint32_t>();
  GhostList::Counts ghost_counts;
  ghost_counts.lookups = in.number<std::uint64_t>();
  for (std::uint64_t& hits : ghost_counts.hits) hits = in.number<std::uint64_t>();
  std::vector<GhostList::Ghost> ghosts;
  for (auto left = in.number<std::uint32_t>(); left > 0 && !in.is_short(); --left) {
    const auto hash = in.number<std::uint64_t>();
    ghosts.push_back({hash, in.number<std::uint64_t>()});
  }
  usage.ghosts_.restore(std::move(ghosts), shift, ghost_counts);
  const auto additions = in.number<std::uint64_t>();
  constexpr std::size_t kTable = FrequencySketch::kRows * FrequencySketch::kWidth;
  const std::uint8_t* table = in.take(kTable);
  if (table == nullptr || in.is_short() || in.left() != kSum) return std::nullopt;
  usage.frequencies_.restore(std::span<const std::uint8_t, kTable>(table, kTable), additions);
  return usage;
}

}  // namespace zimg::cache
