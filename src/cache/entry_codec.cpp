#include "cache/entry_codec.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <string_view>

#include "base/sha256.hpp"
#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr std::uint32_t kEntryMagic = 0x5a494d45;  // "ZIME"

// The prefix, fixed for every schema.
constexpr std::size_t kLengthAt = 0;  // u32: of the whole header, checksum included
constexpr std::size_t kMagicAt = 4;   // u32
constexpr std::size_t kSchemaAt = 8;  // u16
constexpr std::size_t kFlagsAt = 10;  // u16
constexpr std::size_t kIdAt = 12;     // u64
constexpr std::size_t kKeyAt = 20;    // 32 octets
constexpr std::size_t kPrefixEnd = 52;

// The fields of schema 1.
constexpr std::size_t kPayloadBytesAt = 52;     // u64
constexpr std::size_t kPayloadChecksumAt = 60;  // u64
constexpr std::size_t kStoredAt = 68;           // i64
constexpr std::size_t kExpiresAt = 76;          // i64
constexpr std::size_t kDigestAt = 84;           // 32 octets
constexpr std::size_t kSealAt = 116;            // u8: what kDigestAt holds
constexpr std::size_t kFormatAt = 117;          // u8
constexpr std::size_t kReservedAt = 118;        // u16, zero
constexpr std::size_t kWidthAt = 120;           // u32
constexpr std::size_t kHeightAt = 124;          // u32
constexpr std::size_t kSeedAt = 128;            // u32
constexpr std::size_t kStepsAt = 132;           // u32
constexpr std::size_t kGuidanceAt = 136;        // f64
constexpr std::size_t kDrawMsAt = 144;          // f64
constexpr std::size_t kReserved2At = 152;       // u64, zero
constexpr std::size_t kStringsAt = 160;         // namespace, model, tag: u16 length and octets each
constexpr std::size_t kChecksumBytes = 8;       // XXH3 of all octets before it, at the end

constexpr std::uint16_t kFlagPinned = 1u << 0;
// A reader that meets a flag of the upper octet it does not know cannot serve the entry.
constexpr std::uint16_t kFlagsToUnderstand = 0xff00;
constexpr std::uint8_t kSealSha256 = 0;
constexpr std::uint8_t kSealAes256Gcm = 2;  // nonce, tag and four zeros there; the encrypted digest behind the strings

void append_string(Bytes& out, const std::string& text) {
  std::uint8_t length[2];
  put_big_endian(length, static_cast<std::uint16_t>(text.size()));
  out.insert(out.end(), length, length + sizeof(length));
  out.insert(out.end(), text.begin(), text.end());
}

// Reads one string at `at` and moves it on; false when it would pass `end`.
bool read_string(const std::uint8_t* data, std::size_t& at, std::size_t end, std::size_t limit, std::string& out) {
  if (end - at < 2) return false;
  const std::size_t length = get_big_endian<std::uint16_t>(data + at);
  at += 2;
  if (length > limit || end - at < length) return false;
  out.assign(reinterpret_cast<const char*>(data + at), length);
  at += length;
  return true;
}

void check_name(const std::string& field, const std::string& name, std::size_t limit) {
  if (name.size() <= limit) return;
  throw Error(ErrorCode::kInvalidArgument, "the entry's " + field + " has " + std::to_string(name.size()) +
                                               " bytes; at most " + std::to_string(limit) + " are kept");
}

bool read_seal(const std::uint8_t* data, std::size_t at, std::size_t end, EntryHeader& out) {
  EntrySeal seal;
  if (end - at < seal.digest.size()) return false;
  std::copy_n(data + kDigestAt, seal.nonce.size(), seal.nonce.begin());
  std::copy_n(data + kDigestAt + seal.nonce.size(), seal.tag.size(), seal.tag.begin());
  std::copy_n(data + at, seal.digest.size(), seal.digest.begin());
  out.info.payload_sha256 = {};
  out.seal = seal;
  return true;
}

