#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "base/system_error.hpp"
#include "cache/bundle_format.hpp"
#include "cache/entry_codec.hpp"
#include "zimg/bundle.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

using cache::BundleFrame;
using cache::HeaderState;

constexpr std::uint64_t kImportBatchBytes = std::uint64_t{32} << 20;  // of payloads, stored together

// A regular file read from its beginning to its end.
class BundleFile {
 public:
  explicit BundleFile(const std::string& path) : path_(path) {
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not make us wait
    if (fd_ < 0) {
      throw base::system_error(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot open", path, errno);
    }
    struct stat status {};
    if (::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) {
      ::close(fd_);
      throw Error(ErrorCode::kInvalidArgument, "'" + path + "' is not a regular file; a bundle is expected");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~BundleFile() { ::close(fd_); }
  BundleFile(const BundleFile&) = delete;
  BundleFile& operator=(const BundleFile&) = delete;

  std::uint64_t size() const { return size_; }
  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return size_ - at_; }

  // False when fewer than `size` octets are left.
  bool read(std::uint8_t* out, std::size_t size) {
    while (size > 0) {
      const ssize_t got = ::read(fd_, out, size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw base::system_error(ErrorCode::kIo, "cannot read", path_, errno);
      if (got == 0) return false;
      out += got;
      size -= static_cast<std::size_t>(got);
      at_ += static_cast<std::uint64_t>(got);
    }
    return true;
  }

 private:
  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
};

class Importer {
 public:
  Importer(ICache& cache, const std::string& path, const ImportOptions& options)
      : cache_(cache), path_(path), options_(options), file_(path), now_ms_(cache::unix_now_ms()) {
    report_.file_bytes = file_.size();
  }

  ImportReport run() {
    check_start();
    while (read_entry()) {
      if (batch_bytes_ >= kImportBatchBytes) store_batch();
    }
    store_batch();
    return report_;
  }

 private:
  struct InBatch {
    std::uint64_t number;
    std::uint64_t bytes;
  };

  void check_start() {
    cache::BundleStart start{};
    const bool is_read = file_.read(start.data(), start.size());
    const auto version = is_read ? cache::decode_bundle_start(start) : std::nullopt;
    if (!version) throw Error(ErrorCode::kInvalidArgument, "'" + path_ + "' is not a bundle that zimg exported");
    if (*version > cache::kBundleVersion) {
      throw Error(ErrorCode::kUnsupported, "'" + path_ + "' is a bundle of version " + std::to_string(*version) +
                                               ", made by a newer zimg; version " +
                                               std::to_string(cache::kBundleVersion) + " is expected");
    }
  }

  void refuse(std::uint64_t number, const std::string& key, const std::string& reason) {
    ++report_.refused;
    if (options_.on_refused) options_.on_refused({number, key, reason});
  }

  // False at the end of what can be read.
  bool read_entry() {
    cache::BundleFrameOctets octets;
    if (!file_.read(octets.data(), octets.size())) return false;
    const auto frame = cache::decode_bundle_frame(octets);
    if (!frame) return false;
    if (frame->kind == BundleFrame::Kind::kEnd) {
      report_.is_whole = frame->number == report_.entries && file_.left() == 0;
      return false;
    }
    const std::uint64_t number = ++report_.entries;
    if (frame->number > cache::kLargestBundledPayload || frame->header_bytes + frame->number > file_.left()) {
      refuse(number, "",
             frame->number > cache::kLargestBundledPayload
                 ? "it claims a payload of " + std::to_string(frame->number) + " bytes, more than a bundle may hold"
                 : "the bundle ends in the middle of it");
      return false;
    }
    Bytes header(frame->header_bytes);
    auto payload = std::make_shared<Bytes>(static_cast<std::size_t>(frame->number));
    if (!file_.read(header.data(), header.size()) || !file_.read(payload->data(), payload->size())) {
      refuse(number, "", "the bundle ends in the middle of it");
      return false;
    }
    take(number, header, std::move(payload));
    return true;
  }

  void take(std::uint64_t number, const Bytes& header, SharedBytes payload) {
    const auto key = cache::decode_key(header.data(), header.size());
    cache::EntryHeader fields;
    const HeaderState state =
        key ? cache::decode_header(header.data(), header.size(), *key, fields) : HeaderState::kDamaged;
    const auto reason = fault(state, fields, *payload);
    if (reason) return refuse(number, key ? key->hex() : "", *reason);
    CacheEntry entry{std::move(fields.info), std::move(payload)};
    try {
      cache::check_limits(entry);
    } catch (const Error& error) {
      return refuse(number, key->hex(), error.what());
    }
    batch_bytes_ += entry.payload->size();
    numbers_.push_back({number, entry.payload->size()});
    batch_.push_back({*key, std::move(entry)});
  }

  std::optional<std::string> fault(HeaderState state, const cache::EntryHeader& fields, const Bytes& payload) const {
    if (state == HeaderState::kNewer) return "it was written by a newer zimg";
    if (state == HeaderState::kDamaged) return "its header is damaged";
    if (fields.seal) return "it is encrypted, which no entry of a bundle is";
    if (fields.payload_bytes != payload.size()) return "its header and its place in the bundle name different sizes";
    if (base::sha256(payload.data(), payload.size()) != fields.info.payload_sha256) {
      return "its payload is not the one its digest names";
    }
    if (cache::is_expired(fields.info, now_ms_)) return "it has expired";
    return std::nullopt;
  }

  static const char* words(StoreOutcome outcome) {
    switch (outcome) {
      case StoreOutcome::kTooLarge:
        return "it is larger than the cache would ever hold";
      case StoreOutcome::kOverQuota:
        return "it is more than its namespace may take";
      default:
        return "the cache has no room for it";
    }
  }

  void store_batch() {
    const std::vector<StoreOutcome> outcomes = cache_.store_all(batch_);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i] == StoreOutcome::kStored) {
        ++report_.stored;
        report_.payload_bytes += numbers_[i].bytes;
      } else {
        refuse(numbers_[i].number, batch_[i].key.hex(), words(outcomes[i]));
      }
    }
    batch_.clear();
    numbers_.clear();
    batch_bytes_ = 0;
    report_.read_bytes = file_.at();
    if (options_.on_progress && !options_.on_progress(report_)) {
      throw Error(ErrorCode::kCancelled, "the import of '" + path_ + "' was stopped; what was stored by then stays");
    }
  }

  ICache& cache_;
  const std::string path_;
  const ImportOptions& options_;
  BundleFile file_;
  const std::int64_t now_ms_;
  ImportReport report_;
  std::vector<KeyedEntry> batch_;
  std::vector<InBatch> numbers_;  // of batch_'s entries
  std::uint64_t batch_bytes_ = 0;
};

}  // namespace

ImportReport import_bundle(ICache& cache, const std::string& path, const ImportOptions& options) {
  return Importer(cache, path, options).run();
}

}  // namespace v0
}  // namespace zimg
