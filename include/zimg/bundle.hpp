// A bundle is one file that holds entries of a cache, to carry them to another machine or to keep them. It is the same
// to the octet for the same entries, wherever and whenever it is written. docs/bundle-format.md is its reference.
//
// Thread-safe. An export holds one entry in memory at a time. An import holds entries of up to 32 MiB together and one
// more; an entry of a bundle may have up to 1 GiB.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "zimg/cache.hpp"
#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

struct ExportReport {
  std::uint64_t entries = 0;        // written
  std::uint64_t payload_bytes = 0;  // of them
  std::uint64_t left_out = 0;       // of those asked for: damaged, expired or gone by the time they were read
};

// Writes the entries for which `filter` returns true (empty: all) to the file `path`, in key order. The file appears
// when it is whole, with mode 0600; one that was there is replaced then, or what a symbolic link that was there leads
// to. `on_progress` may be empty; it is called after each entry and returns false to stop, which is kCancelled. Errors:
// kInvalidArgument when `path` is empty, kIo naming it (also where something other than a file is there), both before
// an entry is read; kCancelled, those of the cache.
ZIMG_API ExportReport export_bundle(ICache& cache, const std::string& path, const EntryVisitor& filter = {},
                                    const std::function<bool(const ExportReport&)>& on_progress = {});

// An entry of a bundle that was not imported.
struct RefusedEntry {
  std::uint64_t number = 0;  // its place in the bundle, from 1
  std::string key;           // 64 hexadecimal digits; empty where it could not be read
  std::string reason;        // a sentence's end: "its payload is not the one its digest names"
};

struct ImportReport {
  std::uint64_t entries = 0;        // seen in the bundle
  std::uint64_t stored = 0;         // and committed
  std::uint64_t payload_bytes = 0;  // of those stored
  std::uint64_t refused = 0;        // entries = stored + refused
  std::uint64_t read_bytes = 0;     // of the file so far
  std::uint64_t file_bytes = 0;
  // The end of the bundle was reached and it holds as many entries as it says. False: it was cut or damaged between two
  // entries, and what lies behind could not be looked at.
  bool is_whole = false;
};

struct ImportOptions {
  std::function<void(const RefusedEntry&)> on_refused;
  // Called now and then; returns false to stop, which is kCancelled. What was stored by then stays.
  std::function<bool(const ImportReport&)> on_progress;
};

// Stores every entry of the bundle `path` whose header and SHA-256 are right, replacing what is there under its key;
// those that have expired are refused too. Errors: kNotFound, kIo, kInvalidArgument (not a bundle), kUnsupported (of a
// newer zimg), kCancelled, those of the cache. A damaged entry is no error: the report says so.
ZIMG_API ImportReport import_bundle(ICache& cache, const std::string& path, const ImportOptions& options = {});

}  // namespace v0
}  // namespace zimg