bool decode_fields(const std::uint8_t* data, std::size_t end, EntryHeader& out) {
  EntryInfo& info = out.info;
  out.seal.reset();
  out.id = get_big_endian<std::uint64_t>(data + kIdAt);
  info.is_pinned = (get_big_endian<std::uint16_t>(data + kFlagsAt) & kFlagPinned) != 0;
  out.payload_bytes = get_big_endian<std::uint64_t>(data + kPayloadBytesAt);
  out.payload_checksum = get_big_endian<std::uint64_t>(data + kPayloadChecksumAt);
  info.stored_at_ms = static_cast<std::int64_t>(get_big_endian<std::uint64_t>(data + kStoredAt));
  info.expires_at_ms = static_cast<std::int64_t>(get_big_endian<std::uint64_t>(data + kExpiresAt));
  std::copy_n(data + kDigestAt, info.payload_sha256.size(), info.payload_sha256.begin());
  info.format = static_cast<ImageFormat>(data[kFormatAt]);
  info.width = get_big_endian<std::uint32_t>(data + kWidthAt);
  info.height = get_big_endian<std::uint32_t>(data + kHeightAt);
  info.seed = get_big_endian<std::uint32_t>(data + kSeedAt);
  info.steps = get_big_endian<std::uint32_t>(data + kStepsAt);
  info.guidance = std::bit_cast<double>(get_big_endian<std::uint64_t>(data + kGuidanceAt));
  info.draw_ms = std::bit_cast<double>(get_big_endian<std::uint64_t>(data + kDrawMsAt));
  std::size_t at = kStringsAt;
  const bool has_strings = read_string(data, at, end, kNameSpaceLimit, info.name_space) &&
                           read_string(data, at, end, kModelLimit, info.model) &&
                           read_string(data, at, end, kTagLimit, info.tag);
  return has_strings && (data[kSealAt] != kSealAes256Gcm || read_seal(data, at, end, out));
}

bool is_known_format(ImageFormat format) {
  return format == ImageFormat::kPng || format == ImageFormat::kJpeg;
}

}  // namespace

void check_limits(const CacheEntry& entry) {
  if (entry.payload == nullptr) {
    throw Error(ErrorCode::kInvalidArgument, "the entry has no payload; its bytes are expected");
  }
  check_name("namespace", entry.info.name_space, kNameSpaceLimit);
  check_name("model name", entry.info.model, kModelLimit);
  check_name("tag", entry.info.tag, kTagLimit);
  if (!is_known_format(entry.info.format)) {
    throw Error(ErrorCode::kInvalidArgument, "the entry's format is number " +
                                                 std::to_string(static_cast<int>(entry.info.format)) +
                                                 "; 1 (PNG) or 2 (JPEG) is expected");
  }
  if (entry.info.expires_at_ms < 0 || entry.info.stored_at_ms < 0) {
    throw Error(ErrorCode::kInvalidArgument, "the entry's times are negative; milliseconds of Unix time are expected");
  }
  if (!(entry.info.draw_ms >= 0) || !std::isfinite(entry.info.draw_ms) || !std::isfinite(entry.info.guidance)) {
    throw Error(ErrorCode::kInvalidArgument, "the entry's drawing time or guidance is not a finite number");
  }
}

EntryHeader make_header(const CacheEntry& entry, std::int64_t now_ms) {
  EntryHeader header;
  header.info = entry.info;
  header.payload_bytes = entry.payload->size();
  header.payload_checksum = checksum(entry.payload->data(), entry.payload->size());
  if (header.info.stored_at_ms == 0) header.info.stored_at_ms = now_ms;
  if (header.info.payload_sha256 == CacheKey::Digest{}) {
    header.info.payload_sha256 = base::sha256(entry.payload->data(), entry.payload->size());
  }
  return header;
}

