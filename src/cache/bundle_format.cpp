#include "cache/bundle_format.hpp"

#include <algorithm>
#include <string_view>

#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"
#include "cache/entry_codec.hpp"

namespace zimg::cache {
namespace {

constexpr std::string_view kBundleMagic = "ZIMGBNDL";
constexpr std::uint32_t kEntryMark = 0x454e5452;  // "ENTR"
constexpr std::uint32_t kEndMark = 0x454e4442;    // "ENDB"
constexpr std::size_t kCheckedBytes = 16;         // of a frame; its XXH3 follows

}  // namespace

BundleStart encode_bundle_start() {
  BundleStart start{};
  std::copy(kBundleMagic.begin(), kBundleMagic.end(), start.begin());
  put_big_endian(start.data() + kBundleMagic.size(), kBundleVersion);
  return start;
}

std::optional<std::uint16_t> decode_bundle_start(const BundleStart& start) {
  if (!std::equal(kBundleMagic.begin(), kBundleMagic.end(), start.begin())) return std::nullopt;
  return get_big_endian<std::uint16_t>(start.data() + kBundleMagic.size());
}

BundleFrameOctets encode_bundle_frame(const BundleFrame& frame) {
  BundleFrameOctets octets;
  put_big_endian(octets.data(), frame.kind == BundleFrame::Kind::kEntry ? kEntryMark : kEndMark);
  put_big_endian(octets.data() + 4, frame.header_bytes);
  put_big_endian(octets.data() + 8, frame.number);
  put_big_endian(octets.data() + kCheckedBytes, checksum(octets.data(), kCheckedBytes));
  return octets;
}

std::optional<BundleFrame> decode_bundle_frame(const BundleFrameOctets& octets) {
  if (get_big_endian<std::uint64_t>(octets.data() + kCheckedBytes) != checksum(octets.data(), kCheckedBytes)) {
    return std::nullopt;
  }
  const std::uint32_t mark = get_big_endian<std::uint32_t>(octets.data());
  BundleFrame frame;
  frame.kind = mark == kEntryMark ? BundleFrame::Kind::kEntry : BundleFrame::Kind::kEnd;
  frame.header_bytes = get_big_endian<std::uint32_t>(octets.data() + 4);
  frame.number = get_big_endian<std::uint64_t>(octets.data() + 8);
  const bool is_sound =
      mark == kEntryMark ? frame.header_bytes <= kHeaderLimit : mark == kEndMark && frame.header_bytes == 0;
  return is_sound ? std::optional(frame) : std::nullopt;
}

}  // namespace zimg::cache
