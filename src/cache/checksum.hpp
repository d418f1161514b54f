// XXH3 (64 bits, seed 0) of octets that come in pieces, in the widest vectors that the machine has. It finds damage; it
// does not withstand an adversary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace zimg::cache {

class Checksum {
 public:
  Checksum() noexcept;
  void update(const void* data, std::size_t size) noexcept;
  std::uint64_t digest() const noexcept;

 private:
  alignas(64) std::array<unsigned char, 576> state_;  // an XXH3_state_t, which stays out of headers
};

std::uint64_t checksum(const void* data, std::size_t size) noexcept;

}  // namespace zimg::cache
