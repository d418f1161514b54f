#include "cache/lmdb/lmdb_error.hpp"

#include <lmdb.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdint>

namespace zimg::cache {
namespace {

constexpr std::uint64_t kRoomOfACommit = std::uint64_t{1} << 20;  // bytes; few need less

// LMDB calls a write of which the disk took only a part an EIO.
bool is_disk_full(const std::string& folder) {
  struct statvfs status {};
  return ::statvfs(folder.c_str(), &status) == 0 && std::uint64_t{status.f_bavail} * status.f_frsize < kRoomOfACommit;
}

}  // namespace

const char* LmdbFailure::what() const noexcept {
  return mdb_strerror(code_);
}

bool tells_no_room(int code) noexcept {
  return code == MDB_MAP_FULL || code == MDB_TXN_FULL;
}

bool tells_damage(int code) noexcept {
  if (tells_no_room(code)) return false;
  switch (code) {
    case MDB_READERS_FULL:
    case MDB_MAP_RESIZED:
      return false;
    default:
      return code < 0;  // the system's codes, such as ENOMEM, are above 0
  }
}

Error to_error(const LmdbFailure& failure, const std::string& folder) {
  const std::string start = std::string("cannot ") + failure.action() + " in the store '" + folder + "': ";
  const int code = failure.code() == EIO && is_disk_full(folder) ? ENOSPC : failure.code();
  switch (code) {
    case ENOMEM:
      return Error(ErrorCode::kOutOfMemory, start + "memory would not do");
    case ENOSPC:
    case EDQUOT:
      return Error(ErrorCode::kCache, start + "the disk is full");
    case EACCES:
    case EPERM:
    case EROFS:
      return Error(ErrorCode::kCache, start + "its files may not be written");
    case EAGAIN:  // LMDB knows processes by their numbers
      return Error(ErrorCode::kCache,
                   start +
                       "a process with the same number as this one, perhaps in another container, "
                       "has it open; those that share a store need one namespace of process numbers");
    case MDB_INVALID:
      return Error(ErrorCode::kCache, start + "data.mdb is not an LMDB file; remove the folder to begin anew");
    case MDB_VERSION_MISMATCH:
      return Error(ErrorCode::kCache,
                   start + "data.mdb or lock.mdb was written by another generation of LMDB than 0.9");
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_NOTFOUND:
    case MDB_INCOMPATIBLE:
      return Error(ErrorCode::kCache, start +
                                          "data.mdb is damaged; 'zimg cache verify --rebuild' saves what can be read, "
                                          "else remove the folder to begin anew");
    case MDB_PANIC:
      return Error(ErrorCode::kCache, start + "an earlier write failed half-way; it serves again once it is reopened");
    default:
      return Error(ErrorCode::kCache, start + failure.what());
  }
}

}  // namespace zimg::cache
