#include "cache/policy/usage_recorder.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "cache/checksum.hpp"
#include "cache/lock_descriptor.hpp"

namespace zimg::cache {
namespace {

constexpr std::size_t kPendingLimit = 512;
constexpr std::size_t kFileLimit = 1u << 20;  // bytes; what encode() gives is a tenth of it
constexpr std::chrono::seconds kStaleAfter{1};
constexpr int kLastTries = 20;  // a millisecond apart: others have the file for a fraction of one

UsageEvent event_of(UsageKind kind, const CacheKey& key) noexcept {
  UsageEvent event;
  event.kind = kind;
  event.hash = UsageRecorder::hash_of(key);
  return event;
}

void set_name(UsageEvent& event, const std::string& name) noexcept {
  event.name_size = static_cast<std::uint8_t>(std::min(name.size(), event.name_space.size()));
  std::copy_n(name.begin(), event.name_size, event.name_space.begin());
}

UsageEvent event_of(UsageKind kind, const CacheKey& key, const EntryInfo& info, std::uint64_t bytes) noexcept {
  UsageEvent event = event_of(kind, key);
  set_name(event, info.name_space);
  event.bytes = bytes;
  event.draw_ms = info.draw_ms;
  return event;
}

// The file, locked until the end of the scope; is_open() is false when it cannot be had now.
class LockedFile {
 public:
  LockedFile(const std::string& path, int folder, int tries) : fd_(path, folder) {
    while (fd_.get() >= 0 && !is_locked_) {
      is_locked_ = ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0;
      if (is_locked_ || --tries <= 0 || errno != EWOULDBLOCK) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  ~LockedFile() {
    // Said aloud: a child that is being forked still has its copy of the descriptor.
    if (is_locked_) ::flock(fd_.get(), LOCK_UN);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  bool is_open() const noexcept { return is_locked_; }
  Bytes read() const {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0 || status.st_size <= 0) return {};
    Bytes octets(std::min(static_cast<std::size_t>(status.st_size), kFileLimit));
    const ssize_t count = ::pread(fd_.get(), octets.data(), octets.size(), 0);
    octets.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return octets;
  }
  // A torn write is found by the checksum.
  void write(const Bytes& octets) const {
    const ssize_t count = ::pwrite(fd_.get(), octets.data(), octets.size(), 0);
    if (count < 0 || ::ftruncate(fd_.get(), count) != 0) return;
  }

 private:
  LockDescriptor fd_;
  bool is_locked_ = false;
};

}  // namespace

UsageRecorder::UsageRecorder(std::string path, std::uint64_t room_bytes, int folder)
    : path_(std::move(path)), room_bytes_(room_bytes), folder_(folder), owner_(::getpid()) {
  pending_.reserve(kPendingLimit);
}

UsageRecorder::~UsageRecorder() {
  if (::getpid() == owner_) flush();
}

void UsageRecorder::close() noexcept {
  flush();
  const std::lock_guard lock(mutex_);
  path_.clear();
}

// One that was made and not written yet is empty.
bool UsageRecorder::is_recorded(const std::string& path) {
  const LockedFile file(path, AT_FDCWD, kLastTries);
  if (!file.is_open()) return false;
  const Bytes octets = file.read();
  return octets.empty() || Usage::decode(octets).has_value();
}

void UsageRecorder::flush() noexcept {
  const std::lock_guard lock(mutex_);
  if (path_.empty() || pending_.empty()) return;
  try {
    exchange(kLastTries);            // there may be no next time
  } catch (const std::exception&) {  // out of memory: what was noted is forgotten
  }
}

std::uint64_t UsageRecorder::hash_of(const CacheKey& key) noexcept {
  return checksum(key.digest().data(), key.digest().size());
}

void UsageRecorder::hit(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) noexcept {
  note(event_of(UsageKind::kHit, key, info, payload_bytes));
}
void UsageRecorder::miss(const CacheKey& key) noexcept {
  note(event_of(UsageKind::kMiss, key));
}
void UsageRecorder::touch(const CacheKey& key) noexcept {
  note(event_of(UsageKind::kTouch, key));
}
void UsageRecorder::stored(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) noexcept {
  note(event_of(UsageKind::kStore, key, info, payload_bytes));
}
void UsageRecorder::evicted(const std::string& name_space) noexcept {
  UsageEvent event;
  event.kind = UsageKind::kEviction;
  set_name(event, name_space);
  note(event);
}
void UsageRecorder::rejected() noexcept {
  UsageEvent event;
  event.kind = UsageKind::kRejection;
  note(event);
}
void UsageRecorder::expired() noexcept {
  UsageEvent event;
  event.kind = UsageKind::kExpiry;
  note(event);
}
void UsageRecorder::damaged() noexcept {
  UsageEvent event;
  event.kind = UsageKind::kDamage;
  note(event);
}

void UsageRecorder::copy_to(CacheStats& stats) {
  const std::lock_guard lock(mutex_);
  exchange();
  usage_.copy_to(stats, room_bytes_);
}

void UsageRecorder::copy_to(std::vector<NamespaceStats>& parts) {
  const std::lock_guard lock(mutex_);
  exchange();
  usage_.copy_to(parts);
}

FrequencySketch UsageRecorder::frequencies(std::uint64_t entries) {
  const std::lock_guard lock(mutex_);
  entries_ = entries;
  usage_.set_entries(entries);
  if (path_.empty() || Clock::now() - exchanged_at_ > kStaleAfter) {
    exchange();
  } else {
    apply_pending();
  }
  return usage_.frequencies();
}

void UsageRecorder::note(const UsageEvent& event) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    pending_.push_back(event);
    if (pending_.size() < kPendingLimit) return;
    exchange();
  } catch (const std::exception&) {  // out of memory: what was noted is forgotten
  }
  if (pending_.size() >= kPendingLimit) forget_pending();
}

void UsageRecorder::apply_pending() {
  for (; applied_ < pending_.size(); ++applied_) usage_.apply(pending_[applied_], room_bytes_);
}

void UsageRecorder::forget_pending() noexcept {
  pending_.clear();
  applied_ = 0;
}

void UsageRecorder::exchange(int tries) {
  if (path_.empty() || ::getpid() != owner_) {
    apply_pending();
    return forget_pending();
  }
  const LockedFile file(path_, folder_, tries);
  if (!file.is_open()) return apply_pending();  // they wait for the next time, as long as there is room for more
  if (auto shared = Usage::decode(file.read())) {
    usage_ = std::move(*shared);
    if (entries_) usage_.set_entries(*entries_);  // the file does not say it
    applied_ = 0;
  }
  apply_pending();
  file.write(usage_.encode());
  forget_pending();
  exchanged_at_ = Clock::now();
}

}  // namespace zimg::cache
