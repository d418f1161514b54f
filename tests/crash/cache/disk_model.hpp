// DiskModel is what a disk may hold after the power went: what was synced, and of what was not, any part. It follows a
// log of calls that write; between two of them it makes as many states as are asked for.
//
// Of data that was written and not synced, each sector of 512 octets holds what it held at the last sync or any later
// version, one sector independent of the other: that is dropped, torn and reordered in one. A new size may be there or
// not. Names come and go in the order of the calls, and are sure once their folder was synced.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "crash/cache/system_calls.hpp"

namespace zimg_crash {

// A call as it is kept, its octets copied; or a mark that the test made between calls.
struct LoggedCall {
  SystemCall call;
  std::vector<std::uint8_t> octets;
  bool is_mark = false;
  std::uint32_t slot = 0;     // of a mark: what was acknowledged
  std::uint64_t version = 0;  // 0: erased
};

// Files by name, relative to the watched folder; a folder is a name without octets.
struct DiskState {
  struct File {
    bool is_folder = false;
    std::vector<std::uint8_t> octets;
  };
  std::map<std::string, File> files;
};

class DiskModel {
 public:
  // `syncs_count` false is a disk that drops what it is told to sync.
  DiskModel(std::string root, bool syncs_count) : root_(std::move(root)), syncs_count_(syncs_count) {
    names_[root_] = sure_names_[root_] = make_folder();
  }

  void apply(const LoggedCall& logged);
  DiskState state_after_power_loss(std::mt19937_64& random) const;

 private:
  static constexpr std::size_t kSector = 512;

  struct Change {  // of a file's octets, not yet synced
    bool is_resize = false;
    bool is_sure = false;      // was written through a descriptor that syncs, though what came before was not synced
    std::uint64_t offset = 0;  // or the new size
    std::vector<std::uint8_t> octets;
  };
  struct Inode {
    bool is_folder = false;
    std::vector<std::uint8_t> synced;
    std::vector<Change> pending;
  };
  struct NameChange {
    std::string folder;
    std::string name;              // full
    std::shared_ptr<Inode> inode;  // null: the name goes
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;

  static std::shared_ptr<Inode> make_folder();
  static std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
  static void write(std::vector<std::uint8_t>& octets, const Change& change);
  void change_name(const std::string& name, const std::shared_ptr<Inode>& inode);
  void sync(const std::string& path);
  static void write_some_sectors(std::vector<std::uint8_t>& octets, const Change& change, std::uint64_t eighths,
                                 std::mt19937_64& random);
  static std::vector<std::uint8_t> contents(const Inode& inode, std::mt19937_64& random);

  const std::string root_;
  const bool syncs_count_;
  Names names_;       // as programs see them
  Names sure_names_;  // as they are on the disk
  std::vector<NameChange> pending_names_;
};

}  // namespace zimg_crash
