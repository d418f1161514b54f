#include "cache/lmdb/picture_tables.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/page_format.hpp"
#include "cache/lmdb/records.hpp"
#include "cache/lmdb/store_folder.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr MDB_dbi kFreeTable = 0;  // LMDB's own two tables
constexpr MDB_dbi kMainTable = 1;

constexpr std::string_view kEntriesTable = "entries";
constexpr std::string_view kSchemaFact = "schema";
constexpr std::string_view kPayloadFact = "payload_bytes";
// Set where the bytes of each namespace are counted, in facts named by the prefix below and its name.
constexpr std::string_view kNamespacesFact = "namespaces";
constexpr std::string_view kNamespacePrefix = "namespace/";

using IdKey = std::array<std::uint8_t, 8>;
using ChunkKey = std::array<std::uint8_t, 12>;

IdKey id_key(std::uint64_t id) {
  IdKey key;
  put_big_endian(key.data(), id);
  return key;
}

ChunkKey chunk_key(std::uint64_t id, std::uint32_t number) {
  ChunkKey key;
  put_big_endian(key.data(), id);
  put_big_endian(key.data() + 8, number);
  return key;
}

std::optional<CacheKey> as_cache_key(View octets) {
  if (octets.size() != CacheKey::kSize) return std::nullopt;
  CacheKey::Digest digest;
  std::copy_n(octets.begin(), digest.size(), digest.begin());
  return CacheKey(digest);
}

// The id that the last key of a table begins with; 0 where there is none.
template <class Key>
std::uint64_t last_id(MDB_txn* txn, MDB_dbi table) {
  Cursor cursor(txn, table);
  MDB_val key;
  if (!cursor.move_to_last(key)) return 0;
  if (key.mv_size != std::tuple_size_v<Key>) throw LmdbFailure(MDB_CORRUPTED, "read the last id of a table");
  return get_big_endian<std::uint64_t>(static_cast<const std::uint8_t*>(key.mv_data));
}

}  // namespace

void PictureTables::open_tables(MDB_txn* txn, unsigned flags) {
  check(mdb_dbi_open(txn, kEntriesTable.data(), flags, &entries_), "open the table of entries");
  check(mdb_dbi_open(txn, "chunks", flags, &chunks_), "open the table of chunks");
  check(mdb_dbi_open(txn, "order", flags, &order_), "open the table of ages");
  check(mdb_dbi_open(txn, "facts", flags, &facts_), "open the table of facts");
}

void PictureTables::create(MDB_txn* txn) {
  open_tables(txn, MDB_CREATE);
  std::array<std::uint8_t, 4> schema;
  put_big_endian(schema.data(), kStoreSchema);
  put_record(txn, facts_, val(kSchemaFact), val(schema));
  set_payload_bytes(txn, 0);
}

void PictureTables::open(MDB_txn* txn) {
  open_tables(txn, 0);
  const auto found = get(txn, facts_, val(kSchemaFact));
  if (!found || found->size() != 4) throw LmdbFailure(MDB_CORRUPTED, "read the schema");
  const auto number = get_big_endian<std::uint32_t>(found->data());
  if (number != kStoreSchema) {
    throw Error(ErrorCode::kCache, "data.mdb has schema " + std::to_string(number) + "; schema " +
                                       std::to_string(kStoreSchema) + " is expected");
  }
  // LMDB does not tell where its map lies; the page that this record is on knows its own number.
  const std::size_t page_bytes = statistics(txn, facts_).ms_psize;
  const std::uint8_t* page = found->data() - reinterpret_cast<std::uintptr_t>(found->data()) % page_bytes;
  const std::uint64_t page_number = read_as<PageHeader>(page).number;
  MDB_envinfo info;
  check(mdb_env_info(mdb_txn_env(txn), &info), "look at the map");
  if (page_number > info.me_last_pgno) throw LmdbFailure(MDB_CORRUPTED, "look at the map");
  map_ = {page - page_number * page_bytes, page_bytes, info.me_mapsize / page_bytes};
}

CommittedTree PictureTables::committed_entries(MDB_txn* txn) const {
  const auto found = get(txn, kMainTable, val(kEntriesTable));
  if (!found || found->size() != sizeof(Tree)) throw LmdbFailure(MDB_CORRUPTED, "read");
  return {map_, read_as<Tree>(found->data()).root};
}

std::optional<CommittedTree::Node> PictureTables::committed_node(MDB_txn* txn, const CacheKey& key) const {
  CommittedTree tree = committed_entries(txn);
  tree.seek(key.digest());
  if (tree.is_at_end() || !std::ranges::equal(tree.node().key, key.digest())) return std::nullopt;
  return tree.node();
}

