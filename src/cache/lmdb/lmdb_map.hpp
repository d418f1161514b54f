// Opens data.mdb of a folder as zimg uses it: the tables it may hold, the size of its map, and an exception where LMDB
// would abort.
#pragma once

#include <lmdb.h>

#include <cstdint>
#include <string>

namespace zimg::cache {

// The handle, to be given to mdb_env_close(). `flags` are LMDB's, beside MDB_NOTLS. Throws LmdbFailure.
MDB_env* open_map(const std::string& folder, std::uint64_t capacity_bytes, unsigned flags);

}  // namespace zimg::cache
