// The octets between the entries of a bundle. docs/bundle-format.md is the reference; the entries themselves are
// headers as entry_codec.hpp writes them, each followed by its payload.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace zimg::cache {

inline constexpr std::uint16_t kBundleVersion = 1;
// A payload beyond this is refused before memory is asked for.
inline constexpr std::uint64_t kLargestBundledPayload = std::uint64_t{1} << 30;  // bytes

using BundleStart = std::array<std::uint8_t, 16>;
BundleStart encode_bundle_start();
// The version of a bundle that begins so; nullopt for another kind of file.
std::optional<std::uint16_t> decode_bundle_start(const BundleStart& start);

// Stands before each entry and, as the last thing, at the end of the bundle.
struct BundleFrame {
  enum class Kind : std::uint8_t { kEntry, kEnd };
  Kind kind = Kind::kEntry;
  std::uint32_t header_bytes = 0;  // 0 at the end
  std::uint64_t number = 0;        // bytes of payload; at the end, the number of entries before it
};
using BundleFrameOctets = std::array<std::uint8_t, 24>;
BundleFrameOctets encode_bundle_frame(const BundleFrame& frame);
// nullopt where the octets are no frame: behind it nothing can be found.
std::optional<BundleFrame> decode_bundle_frame(const BundleFrameOctets& octets);

}  // namespace zimg::cache
