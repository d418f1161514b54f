// Changes one octet of the header under which a store on disk keeps an entry, as damage or a newer zimg might.
#pragma once

#include <lmdb.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/transaction.hpp"
#include "zimg/cache.hpp"

namespace lmdb_fixture {

inline std::shared_ptr<zimg::cache::Environment> shared_environment(const std::string& path) {
  zimg::LmdbOptions options;
  options.path = path;
  return zimg::cache::share_environment(options);
}

// The store at `path` is open in this process or is opened for it.
inline void change_header(const std::string& path, const zimg::CacheKey& key, std::size_t place, std::uint8_t octet) {
  const auto environment = shared_environment(path);
  const auto turn = environment->begin_writing(std::chrono::milliseconds(1000));
  zimg::cache::Transaction writing(environment->handle(), 0);
  const auto raw = environment->tables().header(writing.get(), key);
  BOOST_REQUIRE(raw.has_value());
  zimg::Bytes header(raw->begin(), raw->end());
  header[place] = octet;
  zimg::CacheKey::Digest digest = key.digest();
  MDB_val name{digest.size(), digest.data()};
  MDB_val value{header.size(), header.data()};
  MDB_dbi entries = 0;
  BOOST_REQUIRE(mdb_dbi_open(writing.get(), "entries", 0, &entries) == 0);
  BOOST_REQUIRE(mdb_put(writing.get(), entries, &name, &value, 0) == 0);
  writing.commit();
}

}  // namespace lmdb_fixture
