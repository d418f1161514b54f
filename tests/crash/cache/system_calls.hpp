// Looks over the shoulder of every call that writes below one folder, made by zimg or by LMDB: the test program defines
// open, write, fsync and so on itself, which the linker prefers to the C library's.
//
// One watcher at a time; calls of all threads reach it. What it does itself is not watched.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace zimg_crash {

struct SystemCall {
  enum class Kind { kOpen, kMakeFolder, kWrite, kResize, kSync, kRename, kRemove, kMap };

  Kind kind{};
  std::string path{};
  std::string new_path{};                  // kRename
  std::uint64_t offset = 0;                // kWrite; the new size of kResize
  std::span<const std::uint8_t> octets{};  // kWrite
  bool is_durable = false;                 // kWrite to a descriptor that syncs by itself
  bool makes_file = false;                 // kOpen of what is not there
  bool maps_to_write = false;              // kMap
};

const char* name_of(SystemCall::Kind kind) noexcept;

class SystemCallWatcher {
 public:
  virtual ~SystemCallWatcher() = default;

  // What becomes of a call: it is made, fails with an errno, or is cut to half (a kWrite only).
  static constexpr int kProceed = 0;
  static constexpr int kCutShort = -1;
  static constexpr int kPretend = -2;  // nothing is done and success is told
  virtual int before(const SystemCall&) { return kProceed; }

  // A call that was made and worked.
  virtual void after(const SystemCall&) {}
};

// Watches what is opened and named below `folder` from now on until the end of the scope.
class SystemCallWatch {
 public:
  SystemCallWatch(std::string folder, SystemCallWatcher& watcher);
  ~SystemCallWatch();
  SystemCallWatch(const SystemCallWatch&) = delete;
  SystemCallWatch& operator=(const SystemCallWatch&) = delete;

  // Files that are open stay known, but nothing is told until resume().
  static void pause() noexcept;
  static void resume() noexcept;
};

}  // namespace zimg_crash
