// What the tests of one LMDB cache share: opening it, and what an error of it says.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace lmdb_fixture {

inline constexpr std::uint64_t kMiB = 1u << 20;

inline std::shared_ptr<zimg::ICache> open(const std::string& path, std::uint64_t capacity_bytes = 0) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = capacity_bytes;
  return zimg::open_lmdb_cache(options);
}

// The sentence that `body` fails with; a failed check when it does not, or with another code.
template <class Body>
std::string failure(zimg::ErrorCode code, Body&& body) {
  try {
    body();
  } catch (const zimg::Error& error) {
    BOOST_TEST((error.code() == code), error.what());
    return error.what();
  }
  BOOST_TEST(false, "nothing was thrown");
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  BOOST_TEST_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace lmdb_fixture