Bytes encode_header(const CacheKey& key, const EntryHeader& header) {
  const EntryInfo& info = header.info;
  Bytes out(kStringsAt, 0);
  std::uint8_t* data = out.data();
  put_big_endian(data + kMagicAt, kEntryMagic);
  put_big_endian(data + kSchemaAt, kEntrySchema);
  put_big_endian(data + kFlagsAt, info.is_pinned ? kFlagPinned : std::uint16_t{0});
  put_big_endian(data + kIdAt, header.id);
  std::copy(key.digest().begin(), key.digest().end(), data + kKeyAt);
  put_big_endian(data + kPayloadBytesAt, header.payload_bytes);
  put_big_endian(data + kPayloadChecksumAt, header.payload_checksum);
  put_big_endian(data + kStoredAt, static_cast<std::uint64_t>(info.stored_at_ms));
  put_big_endian(data + kExpiresAt, static_cast<std::uint64_t>(info.expires_at_ms));
  std::copy(info.payload_sha256.begin(), info.payload_sha256.end(), data + kDigestAt);
  data[kSealAt] = header.seal ? kSealAes256Gcm : kSealSha256;
  if (header.seal) {
    std::copy(header.seal->nonce.begin(), header.seal->nonce.end(), data + kDigestAt);
    std::copy(header.seal->tag.begin(), header.seal->tag.end(), data + kDigestAt + header.seal->nonce.size());
  }
  data[kFormatAt] = static_cast<std::uint8_t>(info.format);
  put_big_endian(data + kReservedAt, std::uint16_t{0});
  put_big_endian(data + kWidthAt, info.width);
  put_big_endian(data + kHeightAt, info.height);
  put_big_endian(data + kSeedAt, info.seed);
  put_big_endian(data + kStepsAt, info.steps);
  put_big_endian(data + kGuidanceAt, std::bit_cast<std::uint64_t>(info.guidance));
  put_big_endian(data + kDrawMsAt, std::bit_cast<std::uint64_t>(info.draw_ms));
  put_big_endian(data + kReserved2At, std::uint64_t{0});
  append_string(out, info.name_space);
  append_string(out, info.model);
  append_string(out, info.tag);
  if (header.seal) out.insert(out.end(), header.seal->digest.begin(), header.seal->digest.end());
  put_big_endian(out.data() + kLengthAt, static_cast<std::uint32_t>(out.size() + kChecksumBytes));
  std::uint8_t digest[kChecksumBytes];
  put_big_endian(digest, checksum(out.data(), out.size()));
  out.insert(out.end(), digest, digest + sizeof(digest));
  return out;
}

std::optional<HeaderPrefix> decode_prefix(const std::uint8_t* data, std::size_t size) {
  if (size < kPrefixEnd || size > kHeaderLimit || get_big_endian<std::uint32_t>(data + kLengthAt) != size ||
      get_big_endian<std::uint32_t>(data + kMagicAt) != kEntryMagic) {
    return std::nullopt;
  }
  HeaderPrefix prefix;
  prefix.id = get_big_endian<std::uint64_t>(data + kIdAt);
  prefix.is_pinned = (get_big_endian<std::uint16_t>(data + kFlagsAt) & kFlagPinned) != 0;
  return prefix;
}

std::optional<CacheKey> decode_key(const std::uint8_t* data, std::size_t size) {
  if (!decode_prefix(data, size)) return std::nullopt;
  CacheKey::Digest digest;
  std::copy_n(data + kKeyAt, digest.size(), digest.begin());
  return CacheKey(digest);
}

HeaderState decode_header(const std::uint8_t* data, std::size_t size, const CacheKey& key, EntryHeader& out) {
  if (!decode_prefix(data, size)) return HeaderState::kDamaged;
  const std::uint16_t schema = get_big_endian<std::uint16_t>(data + kSchemaAt);
  if (schema > kEntrySchema) return HeaderState::kNewer;
  if (schema != kEntrySchema || size < kStringsAt + kChecksumBytes) return HeaderState::kDamaged;
  const std::size_t end = size - kChecksumBytes;
  if (get_big_endian<std::uint64_t>(data + end) != checksum(data, end)) return HeaderState::kDamaged;
  // From here on the octets are those that were written; what is not understood comes from a newer zimg.
  const std::uint16_t flags = get_big_endian<std::uint16_t>(data + kFlagsAt);
  if ((flags & kFlagsToUnderstand) != 0 || (data[kSealAt] != kSealSha256 && data[kSealAt] != kSealAes256Gcm)) {
    return HeaderState::kNewer;
  }
  if (!std::equal(key.digest().begin(), key.digest().end(), data + kKeyAt)) return HeaderState::kDamaged;
  if (!decode_fields(data, end, out)) return HeaderState::kDamaged;
  return is_known_format(out.info.format) ? HeaderState::kSound : HeaderState::kNewer;
}

std::int64_t now_ms(const CachePolicy& policy) {
  return policy.now_ms ? policy.now_ms() : unix_now_ms();
}

std::int64_t unix_now_ms() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

}  // namespace zimg::cache
