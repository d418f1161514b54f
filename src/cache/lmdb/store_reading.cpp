#include "cache/lmdb/store_reading.hpp"

#include <utility>

#include "cache/entry_codec.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/transaction.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr int kMostDeaths = 200;  // of children, before the rest is given up

void expect_damage(const LmdbFailure& failure) {
  if (!tells_damage(failure.code())) throw failure;
}

// The octets of an entry, or what is wrong with it.
ChildMessage read_entry(const PictureTables& tables, MDB_txn* txn, const CacheKey& key, Bytes&& raw,
                        std::uint64_t capacity_bytes, std::int64_t now_ms) {
  ChildMessage message;
  message.key = key;
  message.kind = kLostEntry;
  message.header = std::move(raw);
  const Bytes& octets = message.header;
  EntryHeader header;
  const HeaderState state = decode_header(octets.data(), octets.size(), key, header);
  if (state == HeaderState::kDamaged) return message;
  if (state == HeaderState::kSound && is_expired(header.info, now_ms)) {
    message.kind = kExpiredEntry;
    return message;
  }
  try {
    if (state == HeaderState::kNewer) {
      const auto prefix = decode_prefix(octets.data(), octets.size());
      message.payload = tables.whole_payload(txn, prefix->id);
      message.kind = kUnreadableEntry;
    } else if (tables.read_payload(txn, header, capacity_bytes, message.payload)) {
      message.kind = header.seal ? kUnreadableEntry : kSoundEntry;
    }
  } catch (const LmdbFailure& failure) {  // one of its pages cannot be read
    expect_damage(failure);
  }
  if (message.kind == kLostEntry) message.payload.clear();
  return message;
}

std::vector<PictureTables::Listed> next_batch(MDB_env* env, const PictureTables& tables, const KeyWalk& walk) {
  const Transaction reading(env, MDB_RDONLY);
  return tables.list(reading.get(), walk.after(), walk.batch());
}

// A transaction of its own for each entry: none keeps pages from being used again while the parent takes its time.
void report_one(MDB_env* env, const PictureTables& tables, const CacheKey& key, std::uint64_t capacity_bytes,
                std::int64_t now_ms, ReportingChild::Sender& sender) {
  ChildMessage message;
  {
    const Transaction reading(env, MDB_RDONLY);
    const auto found = tables.committed_header(reading.get(), key);
    if (!found) return;  // erased since it was listed
    message = read_entry(tables, reading.get(), key, Bytes(found->begin(), found->end()), capacity_bytes, now_ms);
  }
  sender.send(message);
}

void send_opened(MDB_env* env, const PictureTables& tables, ReportingChild::Sender& sender) {
  ChildMessage opened;
  opened.kind = kOpened;
  const Transaction reading(env, MDB_RDONLY);
  opened.number = tables.entry_count(reading.get());
  sender.send(opened);
}

}  // namespace

void report_entries(MDB_env* env, const PictureTables& tables, std::uint64_t capacity_bytes, std::int64_t now_ms,
                    KeyWalk walk, ReportingChild::Sender& sender) {
  send_opened(env, tables, sender);
  for (;;) {
    try {
      const auto batch = next_batch(env, tables, walk);
      if (batch.empty()) return;
      for (const auto& listed : batch) {
        report_one(env, tables, listed.key, capacity_bytes, now_ms, sender);
        walk.pass(listed.key);
      }
    } catch (const LmdbFailure& failure) {
      expect_damage(failure);
      ChildMessage stumbled;
      stumbled.kind = kStumble;
      sender.send(stumbled);
      if (!walk.stumble()) return;
    }
  }
}

std::uint64_t read_in_children(const std::string& path, const ReadInChild& read,
                               const std::function<bool(ChildMessage&&)>& take) {
  KeyWalk walk;
  bool is_opened = false;
  int deaths = 0;
  for (;;) {
    ReportingChild child(path, [&](ReportingChild::Sender& sender) { read(walk, sender); });
    while (auto message = child.receive()) {
      if (message->kind == kStumble) {
        walk.stumble();
        continue;
      }
      if (message->kind == kOpened) {
        is_opened = true;
      } else {
        walk.pass(message->key);
      }
      if (!take(std::move(*message))) return walk.skipped();
    }
    if (!child.has_died()) return walk.skipped();
    const std::string death = child.expect_death_by_damage();
    if (!is_opened) {
      throw Error(ErrorCode::kCache, "the store '" + path +
                                         "' is damaged so badly that opening it ended the process "
                                         "that read it (" +
                                         death +
                                         "); nothing of it can be read, remove the folder to "
                                         "begin anew");
    }
    if (++deaths == kMostDeaths || !walk.stumble()) return walk.skipped();
  }
}

}  // namespace zimg::cache
