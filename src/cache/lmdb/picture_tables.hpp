// The tables of a store and what may be done to them inside a transaction. docs/store-format.md is the reference.
//
//   entries  cache key              -> header of the entry
//   chunks   id, number of chunk    -> a piece of the payload
//   order    id                     -> cache key; ids grow, so the first is the oldest
//   facts    name                   -> schema, sums of payload sizes
//
// Every function throws LmdbFailure. What a view points to dies with its transaction.
#pragma once

#include <lmdb.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cache/entry_codec.hpp"
#include "cache/lmdb/committed_tree.hpp"
#include "zimg/bytes.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

// 16 pages of 4096 less LMDB's own 16 bytes: runs of free pages of one length are found again and do not fragment.
inline constexpr std::size_t kChunkBytes = 65520;

class PictureTables {
 public:
  using View = std::span<const std::uint8_t>;

  // Creates the tables in a write transaction; they still have to be opened.
  void create(MDB_txn* txn);
  // Opens the tables in a read transaction. Throws Error kCache when the store is newer.
  void open(MDB_txn* txn);

  // As far as it lies in its page, where damage has it go on. The first as the last commit left it, for transactions
  // that have written nothing.
  std::optional<View> committed_header(MDB_txn* txn, const CacheKey& key) const;
  std::optional<View> header(MDB_txn* txn, const CacheKey& key) const;
  // nullopt unless the chunk is there and has exactly `expected_bytes`.
  std::optional<View> chunk(MDB_txn* txn, std::uint64_t id, std::uint32_t number, std::size_t expected_bytes) const;

  // Copies a payload out of its chunks and checks it in the same pass; false where it is damaged or larger than
  // `limit_bytes`.
  bool read_payload(MDB_txn* txn, const EntryHeader& header, std::uint64_t limit_bytes, Bytes& payload) const;
  // What lies under an id, unchecked.
  Bytes whole_payload(MDB_txn* txn, std::uint64_t id) const;

  // Writes a header of any schema as it is, and its payload under the id it names; false where that id is taken.
  bool put_as_is(MDB_txn* txn, const CacheKey& key, const Bytes& header, const Bytes& payload) const;

  // These three throw, and change no entry, where a page of entries is damaged that they would have LMDB change.
  // Writes `payload` under a fresh id, replacing what was under `key`, which must not be of the same transaction.
  void put(MDB_txn* txn, const CacheKey& key, EntryHeader header, const Bytes& payload) const;
  bool erase(MDB_txn* txn, const CacheKey& key) const;

  // Writes another header under the id of the entry that is there: its payload stays.
  void put_header(MDB_txn* txn, const CacheKey& key, const EntryHeader& header) const;

  struct Ordered {
    std::uint64_t id;
    CacheKey key;
  };
  // The oldest entry whose id is at least `from`.
  std::optional<Ordered> next_by_age(MDB_txn* txn, std::uint64_t from) const;
  // 0 where there is none.
  std::uint64_t newest_id(MDB_txn* txn) const;
  // Erases what lies under an id whose entry is damaged or names another id.
  void erase_left_behind(MDB_txn* txn, const Ordered& place) const;

  struct Listed {
    CacheKey key;
    Bytes header;
  };
  // Up to `limit` entries in key order after `last`, or from the first, as the last commit left them. Throws where a
  // key is not above the one before.
  std::vector<Listed> list(MDB_txn* txn, const std::optional<CacheKey>& last, std::size_t limit) const;

  std::uint64_t entry_count(MDB_txn* txn) const;
  std::uint64_t payload_bytes(MDB_txn* txn) const;
  // Bytes of payload of one namespace, in a write transaction: where they are not known, all entries are walked
  // through.
  std::uint64_t taken_by(MDB_txn* txn, const std::string& name_space) const;
  std::size_t page_bytes() const noexcept { return map_.page_bytes; }
  // Pages that hold data or LMDB's own records, free ones not counted; costs no more than a few additions.
  std::uint64_t pages_in_use(MDB_txn* txn) const;
  // Pages that an entry of this size will take, at most.
  static std::uint64_t pages_for(std::uint64_t payload_bytes, std::uint64_t page_bytes);

 private:
  CommittedTree committed_entries(MDB_txn* txn) const;
  std::optional<CommittedTree::Node> committed_node(MDB_txn* txn, const CacheKey& key) const;
  void erase_header(MDB_txn* txn, const CacheKey& key) const;
  void change_taken(MDB_txn* txn, const std::string& name_space, std::uint64_t added, std::uint64_t removed) const;
  void count_namespaces(MDB_txn* txn) const;
  void drop_counts(MDB_txn* txn) const;
  std::uint64_t fresh_id(MDB_txn* txn) const;
  bool is_of_another(MDB_txn* txn, std::uint64_t id, const CacheKey& key) const;
  void put_chunks(MDB_txn* txn, std::uint64_t id, const Bytes& payload) const;
  void erase_payload(MDB_txn* txn, std::uint64_t id) const;  // its chunks, its place in the order, its share of the sum
  std::uint64_t erase_chunks(MDB_txn* txn, std::uint64_t id) const;
  bool has_sound_pages(const View& chunk) const;
  void set_payload_bytes(MDB_txn* txn, std::uint64_t bytes) const;

  void open_tables(MDB_txn* txn, unsigned flags);

  MDB_dbi entries_ = 0;
  MDB_dbi chunks_ = 0;
  MDB_dbi order_ = 0;
  MDB_dbi facts_ = 0;
  CommittedTree::Map map_;
};

}  // namespace zimg::cache
