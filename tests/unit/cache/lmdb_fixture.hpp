// What the tests of one LMDB cache share: opening it, and looking for words in what it says.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "zimg/cache.hpp"

namespace lmdb_fixture {

inline constexpr std::uint64_t kMiB = 1u << 20;

inline std::shared_ptr<zimg::ICache> open(const std::string& path, std::uint64_t capacity_bytes = 0) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = capacity_bytes;
  return zimg::open_lmdb_cache(options);
}

inline bool contains(const std::string& text, const std::string& part) {
  BOOST_TEST_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace lmdb_fixture
