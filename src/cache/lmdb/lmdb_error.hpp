// LMDB's codes as exceptions inside this folder, and as Errors at its edge.
#pragma once

#include <exception>
#include <string>

#include "zimg/error.hpp"

namespace zimg::cache {

// A call of LMDB that failed. Never leaves src/cache/lmdb.
class LmdbFailure final : public std::exception {
 public:
  LmdbFailure(int code, const char* action) noexcept : code_(code), action_(action) {}

  const char* what() const noexcept override;
  int code() const noexcept { return code_; }
  const char* action() const noexcept { return action_; }  // "write an entry"

 private:
  int code_;
  const char* action_;
};

// Throws LmdbFailure unless `code` is MDB_SUCCESS.
inline void check(int code, const char* action) {
  if (code != 0) throw LmdbFailure(code, action);
}

// Whether such a code says that there was no room for what was to be written: the map is full, or one transaction is.
bool tells_no_room(int code) noexcept;

// Runs `body`, which writes; false where the full map had no room for it, and then nothing was changed.
template <class Body>
bool unless_full(Body&& body) {
  try {
    body();
    return true;
  } catch (const LmdbFailure& failure) {
    if (!tells_no_room(failure.code())) throw;
    return false;
  }
}

// Whether such a code says that the store's own records are damaged, and not that there was no room, no turn or no
// memory.
bool tells_damage(int code) noexcept;

// The sentence for a person who knows the store by its folder.
Error to_error(const LmdbFailure& failure, const std::string& folder);

}  // namespace zimg::cache
