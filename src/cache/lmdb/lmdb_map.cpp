#include "cache/lmdb/lmdb_map.hpp"

#include "base/scope_exit.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/meta_pages.hpp"

namespace zimg::cache {
namespace {

constexpr unsigned kMaxTables = 16;     // few are in use; later schemas may add some
constexpr unsigned kMaxReaders = 1024;  // slots of all processes together

// LMDB asserts where damage made a page of its tree impossible, and would then print and abort. The exception unwinds
// through its C frames, which hold no lock that aborting the transaction does not free; where LMDB was built without
// unwind tables the process ends as it would have.
void on_assertion(MDB_env*, const char*) {
  throw LmdbFailure(MDB_CORRUPTED, "read");
}

}  // namespace

MDB_env* open_map(const std::string& folder, std::uint64_t capacity_bytes, unsigned flags) {
  check_meta_pages(folder, capacity_bytes);
  MDB_env* env = nullptr;
  check(mdb_env_create(&env), "make room for the map");
  base::ScopeExit close_failed([env] { mdb_env_close(env); });
  check(mdb_env_set_assert(env, on_assertion), "watch over the map");
  check(mdb_env_set_mapsize(env, capacity_bytes), "set the size of the map");
  check(mdb_env_set_maxdbs(env, kMaxTables), "set the number of tables");
  check(mdb_env_set_maxreaders(env, kMaxReaders), "set the number of readers");
  check(mdb_env_open(env, folder.c_str(), MDB_NOTLS | flags, 0600), "open data.mdb");
  close_failed.dismiss();
  return env;
}

}  // namespace zimg::cache
