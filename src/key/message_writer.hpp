// A MessageWriter makes the octets that a key is the digest of: a magic, a schema number, then fields that each say
// their tag, type and length, so that no two lists of fields give the same octets. docs/key-format.md is the reference.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "zimg/bytes.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::key {

enum class FieldType : std::uint8_t { kOctets = 1, kText = 2, kNumber = 3, kFloat = 4, kFloats = 5, kFlag = 6 };

// Fields come in ascending tag order. Errors: kInternal when they do not, for text that is not UTF-8 and for floats
// that are not finite; canonical requests hold none of these.
class MessageWriter {
 public:
  MessageWriter(std::string_view magic, std::uint16_t schema);

  void octets(std::uint16_t tag, const std::uint8_t* data, std::size_t size);
  void text(std::uint16_t tag, std::string_view text);
  void number(std::uint16_t tag, std::uint32_t number);
  void real(std::uint16_t tag, float number);  // -0 is written as 0
  void reals(std::uint16_t tag, const std::vector<float>& numbers);
  void flag(std::uint16_t tag, bool is_set);

  const Bytes& message() const { return message_; }
  // SHA-256 of the message; HMAC-SHA-256 under `secret` where that is not null.
  CacheKey digest(const Bytes* secret = nullptr) const;

 private:
  void begin(std::uint16_t tag, FieldType type, std::size_t size);
  void put(std::uint64_t value, int octets);
  void put_real(float number);

  Bytes message_;
  std::uint16_t last_tag_ = 0;
};

}  // namespace zimg::key
