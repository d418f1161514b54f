// HeldFolder is an open descriptor of a folder. While it is held, the file system gives the folder's number to no other
// folder, not even once this one was removed: so the number names a store for as long as that is open.
//
// Owned by who has the store open. Any thread may ask. A forked child has a copy of the descriptor, a program that is
// executed has none.
#pragma once

#include <sys/types.h>

#include <compare>
#include <optional>
#include <string>

namespace zimg::cache {

struct FolderId {
  dev_t device;
  ino_t inode;
  auto operator<=>(const FolderId&) const = default;
};

class HeldFolder {
 public:
  // Nullopt where `path` leads to no folder. Errors: kCache where that cannot be told.
  static std::optional<HeldFolder> open_if_exists(const std::string& path);

  HeldFolder(HeldFolder&& other) noexcept;
  ~HeldFolder();
  HeldFolder& operator=(HeldFolder&&) = delete;

  const FolderId& id() const noexcept { return id_; }
  // For openat() and its kin; the folder's own.
  int descriptor() const noexcept { return fd_; }
  // Whether `path` leads to it now.
  bool is_at(const std::string& path) const noexcept;

 private:
  HeldFolder(int fd, const FolderId& id) noexcept : fd_(fd), id_(id) {}

  int fd_;  // -1 once it was moved from
  FolderId id_;
};

}  // namespace zimg::cache
