#include "cache/lmdb/sole_use.hpp"

#include <chrono>
#include <string>

#include "base/scope_exit.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {

using std::chrono::milliseconds;

SoleUse::SoleUse(const StoreFolder& folder, const char* purpose)
    : refusal_("the store '" + folder.path() + "' cannot be " + purpose + ": "), users_(folder.file("users.lock")) {
  FileLock opening(folder.file("open.lock"));
  if (!opening.acquire(FileLock::Mode::kExclusive, milliseconds{2000})) {
    throw Error(ErrorCode::kCache, refusal_ + "another process keeps it locked while it opens it");
  }
  // Once this is held, open.lock may go: whoever opens the store now is told at once that it is taken.
  if (!users_.acquire(FileLock::Mode::kExclusive, milliseconds{0})) {
    throw Error(ErrorCode::kCache, refusal_ +
                                       "it is in use by another process or by a cache of this one; it needs the "
                                       "store for itself");
  }
  check();
}

void SoleUse::check() const {
  if (users_.is_removed()) throw Error(ErrorCode::kCache, refusal_ + "its lock files were removed meanwhile");
}

}  // namespace zimg::cache
