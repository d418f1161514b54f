// The header of an entry, under the key that it repeats. As its checksum would refuse all but a few inputs, the input
// is first given the length, the magic and the checksum that belong to it: what is accepted then is written again as it
// was read.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg::cache;

bool is_same(const EntryHeader& a, const EntryHeader& b) {
  const zimg::CacheKey key{zimg::CacheKey::Digest{}};
  return encode_header(key, a) == encode_header(key, b);
}

void read(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(decode_prefix(data, size));
  const auto repeated = decode_key(data, size);
  const zimg::CacheKey key = repeated.value_or(zimg::CacheKey(zimg::CacheKey::Digest{}));
  EntryHeader header;
  if (decode_header(data, size, key, header) != HeaderState::kSound) return;
  if (!repeated || size > kHeaderLimit) std::abort();
  const zimg::Bytes written = encode_header(key, header);
  EntryHeader again;
  if (decode_header(written.data(), written.size(), key, again) != HeaderState::kSound) std::abort();
  if (!is_same(header, again)) std::abort();
}

// The length stands first, then the magic, the checksum last; see docs/store-format.md.
zimg::Bytes put_right(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMagicAt = 4, kMagicEnd = 8, kChecksumBytes = 8;
  zimg::Bytes octets(data, data + size);
  if (size < kMagicEnd + kChecksumBytes) return octets;
  const zimg::Bytes sound = encode_header(zimg::CacheKey(zimg::CacheKey::Digest{}), {});
  std::copy(sound.begin() + kMagicAt, sound.begin() + kMagicEnd, octets.begin() + kMagicAt);
  put_big_endian(octets.data(), static_cast<std::uint32_t>(size));
  put_big_endian(octets.data() + size - kChecksumBytes, checksum(octets.data(), size - kChecksumBytes));
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read(data, size);
  const zimg::Bytes octets = put_right(data, size);
  read(octets.data(), octets.size());
  return 0;
}
