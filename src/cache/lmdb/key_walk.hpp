// KeyWalk goes through the keys of a store that may be damaged. Where reading fails it asks for less at once, and where
// that fails too it goes on further on, and further each time, until something can be read again.
//
// A value. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "cache/big_endian.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

class KeyWalk {
 public:
  // The key behind which to go on; nullopt at the beginning.
  const std::optional<CacheKey>& after() const noexcept { return after_; }
  // How many entries to ask for at once.
  std::size_t batch() const noexcept { return careful_ > 0 ? 1 : kBatch; }
  // Places where something was left out.
  std::uint64_t skipped() const noexcept { return skipped_; }

  void pass(const CacheKey& key) {
    after_ = key;
    step_ = kFirstStep;
    if (careful_ > 0) --careful_;
  }

  // Reading behind after() failed. False when all keys are behind us.
  bool stumble() {
    const bool was_careful = careful_ > 0;
    careful_ = kBatch;
    return !was_careful || skip();
  }

 private:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::uint64_t kFirstStep = std::uint64_t{1} << 40;  // of the first eight octets, which are random

  bool skip() {
    skipped_ += step_ == kFirstStep ? 1 : 0;
    CacheKey::Digest digest{};
    if (after_) digest = after_->digest();
    const std::uint64_t place = get_big_endian<std::uint64_t>(digest.data());
    const std::uint64_t next = place + step_;
    if (step_ == 0 || next < place) return false;
    put_big_endian(digest.data(), next);
    after_ = CacheKey(digest);
    step_ *= 2;
    return true;
  }

  std::optional<CacheKey> after_;
  std::uint64_t step_ = kFirstStep;
  std::size_t careful_ = 0;  // so many entries are asked for one by one
  std::uint64_t skipped_ = 0;
};

}  // namespace zimg::cache
