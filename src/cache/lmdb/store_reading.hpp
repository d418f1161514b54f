// Reading a whole store that may be damaged: a child process does it, since LMDB may abort on damage, and where that
// child dies another one goes on behind the place.
//
// One thread at a time.
#pragma once

#include <lmdb.h>

#include <cstdint>
#include <functional>
#include <string>

#include "cache/lmdb/key_walk.hpp"
#include "cache/lmdb/picture_tables.hpp"
#include "cache/lmdb/reporting_child.hpp"

namespace zimg::cache {

// What a child's message tells. All but the last two bring the entry's key and header.
enum ReportedKind : std::uint8_t {
  kSoundEntry,       // by its checksum; with its payload
  kUnreadableEntry,  // encrypted or of a newer zimg; with its payload as it lies there
  kLostEntry,        // damaged
  kExpiredEntry,
  kStumble,  // something could not be read
  kOpened,   // the first message of each child: `number` is how many entries the store counts
};

// In the child: reports every entry behind `walk`. The process may die in here. Throws LmdbFailure where the system
// fails, which damage does not.
void report_entries(MDB_env* env, const PictureTables& tables, std::uint64_t capacity_bytes, std::int64_t now_ms,
                    KeyWalk walk, ReportingChild::Sender& sender);

// Opens the store `path` in the child and calls report_entries().
using ReadInChild = std::function<void(const KeyWalk& walk, ReportingChild::Sender& sender)>;

// Has `read` done by children, one after another where they die, and hands what they report to `take`, which returns
// false to stop; stumbles are kept from it. The answer is in how many places something could not be read. Errors:
// kCache where already opening the store kills the child, or somebody else does; what `read` throws, as an Error.
std::uint64_t read_in_children(const std::string& path, const ReadInChild& read,
                               const std::function<bool(ChildMessage&&)>& take);

}  // namespace zimg::cache
