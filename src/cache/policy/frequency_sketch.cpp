#include "cache/policy/frequency_sketch.hpp"

#include <algorithm>

namespace zimg::cache {
namespace {

constexpr std::uint8_t kMaxCount = 15;  // more tells nothing that matters and takes longer to forget
constexpr std::uint64_t kAdditionsPerEntry = 16;
constexpr std::uint64_t kMinPeriod = 1024;
constexpr std::uint64_t kMaxPeriod = 8 * FrequencySketch::kWidth;  // beyond it every cell holds several keys

}  // namespace

std::size_t FrequencySketch::cell(std::uint64_t hash, std::size_t row) noexcept {
  std::uint64_t mixed = hash + (row + 1) * 0x9e3779b97f4a7c15u;  // the finalizer of splitmix64
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return row * kWidth + (mixed ^ (mixed >> 31)) % kWidth;
}

// Only the smallest of the four grows: the others hold other keys' counts as well.
void FrequencySketch::add(std::uint64_t hash) noexcept {
  const std::uint32_t least = estimate(hash);
  if (least < kMaxCount) {
    for (std::size_t row = 0; row < kRows; ++row) {
      std::uint8_t& count = table_[cell(hash, row)];
      if (count == least) ++count;
    }
  }
  if (++additions_ >= period_) halve();
}

std::uint32_t FrequencySketch::estimate(std::uint64_t hash) const noexcept {
  std::uint32_t least = kMaxCount;
  for (std::size_t row = 0; row < kRows; ++row) least = std::min<std::uint32_t>(least, table_[cell(hash, row)]);
  return least;
}

void FrequencySketch::set_entries(std::uint64_t entries) noexcept {
  period_ = std::clamp(std::min(entries, kMaxPeriod) * kAdditionsPerEntry, kMinPeriod, kMaxPeriod);
}

void FrequencySketch::restore(std::span<const std::uint8_t, kRows * kWidth> table, std::uint64_t additions) noexcept {
  std::copy(table.begin(), table.end(), table_.begin());
  additions_ = additions;
}

void FrequencySketch::halve() noexcept {
  for (std::uint8_t& count : table_) count /= 2;
  additions_ /= 2;
}

}  // namespace zimg::cache
