#include "checkpoint/model_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <map>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "checkpoint/digest_store.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
// Within one tick of a coarse clock a file can change twice and look the same.
constexpr std::int64_t kSettledAfterNs = 2 * kNanosecondsPerSecond;

std::int64_t nanoseconds(const struct timespec& time) {
  return time.tv_sec * kNanosecondsPerSecond + time.tv_nsec;
}

FileStamp stamp_from(const struct stat& status) {
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

bool is_settled(const FileStamp& stamp) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  return std::max(stamp.mtime_ns, stamp.ctime_ns) + kSettledAfterNs <= now_ns;
}

// Hashes one file and tells how it goes.
base::Sha256Digest hash_file(const std::string& path, const std::function<void(std::uint64_t)>& advance) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw base::system_error(ErrorCode::kIo, "cannot open", path, errno);
  const base::ScopeExit close_file([fd] { ::close(fd); });
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  std::vector<char> buffer(std::size_t{1} << 20);
  base::Sha256 hash;
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw base::system_error(ErrorCode::kIo, "cannot read", path, errno);
    if (got == 0) return hash.finish();
    hash.update(buffer.data(), static_cast<std::size_t>(got));
    advance(static_cast<std::uint64_t>(got));
  }
}

void update_framed(base::Sha256& hash, const std::string& text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  const std::array<std::uint8_t, 4> frame{static_cast<std::uint8_t>(length >> 24),
                                          static_cast<std::uint8_t>(length >> 16),
                                          static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  hash.update(frame.data(), frame.size());
  hash.update(text.data(), text.size());
}

}  // namespace

FileStamp stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw base::system_error(ErrorCode::kIo, "cannot look at", path, errno);
  return stamp_from(status);
}

ModelIdentity identify(const std::vector<RoleFile>& files, const std::string& digest_store,
                       const HashingProgress& progress) {
  const DigestStore store(digest_store);
  ModelIdentity identity;
  std::map<std::string, base::Sha256Digest> digests;  // an all-in-one file has several roles and is read once
  std::map<std::string, std::uint64_t> unknown;       // bytes to hash
  for (const auto& file : files) {
    identity.stamps.push_back(stamp_of(file.path));
    if (digests.count(file.path) != 0) continue;
    if (const auto digest = store.find(identity.stamps.back())) {
      digests.emplace(file.path, *digest);
    } else {
      unknown.emplace(file.path, identity.stamps.back().size);
    }
  }

  std::uint64_t total = 0;
  for (const auto& [path, size] : unknown) total += size;
  std::uint64_t done = 0;
  const auto advance = [&](std::uint64_t bytes) {
    done += bytes;
    if (progress) progress(done, total);
  };
  base::Sha256 hash;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& path = files[i].path;
    if (digests.count(path) == 0) {
      const bool was_settled = is_settled(identity.stamps[i]);  // before hashing, which may take longer than 2 s
      const auto digest = digests.emplace(path, hash_file(path, advance)).first->second;
      if (stamp_of(path) != identity.stamps[i]) {
        throw Error(ErrorCode::kIo, "'" + path + "' changed while it was hashed");
      }
      if (was_settled) store.remember(identity.stamps[i], digest);
    }
    update_framed(hash, files[i].role);
    hash.update(digests.at(path).data(), digests.at(path).size());
  }
  identity.digest = hash.finish();
  return identity;
}

bool is_unchanged(const ModelIdentity& identity, const std::vector<RoleFile>& files) {
  if (identity.stamps.size() != files.size()) return false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      if (stamp_of(files[i].path) != identity.stamps[i]) return false;
    } catch (const Error&) {
      return false;
    }
  }
  return true;
}

}  // namespace zimg::checkpoint
