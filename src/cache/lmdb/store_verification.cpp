#include "cache/lmdb/store_verification.hpp"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "cache/entry_codec.hpp"
#include "cache/lmdb/environment.hpp"
#include "cache/lmdb/environment_registry.hpp"
#include "cache/lmdb/held_folder.hpp"
#include "cache/lmdb/lmdb_cache.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/reporting_child.hpp"
#include "cache/lmdb/store_reading.hpp"
#include "cache/lmdb/transaction.hpp"
#include "zimg/error.hpp"
#include "zimg/store_maintenance.hpp"

namespace zimg::cache {
namespace {

constexpr std::size_t kMostPending = 1024;             // damaged entries that wait to be erased
constexpr std::chrono::milliseconds kPatience{10000};  // with others who write

enum EraserKind : std::uint8_t { kErasedEntry, kSpoiltEntry };

// In a child: the store, opened anew, with the locks of every other user.
std::shared_ptr<Environment> open_in_child(const std::string& path) {
  LmdbOptions options;
  options.path = path;
  options.allow_network_filesystem = true;  // whoever opened it has decided that
  return share_environment(options);
}

// In the child: erases the entry, unless it was replaced since it was read; false where its surroundings are damaged.
bool erase_one(Environment& environment, const ChildMessage& damaged) {
  const auto turn = environment.begin_writing(kPatience);
  try {
    Transaction writing(environment.handle(), 0);
    const auto found = environment.tables().header(writing.get(), damaged.key);
    if (!found || !std::equal(found->begin(), found->end(), damaged.header.begin(), damaged.header.end())) return true;
    environment.tables().erase(writing.get(), damaged.key);
    writing.commit();
    return true;
  } catch (const LmdbFailure& failure) {
    if (!tells_damage(failure.code())) throw;
    return false;
  }
}

class Verification {
 public:
  Verification(const std::string& path, const VerificationMeans& means,
               const std::function<bool(const VerifyReport&)>& on_progress)
      : path_(path), means_(means), on_progress_(on_progress) {}
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;

  VerifyReport run() {
    const auto read = [this](const KeyWalk& walk, ReportingChild::Sender& sender) {
      const auto environment = open_in_child(path_);
      report_entries(environment->handle(), environment->tables(), environment->capacity_bytes(), means_.now_ms, walk,
                     sender);
    };
    const std::uint64_t skipped =
        read_in_children(path_, read, [this](ChildMessage&& message) { return take(std::move(message)); });
    erase_pending();
    report_.tree_damages += skipped;
    return report_;
  }

 private:
  bool take(ChildMessage&& message) {
    if (message.kind == kOpened) {
      report_.total = message.number;
      return true;
    }
    if (message.kind != kExpiredEntry) count(std::move(message));
    return !on_progress_ || on_progress_(report_);
  }

  void count(ChildMessage&& message) {
    ++report_.entries;
    const std::uint64_t payload_bytes = message.payload.size();
    switch (judge(message)) {
      case kSoundEntry:
        report_.payload_bytes += payload_bytes;
        break;
      case kUnreadableEntry:
        ++report_.unreadable;
        break;
      default:
        ++report_.damaged;
        means_.usage.damaged();
        message.payload = {};
        pending_.push_back(std::move(message));
        if (pending_.size() == kMostPending) erase_pending();
    }
  }

  // Decrypts where a secret was given, and compares the digest.
  ReportedKind judge(ChildMessage& message) const {
    if (message.kind == kLostEntry) return kLostEntry;
    EntryHeader header;
    const HeaderState state = decode_header(message.header.data(), message.header.size(), message.key, header);
    if (state != HeaderState::kSound) return kUnreadableEntry;
    const bool has_secret = means_.seals.seals(header.info.name_space);
    if (has_secret != header.seal.has_value()) return kUnreadableEntry;
    if (has_secret && !means_.seals.open(message.key, header, message.payload)) return kUnreadableEntry;
    const auto digest = base::sha256(message.payload.data(), message.payload.size());
    return digest == header.info.payload_sha256 ? kSoundEntry : kLostEntry;
  }

  // An entry whose erasing kills the child stays where it is; it fails its check whenever it is read.
  void erase_pending() {
    while (!pending_.empty()) {
      ReportingChild child(path_, [this](ReportingChild::Sender& sender) { erase_all(sender); });
      std::size_t done = 0;
      while (const auto message = child.receive()) {
        report_.tree_damages += message->kind == kSpoiltEntry ? 1 : 0;
        ++done;
      }
      if (child.has_died()) {
        child.expect_death_by_damage();
        ++report_.tree_damages;
        ++done;
      }
      pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(std::min(done, pending_.size())));
    }
  }

  // In the child.
  void erase_all(ReportingChild::Sender& sender) const {
    const auto environment = open_in_child(path_);
    for (const ChildMessage& damaged : pending_) {
      ChildMessage done;
      done.key = damaged.key;
      done.kind = erase_one(*environment, damaged) ? kErasedEntry : kSpoiltEntry;
      sender.send(done);
    }
  }

  const std::string& path_;
  const VerificationMeans means_;
  const std::function<bool(const VerifyReport&)>& on_progress_;
  VerifyReport report_;
  std::vector<ChildMessage> pending_;  // damaged, without their payloads
};

}  // namespace

VerifyReport verify_store(const std::string& path, const VerificationMeans& means,
                          const std::function<bool(const VerifyReport&)>& on_progress) {
  return Verification(path, means, on_progress).run();
}

}  // namespace zimg::cache

namespace zimg {
inline namespace v0 {

VerifyReport verify_lmdb_store(const LmdbOptions& options,
                               const std::function<bool(const VerifyReport&)>& on_progress) {
  const LmdbOptions checked = cache::checked_options(options);
  const cache::StoreFolder folder(checked.path);
  const auto held = cache::HeldFolder::open_if_exists(checked.path);  // what comes to its place gets none of its counts
  const std::uint64_t capacity_bytes = folder.expect_store();
  if (!checked.allow_network_filesystem) folder.refuse_network_filesystem();
  const cache::EntrySeals seals(checked.namespace_secrets);
  cache::UsageRecorder usage(held ? "usage" : "", cache::payload_room(capacity_bytes),
                             held ? held->descriptor() : AT_FDCWD);
  return cache::verify_store(checked.path, {seals, cache::now_ms(checked.policy), usage}, on_progress);
}

}  // namespace v0
}  // namespace zimg
