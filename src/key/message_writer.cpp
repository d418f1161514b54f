#include "key/message_writer.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "base/sha256.hpp"
#include "base/utf8.hpp"
#include "zimg/error.hpp"

namespace zimg::key {
namespace {

constexpr std::size_t kUsualBytes = 1024;  // what most messages stay below

[[noreturn]] void refuse(std::uint16_t tag, const char* what) {
  throw Error(ErrorCode::kInternal, "field " + std::to_string(tag) + " of a key " + what);
}

}  // namespace

MessageWriter::MessageWriter(std::string_view magic, std::uint16_t schema) {
  message_.reserve(kUsualBytes);
  message_.assign(magic.begin(), magic.end());
  put(schema, 2);
}

void MessageWriter::octets(std::uint16_t tag, const std::uint8_t* data, std::size_t size) {
  begin(tag, FieldType::kOctets, size);
  message_.insert(message_.end(), data, data + size);
}

void MessageWriter::text(std::uint16_t tag, std::string_view text) {
  if (base::find_invalid_utf8(text)) refuse(tag, "is not UTF-8");
  begin(tag, FieldType::kText, text.size());
  message_.insert(message_.end(), text.begin(), text.end());
}

void MessageWriter::number(std::uint16_t tag, std::uint32_t number) {
  begin(tag, FieldType::kNumber, 4);
  put(number, 4);
}

void MessageWriter::real(std::uint16_t tag, float number) {
  begin(tag, FieldType::kFloat, 4);
  put_real(number);
}

void MessageWriter::reals(std::uint16_t tag, const std::vector<float>& numbers) {
  begin(tag, FieldType::kFloats, numbers.size() * 4);
  for (const float number : numbers) put_real(number);
}

void MessageWriter::flag(std::uint16_t tag, bool is_set) {
  begin(tag, FieldType::kFlag, 1);
  put(is_set ? 1 : 0, 1);
}

CacheKey MessageWriter::digest(const Bytes* secret) const {
  if (secret == nullptr) return CacheKey(base::sha256(message_.data(), message_.size()));
  return CacheKey(base::hmac_sha256(secret->data(), secret->size(), message_.data(), message_.size()));
}

void MessageWriter::begin(std::uint16_t tag, FieldType type, std::size_t size) {
  if (tag <= last_tag_) refuse(tag, "does not follow in tag order");
  if (size > std::numeric_limits<std::uint32_t>::max()) refuse(tag, "is 4 GiB long or longer");
  last_tag_ = tag;
  put(tag, 2);
  put(static_cast<std::uint8_t>(type), 1);
  put(size, 4);
}

void MessageWriter::put(std::uint64_t value, int octets) {
  std::uint8_t big_endian[8];
  for (int i = 0; i < octets; ++i) big_endian[i] = static_cast<std::uint8_t>((value >> (8 * (octets - 1 - i))) & 0xFF);
  message_.insert(message_.end(), big_endian, big_endian + octets);
}

void MessageWriter::put_real(float number) {
  if (!std::isfinite(number)) refuse(last_tag_, "is not a finite number");
  put(std::bit_cast<std::uint32_t>(number == 0 ? 0.0F : number), 4);
}

}  // namespace zimg::key
