// Records of LMDB's tables, read and written within a transaction, and what LMDB calls a key or a value.
//
// Views point into the map or the transaction and end with it. Errors: LmdbFailure.
#pragma once

#include <lmdb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "cache/lmdb/lmdb_error.hpp"

namespace zimg::cache {

using View = std::span<const std::uint8_t>;

// LMDB takes a pointer to non-const for keys and values that it only reads.
inline MDB_val val(const void* data, std::size_t size) {
  return MDB_val{size, const_cast<void*>(data)};
}
template <std::size_t kSize>
MDB_val val(const std::array<std::uint8_t, kSize>& octets) {
  return val(octets.data(), octets.size());
}
inline MDB_val val(std::string_view text) {
  return val(text.data(), text.size());
}

inline View view(const MDB_val& value) {
  return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

class Cursor {
 public:
  Cursor(MDB_txn* txn, MDB_dbi table) { check(mdb_cursor_open(txn, table, &cursor_), "read"); }
  ~Cursor() { mdb_cursor_close(cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // False when there is no such place.
  bool move(MDB_val& key, MDB_val& value, MDB_cursor_op operation) {
    const int code = mdb_cursor_get(cursor_, &key, &value, operation);
    if (code == MDB_NOTFOUND) return false;
    check(code, "read");
    return true;
  }
  // To the last key, whose value is not read: what lies there may be damaged.
  bool move_to_last(MDB_val& key) {
    const int code = mdb_cursor_get(cursor_, &key, nullptr, MDB_LAST);
    if (code == MDB_NOTFOUND) return false;
    check(code, "read");
    return true;
  }
  // As move_to_last(), to `key`.
  bool move_to(MDB_val key) {
    const int code = mdb_cursor_get(cursor_, &key, nullptr, MDB_SET);
    if (code == MDB_NOTFOUND) return false;
    check(code, "read");
    return true;
  }
  void put(MDB_val key, MDB_val value) { check(mdb_cursor_put(cursor_, &key, &value, 0), "write an entry"); }
  void erase() { check(mdb_cursor_del(cursor_, 0), "erase an entry"); }

 private:
  MDB_cursor* cursor_ = nullptr;
};

inline std::optional<View> get(MDB_txn* txn, MDB_dbi table, MDB_val key) {
  MDB_val value;
  const int code = mdb_get(txn, table, &key, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code, "read");
  return view(value);
}

// By a cursor of our own, closed before its transaction ends: mdb_put() and mdb_del() hang one on their stack into the
// transaction, and where an assertion throws through them, aborting that would free it.
inline void put_record(MDB_txn* txn, MDB_dbi table, MDB_val key, MDB_val value) {
  Cursor(txn, table).put(key, value);
}

inline bool erase_record(MDB_txn* txn, MDB_dbi table, MDB_val key) {
  Cursor cursor(txn, table);
  const bool is_there = cursor.move_to(key);
  if (is_there) cursor.erase();
  return is_there;
}

inline MDB_stat statistics(MDB_txn* txn, MDB_dbi table) {
  MDB_stat stat;
  check(mdb_stat(txn, table, &stat), "read");
  return stat;
}

}  // namespace zimg::cache
