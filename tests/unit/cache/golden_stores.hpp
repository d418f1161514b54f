// The stores in tests/data/stores: what this version wrote into them, so that later versions can be held to it.
// make_golden_stores writes them; golden_store_test.cpp reads copies. What is written here is never changed: a later
// format gets stores of its own beside these.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "zimg/cache.hpp"

namespace golden {

inline constexpr std::uint64_t kCapacity = 8u << 20;                  // bytes
inline constexpr std::int64_t kMadeAtMs = 1'767'225'600'000;          // 2026-01-01
inline constexpr std::int64_t kLongAfterMs = kMadeAtMs + 86'400'000;  // a day
inline constexpr std::int64_t kFarOffMs = 4'102'444'800'000;          // 2100-01-01

struct GoldenEntry {
  std::uint64_t number;  // of key and payload
  zimg::CacheEntry entry;
};

inline zimg::CacheKey golden_key(std::uint64_t number) {
  zimg::CacheKey::Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(number * 151 + i * 7);
  return zimg::CacheKey(digest);
}

inline zimg::SharedBytes golden_payload(std::uint64_t number, std::size_t size) {
  zimg::Bytes payload(size);
  std::uint64_t state = number * 0x9e3779b97f4a7c15u + 1;
  for (std::uint8_t& octet : payload) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    octet = static_cast<std::uint8_t>(state >> 56);
  }
  return std::make_shared<const zimg::Bytes>(std::move(payload));
}

inline GoldenEntry golden_entry(std::uint64_t number, std::size_t size, const std::string& name_space) {
  GoldenEntry golden{number, {}};
  golden.entry.payload = golden_payload(number, size);
  zimg::EntryInfo& info = golden.entry.info;
  info.seed = static_cast<std::uint32_t>(0xfffffff0u + number);
  info.format = number % 3 == 0 ? zimg::ImageFormat::kJpeg : zimg::ImageFormat::kPng;
  info.width = static_cast<std::uint32_t>(64 * number);
  info.height = 2048;
  info.steps = static_cast<std::uint32_t>(number);
  info.guidance = 0.25 * static_cast<double>(number);
  info.draw_ms = 1000.5;
  info.name_space = name_space;
  info.model = number % 2 == 0 ? "Z-Image-Turbo" : "造相";
  info.tag = number % 4 == 0 ? "festival" : "";
  info.is_pinned = number % 5 == 0;
  return golden;
}

// Around the places where a payload is cut, and one that has expired since.
inline std::vector<GoldenEntry> plain_entries() {
  std::vector<GoldenEntry> entries;
  std::uint64_t number = 1;
  for (const std::size_t size : {0u, 1u, 100u, 2037u, 2038u, 4096u, 20000u, 65519u, 65520u, 65521u}) {
    entries.push_back(golden_entry(number++, size, "default"));
  }
  entries[6].entry.info.expires_at_ms = kFarOffMs;
  entries[7].entry.info.expires_at_ms = kMadeAtMs + 60'000;
  return entries;
}
inline constexpr std::uint64_t kExpiredNumber = 8;  // of plain_entries()

// The namespace `mine` is encrypted, `user:anna` has a quota that its last pictures brought it to.
inline const char* const kSecret = "the secret of a golden store";
inline constexpr std::uint64_t kAnnasLimit = 10000;  // bytes
inline std::vector<GoldenEntry> ruled_entries() {
  std::vector<GoldenEntry> entries;
  for (std::uint64_t i = 1; i <= 4; ++i) entries.push_back(golden_entry(i, 3000 * i, "mine"));
  for (std::uint64_t i = 11; i <= 16; ++i) entries.push_back(golden_entry(i, 3000, "user:anna"));
  for (std::uint64_t i = 21; i <= 23; ++i) entries.push_back(golden_entry(i, 500, "default"));
  return entries;
}

inline zimg::LmdbOptions plain_options(const std::string& path, std::int64_t now_ms) {
  zimg::LmdbOptions options;
  options.path = path;
  options.policy.now_ms = [now_ms] { return now_ms; };
  return options;
}

inline zimg::LmdbOptions ruled_options(const std::string& path, std::int64_t now_ms) {
  zimg::LmdbOptions options = plain_options(path, now_ms);
  const std::string secret = kSecret;
  options.namespace_secrets["mine"] = zimg::Bytes(secret.begin(), secret.end());
  options.policy.namespaces = {{"user:anna", kAnnasLimit, 0, 0}, {"mine", 0, 1u << 20, 0}};
  return options;
}

}  // namespace golden