std::optional<PictureTables::View> PictureTables::committed_header(MDB_txn* txn, const CacheKey& key) const {
  const auto node = committed_node(txn, key);
  return node ? std::optional(node->value) : std::nullopt;
}

std::optional<PictureTables::View> PictureTables::header(MDB_txn* txn, const CacheKey& key) const {
  const auto node = committed_node(txn, key);
  if (node && !node->is_plain) return node->value;  // LMDB would follow where it points
  return get(txn, entries_, val(key.digest()));
}

std::optional<PictureTables::View> PictureTables::chunk(MDB_txn* txn, std::uint64_t id, std::uint32_t number,
                                                        std::size_t expected_bytes) const {
  const auto found = get(txn, chunks_, val(chunk_key(id, number)));
  if (!found || found->size() != expected_bytes) return std::nullopt;
  return found;
}

bool PictureTables::read_payload(MDB_txn* txn, const EntryHeader& header, std::uint64_t limit_bytes,
                                 Bytes& payload) const {
  if (header.payload_bytes > limit_bytes) return false;
  const std::size_t size = header.payload_bytes;
  payload.clear();
  payload.reserve(size);  // and append: nothing is filled with zeros first
  Checksum sum;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < size; at = payload.size(), ++number) {
    const auto found = chunk(txn, header.id, number, std::min(kChunkBytes, size - at));
    if (!found) return false;
    payload.insert(payload.end(), found->begin(), found->end());
    sum.update(payload.data() + at, found->size());
  }
  return sum.digest() == header.payload_checksum;
}

Bytes PictureTables::whole_payload(MDB_txn* txn, std::uint64_t id) const {
  Bytes payload;
  for (std::uint32_t number = 0;; ++number) {
    const auto found = get(txn, chunks_, val(chunk_key(id, number)));
    if (!found) return payload;
    payload.insert(payload.end(), found->begin(), found->end());
  }
}

bool PictureTables::put_as_is(MDB_txn* txn, const CacheKey& key, const Bytes& header, const Bytes& payload) const {
  const auto prefix = decode_prefix(header.data(), header.size());
  if (!prefix || get(txn, order_, val(id_key(prefix->id)))) return false;
  put_record(txn, entries_, val(key.digest()), val(header.data(), header.size()));
  put_record(txn, order_, val(id_key(prefix->id)), val(key.digest()));
  put_chunks(txn, prefix->id, payload);
  set_payload_bytes(txn, payload_bytes(txn) + payload.size());
  return true;
}

void PictureTables::put_chunks(MDB_txn* txn, std::uint64_t id, const Bytes& payload) const {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < payload.size(); at += kChunkBytes, ++number) {
    const std::size_t size = std::min(kChunkBytes, payload.size() - at);
    put_record(txn, chunks_, val(chunk_key(id, number)), val(payload.data() + at, size));
  }
}

void PictureTables::put(MDB_txn* txn, const CacheKey& key, EntryHeader header, const Bytes& payload) const {
  erase(txn, key);
  header.id = fresh_id(txn);
  put_header(txn, key, header);
  put_record(txn, order_, val(id_key(header.id)), val(key.digest()));
  put_chunks(txn, header.id, payload);
  set_payload_bytes(txn, payload_bytes(txn) + payload.size());
  change_taken(txn, header.info.name_space, payload.size(), 0);
}

void PictureTables::put_header(MDB_txn* txn, const CacheKey& key, const EntryHeader& header) const {
  committed_entries(txn).expect_changeable(key.digest());
  const Bytes encoded = encode_header(key, header);
  put_record(txn, entries_, val(key.digest()), val(encoded.data(), encoded.size()));
}

void PictureTables::erase_header(MDB_txn* txn, const CacheKey& key) const {
  committed_entries(txn).expect_erasable(key.digest());
  erase_record(txn, entries_, val(key.digest()));
}

bool PictureTables::erase(MDB_txn* txn, const CacheKey& key) const {
  const auto found = header(txn, key);
  if (!found) return false;
  // A header too damaged to name its chunks leaves them behind under their id, where eviction finds them.
  const auto prefix = decode_prefix(found->data(), found->size());
  EntryHeader sound;
  if (decode_header(found->data(), found->size(), key, sound) == HeaderState::kSound) {
    change_taken(txn, sound.info.name_space, 0, sound.payload_bytes);
  } else {
    drop_counts(txn);
  }
  if (prefix && !is_of_another(txn, prefix->id, key)) erase_payload(txn, prefix->id);
  erase_header(txn, key);
  return true;
}

// Whether the table of ages gives `id` to another key than `key`, whose header is damaged then and names that id
// wrongly. Its own chunks stay under their true id, where eviction finds them.
bool PictureTables::is_of_another(MDB_txn* txn, std::uint64_t id, const CacheKey& key) const {
  const auto owner = get(txn, order_, val(id_key(id)));
  return owner && !std::ranges::equal(*owner, key.digest());
}

