// SoleUse has a store for itself until it goes: no other process and no cache of this one has it open, and none can
// open it meanwhile.
#pragma once

#include <string>

#include "cache/lmdb/file_lock.hpp"
#include "cache/lmdb/store_folder.hpp"

namespace zimg::cache {

class SoleUse {
 public:
  // `purpose` ends the sentence of a refusal: "rebuilt". Errors: kCache when somebody has the store open.
  SoleUse(const StoreFolder& folder, const char* purpose);

  // Before what others must not see half done. Errors: kCache when the lock file was removed meanwhile: somebody may
  // have opened the store with another one.
  void check() const;

 private:
  const std::string refusal_;  // its beginning
  FileLock users_;
};

}  // namespace zimg::cache
