#include "crash/cache/planted_bug.hpp"

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>

#include "cache/checksum.hpp"

namespace zimg_crash {

bool has_planted_bug(std::string_view name) noexcept {
  static const char* const planted = std::getenv("ZIMG_PLANTED_BUG");
  return planted != nullptr && name == planted;
}

}  // namespace zimg_crash

using zimg_crash::has_planted_bug;

namespace {

// The function that this program's stands before.
template <class Function>
Function* next(const char* name) noexcept {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

constexpr unsigned kNoLock = 0x400000;  // MDB_NOLOCK

}  // namespace

// LMDB's, as far as bugs are planted in them.

extern "C" __attribute__((visibility("default"))) int mdb_reader_check(void* env, int* dead) {
  if (has_planted_bug("keep-dead-readers")) return *dead = 0;
  static auto* const real = next<int(void*, int*)>("mdb_reader_check");
  return real(env, dead);
}

extern "C" __attribute__((visibility("default"))) int mdb_env_open(void* env, const char* path, unsigned flags,
                                                                   unsigned mode) {
  static auto* const real = next<int(void*, const char*, unsigned, unsigned)>("mdb_env_open");
  return real(env, path, has_planted_bug("no-locks") ? flags | kNoLock : flags, mode);
}

extern "C" __attribute__((visibility("default"))) void mdb_cursor_close(void* cursor) {
  static auto* const real = next<void(void*)>("mdb_cursor_close");
  if (!has_planted_bug("leak-cursors")) real(cursor);
}

extern "C" __attribute__((visibility("default"))) int flock(int fd, int operation) noexcept {
  static auto* const real = next<int(int, int)>("flock");
  return has_planted_bug("no-locks") ? 0 : real(fd, operation);
}

// The checksums of payload and header, which the linker sends here (--wrap).

extern "C" {
void __real__ZN4zimg5cache8Checksum6updateEPKvm(zimg::cache::Checksum* sum, const void* data, std::size_t size);
void __wrap__ZN4zimg5cache8Checksum6updateEPKvm(zimg::cache::Checksum* sum, const void* data, std::size_t size);
std::uint64_t __real__ZN4zimg5cache8checksumEPKvm(const void* data, std::size_t size);
std::uint64_t __wrap__ZN4zimg5cache8checksumEPKvm(const void* data, std::size_t size);
}

void __wrap__ZN4zimg5cache8Checksum6updateEPKvm(zimg::cache::Checksum* sum, const void* data, std::size_t size) {
  __real__ZN4zimg5cache8Checksum6updateEPKvm(sum, data, has_planted_bug("blind-checksum") ? 0 : size);
}

std::uint64_t __wrap__ZN4zimg5cache8checksumEPKvm(const void* data, std::size_t size) {
  return __real__ZN4zimg5cache8checksumEPKvm(data, has_planted_bug("blind-checksum") ? 0 : size);
}