void PictureTables::erase_left_behind(MDB_txn* txn, const Ordered& place) const {
  const auto found = header(txn, place.key);
  const auto prefix = found ? decode_prefix(found->data(), found->size()) : std::nullopt;
  if (prefix && prefix->id == place.id) {
    erase(txn, place.key);
    return;
  }
  if (found && !prefix) erase_header(txn, place.key);
  drop_counts(txn);
  erase_payload(txn, place.id);
}

void PictureTables::erase_payload(MDB_txn* txn, std::uint64_t id) const {
  const std::uint64_t freed = erase_chunks(txn, id);
  const std::uint64_t before = payload_bytes(txn);
  set_payload_bytes(txn, before - std::min(before, freed));
  erase_record(txn, order_, val(id_key(id)));
}

// Keys in a tree that is damaged may lead back, and a walk along them would not end.
std::vector<PictureTables::Listed> PictureTables::list(MDB_txn* txn, const std::optional<CacheKey>& last,
                                                       std::size_t limit) const {
  std::vector<Listed> listed;
  CommittedTree tree = committed_entries(txn);
  tree.seek(last ? View(last->digest()) : View());
  if (last && !tree.is_at_end() && as_cache_key(tree.node().key) == last) tree.next();
  std::optional<CacheKey> before = last;
  for (; !tree.is_at_end() && listed.size() < limit; tree.next()) {
    const CommittedTree::Node node = tree.node();
    const auto cache_key = as_cache_key(node.key);
    if (!cache_key) continue;
    if (before && !(*before < *cache_key)) throw LmdbFailure(MDB_CORRUPTED, "read");
    before = cache_key;
    const View header = node.value.first(std::min(node.value.size(), kHeaderLimit + 1));  // more is damage
    listed.push_back({*cache_key, Bytes(header.begin(), header.end())});
  }
  return listed;
}

std::uint64_t PictureTables::entry_count(MDB_txn* txn) const {
  return statistics(txn, entries_).ms_entries;
}

std::uint64_t PictureTables::payload_bytes(MDB_txn* txn) const {
  const auto found = get(txn, facts_, val(kPayloadFact));
  if (!found || found->size() != 8) throw LmdbFailure(MDB_CORRUPTED, "read the sum of sizes");
  return get_big_endian<std::uint64_t>(found->data());
}

void PictureTables::set_payload_bytes(MDB_txn* txn, std::uint64_t bytes) const {
  put_record(txn, facts_, val(kPayloadFact), val(id_key(bytes)));
}

std::uint64_t PictureTables::taken_by(MDB_txn* txn, const std::string& name_space) const {
  count_namespaces(txn);
  const auto found = get(txn, facts_, val(std::string(kNamespacePrefix) + name_space));
  return found && found->size() == 8 ? get_big_endian<std::uint64_t>(found->data()) : 0;
}

// Where nobody has asked yet there is nothing to change: count_namespaces() will see what is there then.
void PictureTables::change_taken(MDB_txn* txn, const std::string& name_space, std::uint64_t added,
                                 std::uint64_t removed) const {
  if (!get(txn, facts_, val(kNamespacesFact))) return;
  const std::string fact = std::string(kNamespacePrefix) + name_space;
  const std::uint64_t before = taken_by(txn, name_space);
  const std::uint64_t after = before - std::min(before, removed) + added;
  if (after == 0) {
    erase_record(txn, facts_, val(fact));
  } else {
    put_record(txn, facts_, val(fact), val(id_key(after)));
  }
}

// Stores whose namespaces nobody bounds lack these facts, and those of which something unreadable was erased.
void PictureTables::count_namespaces(MDB_txn* txn) const {
  if (get(txn, facts_, val(kNamespacesFact))) return;
  std::map<std::string, std::uint64_t> taken;
  CommittedTree tree = committed_entries(txn);
  for (tree.seek(); !tree.is_at_end(); tree.next()) {
    const auto cache_key = as_cache_key(tree.node().key);
    const auto raw = cache_key ? header(txn, *cache_key) : std::nullopt;  // what this transaction erased has gone
    EntryHeader header;
    if (!raw || decode_header(raw->data(), raw->size(), *cache_key, header) != HeaderState::kSound) continue;
    taken[header.info.name_space] += header.payload_bytes;
  }
  put_record(txn, facts_, val(kNamespacesFact), val(id_key(1)));
  for (const auto& [name, bytes] : taken) change_taken(txn, name, bytes, 0);
}

