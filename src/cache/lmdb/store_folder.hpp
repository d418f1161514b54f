// The folder of a store, apart from what LMDB keeps in it: is it ours, how large is the store, may LMDB live there?
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace zimg::cache {

inline constexpr std::uint32_t kStoreSchema = 1;
inline constexpr std::uint64_t kMinCapacity = std::uint64_t{4} << 20;  // bytes
inline constexpr std::uint64_t kMaxCapacity = std::uint64_t{1} << 44;  // bytes: 16 TiB of address space is plenty

class StoreFolder {
 public:
  explicit StoreFolder(std::string path);

  const std::string& path() const noexcept { return path_; }
  std::string file(const char* name) const { return path_ + "/" + name; }

  // Creates the folder, 0700, with its parents. Errors: kCache.
  void create() const;

  // Throws Error kCache when the folder lies on a file system whose locks or maps do not hold across machines.
  void refuse_network_filesystem() const;

  // Throws Error kCache when the folder holds files but no store, finished or not. Nothing was touched then.
  void refuse_foreign() const;

  // The size in bytes that the marker file promises; nullopt when there is none, which is how an unfinished store
  // looks. Errors: kCache for a marker of a newer schema or one that cannot be understood.
  std::optional<std::uint64_t> read_marker() const;
  // The same of a store that must be there. Errors: kNotFound where it is not; as read_marker().
  std::uint64_t expect_store() const;
  // The same of a store that is to be rebuilt: where its marker is damaged, the length of the data file, which is as
  // long as the marker had said.
  std::uint64_t expect_rebuildable() const;
  void write_marker(std::uint64_t capacity_bytes) const;

  // Makes what was named in the folder last through a loss of power. Errors: kCache.
  void sync() const;

  // Makes the data file `capacity_bytes` long, without taking room on the disk. Errors: kCache.
  void size_data_file(std::uint64_t capacity_bytes) const;
  // Throws Error kCache unless the data file is at least that long: LMDB would die of SIGBUS on a shorter one.
  void check_data_file(std::uint64_t capacity_bytes) const;
  bool has_data_file() const;
  // Removes what LMDB wrote, when nobody can have it open.
  void remove_data_files() const;

  // The folder inside this one where a store is made that will take its place.
  std::string rebuild_path() const { return file("rebuild"); }
  bool has_rebuild() const;
  void remove_rebuild() const noexcept;

  // The smaller of 10 GiB and 10 % of what is free on the disk. Errors: kCache.
  std::uint64_t default_capacity() const;

 private:
  struct Marker {
    enum class State { kAbsent, kSound, kDamaged };
    State state;
    std::uint64_t capacity_bytes = 0;  // of a sound one
  };
  Marker look_at_marker() const;
  std::uint64_t expect_store(const Marker& marker) const;
  [[noreturn]] void refuse_damaged_marker() const;

  std::string path_;
};

}  // namespace zimg::cache
