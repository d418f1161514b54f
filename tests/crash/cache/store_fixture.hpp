// What the crash tests share: pictures whose octets tell which store() wrote them, children that are killed, counts.
#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>

#include "zimg/cache.hpp"

namespace zimg_crash {

// How much longer everything takes than in an ordinary build.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowdown = 5;
#else
inline constexpr int kSlowdown = 1;
#endif

// A number out of the environment, for longer runs than the ordinary one, which a slow build shortens.
inline int runs(const char* variable, int ordinary) {
  const char* text = std::getenv(variable);
  const int number = text != nullptr ? std::atoi(text) : 0;
  return number > 0 ? number : ordinary / kSlowdown;
}

// Stores lie in memory where that can be had, so that killing them is what takes the time: what the kernel keeps for a
// process that died is the same there. TMPDIR moves them elsewhere.
inline const bool is_in_memory = [] {
  return std::getenv("TMPDIR") == nullptr && ::access("/dev/shm", W_OK) == 0 && ::setenv("TMPDIR", "/dev/shm", 0) == 0;
}();

inline zimg::CacheKey key_of(std::uint32_t slot) {
  zimg::CacheKey::Digest digest{};
  digest.fill(static_cast<std::uint8_t>(slot * 37 + 11));
  for (unsigned i = 0; i < 4; ++i) digest[i] = static_cast<std::uint8_t>(slot * 0x9e3779b9u >> (8 * i));
  return zimg::CacheKey(digest);
}

// The picture that version `version` of slot `slot` is: its size and every octet follow from the two numbers.
inline zimg::Bytes picture(std::uint32_t slot, std::uint64_t version, std::size_t largest) {
  std::uint64_t state = (version + 1) * 0x9e3779b97f4a7c15u ^ (std::uint64_t{slot} << 40);
  const auto next = [&state] {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  };
  zimg::Bytes bytes(16 + next() % largest);
  for (std::size_t i = 16; i < bytes.size(); i += 8) {
    const std::uint64_t octets = next();
    std::memcpy(bytes.data() + i, &octets, std::min<std::size_t>(8, bytes.size() - i));
  }
  std::memcpy(bytes.data(), &version, 8);
  std::memcpy(bytes.data() + 8, &slot, 4);
  return bytes;
}

// The version that `bytes` claim to be; nullopt unless they are that picture to the last octet.
inline std::optional<std::uint64_t> version_of(const zimg::Bytes& bytes, std::uint32_t slot, std::size_t largest) {
  if (bytes.size() < 16) return std::nullopt;
  std::uint64_t version = 0;
  std::memcpy(&version, bytes.data(), 8);
  if (bytes != picture(slot, version, largest)) return std::nullopt;
  return version;
}

inline zimg::CacheEntry entry_of(zimg::Bytes payload) {
  zimg::CacheEntry entry;
  entry.info.name_space = "default";
  entry.info.model = "crash";
  entry.payload = std::make_shared<const zimg::Bytes>(std::move(payload));
  return entry;
}

inline std::shared_ptr<zimg::ICache> open_store(const std::string& path, std::uint64_t capacity_bytes) {
  zimg::LmdbOptions options;
  options.path = path;
  options.capacity_bytes = capacity_bytes;
  options.lock_timeout_ms = 20000;  // these tests look for loss, not for haste
  return zimg::open_lmdb_cache(options);
}

// A value that this process shares with the children it makes.
template <class Value>
class Shared {
 public:
  Shared() {
    void* memory = ::mmap(nullptr, sizeof(Value), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    value_ = new (memory) Value;
  }
  ~Shared() { ::munmap(value_, sizeof(Value)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Value* operator->() const { return value_; }

 private:
  Value* value_ = nullptr;
};

// Runs `body` in a child, whose exit status it returns. An exception there is status 99.
inline pid_t start_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  // The test framework would turn a death into a failed check and go on.
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) ::signal(number, SIG_DFL);
  ::prctl(PR_SET_DUMPABLE, 0);  // a core file of each would take longer than all tests
  int status = 99;
  try {
    status = body();
  } catch (const std::exception& error) {
    ::dprintf(2, "child: %s\n", error.what());
  }
  ::_exit(status);
}

inline int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
  }
  return status;
}

}  // namespace zimg_crash
