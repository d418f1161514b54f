// How often keys were asked for, estimated in a fixed 64 KiB: TinyLFU's count-min sketch (Einziger, Friedman, Manes:
// TinyLFU, 2017), four rows of octets. Counts are halved now and then, so that what was popular once is forgotten. An
// estimate is never below the count, but for halving.
//
// One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace zimg::cache {

class FrequencySketch {
 public:
  static constexpr std::size_t kRows = 4;
  static constexpr std::size_t kWidth = 16384;
  using Table = std::array<std::uint8_t, kRows * kWidth>;

  void add(std::uint64_t hash) noexcept;
  std::uint32_t estimate(std::uint64_t hash) const noexcept;

  // Halves the counts after so many additions: sixteen for each entry that the cache holds.
  void set_entries(std::uint64_t entries) noexcept;

  // As it is kept in a file.
  std::span<const std::uint8_t> table() const noexcept { return table_; }
  std::uint64_t additions() const noexcept { return additions_; }
  void restore(std::span<const std::uint8_t, kRows * kWidth> table, std::uint64_t additions) noexcept;

 private:
  static std::size_t cell(std::uint64_t hash, std::size_t row) noexcept;
  void halve() noexcept;

  Table table_{};
  std::uint64_t additions_ = 0;
  std::uint64_t period_ = 8 * kWidth;
};

}  // namespace zimg::cache
