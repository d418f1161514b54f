// The header of an entry, under the key that it repeats. As its checksum would refuse all but a few inputs, the input
// is first given the length, the magic and the checksum that belong to it: what is accepted then is written again as it
// was read. And a header is made of the input, field by field: written and read it is the same in every field.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg::cache;

// The names are bound so that a field that is new is one too many until it stands here as well.
bool is_same(const zimg::EntryInfo& a, const zimg::EntryInfo& b) {
  const auto& [format, width, height, seed, steps, guidance, draw_ms, stored, expires, name_space, model, sha256,
               pinned, tag] = a;
  const auto is_same_number = [](double x, double y) { return std::memcmp(&x, &y, sizeof(x)) == 0; };  // a NaN too
  return format == b.format && width == b.width && height == b.height && seed == b.seed && steps == b.steps &&
         is_same_number(guidance, b.guidance) && is_same_number(draw_ms, b.draw_ms) && stored == b.stored_at_ms &&
         expires == b.expires_at_ms && name_space == b.name_space && model == b.model && sha256 == b.payload_sha256 &&
         pinned == b.is_pinned && tag == b.tag;
}

bool is_same(const EntrySeal& a, const EntrySeal& b) {
  const auto& [nonce, tag, digest] = a;
  return nonce == b.nonce && tag == b.tag && digest == b.digest;
}

bool is_same(const EntryHeader& a, const EntryHeader& b) {
  const auto& [info, id, payload_bytes, payload_checksum, seal] = a;
  return is_same(info, b.info) && id == b.id && payload_bytes == b.payload_bytes &&
         payload_checksum == b.payload_checksum && seal.has_value() == b.seal.has_value() &&
         (!seal || is_same(*seal, *b.seal));
}

// Takes values off the input; zeros when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  template <class T>
  void fill(T& value) {
    std::uint8_t octets[sizeof(T)] = {};
    const std::size_t count = std::min(size_, sizeof(T));
    std::copy_n(data_, count, octets);
    data_ += count;
    size_ -= count;
    std::memcpy(&value, octets, sizeof(T));
  }

  std::uint8_t octet() {
    std::uint8_t value = 0;
    fill(value);
    return value;
  }

  std::string text(std::size_t limit) {
    std::string text(octet() % (limit + 1), '\0');
    for (char& c : text) c = static_cast<char>(octet());
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

EntryHeader made_of(Input input) {
  EntryHeader header;
  zimg::EntryInfo& info = header.info;
  info.format = input.octet() % 2 == 0 ? zimg::ImageFormat::kPng : zimg::ImageFormat::kJpeg;
  info.is_pinned = input.octet() % 2 != 0;
  for (std::uint32_t* number : {&info.width, &info.height, &info.seed, &info.steps}) input.fill(*number);
  for (double* number : {&info.guidance, &info.draw_ms}) input.fill(*number);
  for (std::int64_t* number : {&info.stored_at_ms, &info.expires_at_ms}) input.fill(*number);
  for (std::uint64_t* number : {&header.id, &header.payload_bytes, &header.payload_checksum}) input.fill(*number);
  if (input.octet() % 2 == 0) {
    input.fill(info.payload_sha256);
  } else {
    input.fill(header.seal.emplace());
  }
  info.name_space = input.text(kNameSpaceLimit);
  info.model = input.text(kModelLimit);
  info.tag = input.text(kTagLimit);
  return header;
}

void write(const EntryHeader& header) {
  const zimg::CacheKey key{zimg::CacheKey::Digest{1, 2, 3}};
  const zimg::Bytes written = encode_header(key, header);
  EntryHeader decoded;
  if (written.size() > kHeaderLimit || decode_key(written.data(), written.size()) != key) std::abort();
  if (decode_header(written.data(), written.size(), key, decoded) != HeaderState::kSound) std::abort();
  if (!is_same(header, decoded)) std::abort();
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
  write(made_of(Input(data, size)));
  const zimg::Bytes octets = put_right(data, size);
  read(octets.data(), octets.size());
  return 0;
}