// Whose bytes went with an entry that cannot be read, nobody knows: they are counted anew when they are asked for.
void PictureTables::drop_counts(MDB_txn* txn) const {
  if (!erase_record(txn, facts_, val(kNamespacesFact))) return;
  Cursor cursor(txn, facts_);
  MDB_val value;
  for (;;) {  // seeks anew each time, as erase_chunks() does
    MDB_val key = val(kNamespacePrefix);
    if (!cursor.move(key, value, MDB_SET_RANGE)) return;
    const View name = view(key);
    if (!std::ranges::equal(name.first(std::min(name.size(), kNamespacePrefix.size())), kNamespacePrefix)) return;
    cursor.erase();
  }
}

std::uint64_t PictureTables::pages_in_use(MDB_txn* txn) const {
  std::uint64_t pages = 2;  // LMDB's meta pages
  for (const MDB_dbi table : {kFreeTable, kMainTable, entries_, chunks_, order_, facts_}) {
    const MDB_stat stat = statistics(txn, table);
    pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
  }
  return pages;
}

std::uint64_t PictureTables::pages_for(std::uint64_t payload_bytes, std::uint64_t page_bytes) {
  constexpr std::uint64_t kTreeAndCopies = 24;  // leaf and branch pages of four tables, written anew
  constexpr std::uint64_t kOverflowHeader = 16;
  const std::uint64_t chunks = payload_bytes / kChunkBytes + 1;
  return (payload_bytes + chunks * kOverflowHeader) / page_bytes + chunks + kTreeAndCopies;
}

std::optional<PictureTables::Ordered> PictureTables::next_by_age(MDB_txn* txn, std::uint64_t from) const {
  Cursor cursor(txn, order_);
  const IdKey start = id_key(from);
  MDB_val key = val(start);
  MDB_val value;
  if (!cursor.move(key, value, MDB_SET_RANGE)) return std::nullopt;
  const auto cache_key = as_cache_key(view(value));
  if (key.mv_size != 8 || !cache_key) throw LmdbFailure(MDB_CORRUPTED, "read the table of ages");
  const auto id = get_big_endian<std::uint64_t>(static_cast<const std::uint8_t*>(key.mv_data));
  if (id < from) throw LmdbFailure(MDB_CORRUPTED, "read the table of ages");
  return Ordered{id, *cache_key};
}

std::uint64_t PictureTables::newest_id(MDB_txn* txn) const {
  return last_id<IdKey>(txn, order_);
}

// Chunks with damaged pages outlive their place in the order. Writing under their id would have LMDB use those pages.
std::uint64_t PictureTables::fresh_id(MDB_txn* txn) const {
  return std::max(newest_id(txn), last_id<ChunkKey>(txn, chunks_)) + 1;
}

// Returns how many octets went. Each step seeks anew: where a cursor stands after an erasure differs between releases.
std::uint64_t PictureTables::erase_chunks(MDB_txn* txn, std::uint64_t id) const {
  std::uint64_t freed = 0;
  std::uint32_t from = 0;
  Cursor cursor(txn, chunks_);
  const IdKey wanted = id_key(id);
  for (;;) {
    const ChunkKey first = chunk_key(id, from);
    MDB_val key = val(first);
    MDB_val value;
    if (!cursor.move(key, value, MDB_SET_RANGE)) return freed;
    const View found = view(key);
    if (found.size() != first.size() || !std::equal(wanted.begin(), wanted.end(), found.begin())) return freed;
    if (has_sound_pages(view(value))) {
      freed += value.mv_size;
      cursor.erase();
    } else {
      const auto number = get_big_endian<std::uint32_t>(found.data() + wanted.size());
      if (number < from || number == std::numeric_limits<std::uint32_t>::max()) return freed;
      from = number + 1;
    }
  }
}

// LMDB frees the pages that the header of a value's first page names. Damage there would make it free pages of other
// pictures or of its own tree, so such a chunk is left where it is: a few pages lost until the store is made anew. For
// chunks that were committed: one written in this transaction is not in the map yet.
bool PictureTables::has_sound_pages(const View& chunk) const {
  constexpr std::size_t kNodeBytes = 8 + std::tuple_size_v<ChunkKey>;
  const std::size_t largest_node = (map_.page_bytes - kPageHeaderBytes) / 2 - 2;  // two keys to a page at least
  if (kNodeBytes + chunk.size() <= largest_node) return true;                     // lies inside a page of the tree
  if (reinterpret_cast<std::uintptr_t>(chunk.data()) % map_.page_bytes != kPageHeaderBytes) return false;
  const std::uint8_t* page = chunk.data() - kPageHeaderBytes;
  const PageHeader header = read_as<PageHeader>(page);
  return header.number == static_cast<std::uint64_t>(page - map_.pages) / map_.page_bytes &&
         header.flags == kOverflowPage &&
         header.count == (chunk.size() + kPageHeaderBytes + map_.page_bytes - 1) / map_.page_bytes;
}

}  // namespace zimg::cache
