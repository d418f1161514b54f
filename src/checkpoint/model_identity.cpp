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

// A file that has one stamp from its opening to the last look at it: another may take its name for a moment.
class StampedFile {
 public:
  StampedFile(const std::string& path, const FileStamp& stamp) : path_(path), stamp_(stamp) {
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd_ < 0) throw base::system_error(ErrorCode::kIo, "cannot open", path, errno);
  }
  ~StampedFile() { ::close(fd_); }
  StampedFile(const StampedFile&) = delete;
  StampedFile& operator=(const StampedFile&) = delete;

  // Up to so many octets at that place; none at the end.
  std::size_t read(void* octets, std::size_t size, std::uint64_t at) const {
    for (;;) {
      const ssize_t got = ::pread(fd_, octets, size, static_cast<off_t>(at));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw base::system_error(ErrorCode::kIo, "cannot read", path_, errno);
    }
  }
  void read_ahead() const { ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL); }
  // Errors: kIo where what is open does not have the stamp, or the path names another file by now.
  void expect_unchanged() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) throw base::system_error(ErrorCode::kIo, "cannot look at", path_, errno);
    if (stamp_from(status) != stamp_ || stamp_of(path_) != stamp_) {
      throw Error(ErrorCode::kIo, "'" + path_ + "' changed while it was hashed");
    }
  }

 private:
  const std::string& path_;
  const FileStamp& stamp_;
  int fd_ = -1;
};

// Hashes one file and tells how it goes.
base::Sha256Digest hash_file(const std::string& path, const FileStamp& stamp,
                             const std::function<void(std::uint64_t)>& advance) {
  const StampedFile file(path, stamp);
  file.read_ahead();
  std::vector<char> buffer(std::size_t{1} << 20);
  base::Sha256 hash;
  std::uint64_t at = 0;
  while (const std::size_t got = file.read(buffer.data(), buffer.size(), at)) {
    hash.update(buffer.data(), got);
    at += got;
    advance(got);
  }
  file.expect_unchanged();
  return hash.finish();
}

// Of the file's beginning, and of some places evenly over the rest up to its end.
base::Sha256Digest sample_of(const std::string& path, const FileStamp& stamp) {
  constexpr std::size_t kBeginning = 16384;
  constexpr std::size_t kPlace = 4096;
  constexpr std::uint64_t kPlaces = 16;
  const StampedFile file(path, stamp);
  std::array<char, kBeginning> buffer;
  base::Sha256 hash;
  hash.update(buffer.data(), file.read(buffer.data(), kBeginning, 0));
  const std::uint64_t rest = stamp.size - std::min<std::uint64_t>(stamp.size, kBeginning + kPlace);
  for (std::uint64_t i = 1; i <= kPlaces; ++i) {
    hash.update(buffer.data(), file.read(buffer.data(), kPlace, kBeginning + rest * i / kPlaces));
  }
  file.expect_unchanged();
  return hash.finish();
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
  std::map<std::string, base::Sha256Digest> unknown;  // samples of the files to hash
  std::uint64_t total = 0;
  for (const auto& file : files) {
    identity.stamps.push_back(stamp_of(file.path));
    if (digests.count(file.path) + unknown.count(file.path) != 0) continue;
    const auto sample = store.is_kept() ? sample_of(file.path, identity.stamps.back()) : base::Sha256Digest{};
    if (const auto digest = store.find(identity.stamps.back(), sample)) {
      digests.emplace(file.path, *digest);
    } else {
      unknown.emplace(file.path, sample);
      total += identity.stamps.back().size;
    }
  }

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
      const auto digest = digests.emplace(path, hash_file(path, identity.stamps[i], advance)).first->second;
      if (was_settled) store.remember(identity.stamps[i], unknown.at(path), digest);
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
