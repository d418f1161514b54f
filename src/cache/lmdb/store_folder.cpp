#include "cache/lmdb/store_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <new>
#include <string_view>
#include <utility>

#include "base/file.hpp"
#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "cache/policy/usage_recorder.hpp"

namespace zimg::cache {
namespace {

constexpr const char* kMarker = "zimg-store";
constexpr const char* kData = "data.mdb";
constexpr const char* kUsage = "usage";
constexpr const char* kFirstLock = "open.lock";  // made before any other file of a store
constexpr std::uint64_t kDefaultCapacity = std::uint64_t{10} << 30;
constexpr std::uint64_t kPage = 65536;  // capacities are whole pages of any machine

// File systems of clusters, which <linux/magic.h> does not list.
constexpr std::uint32_t kLustre = 0x0bd00bd0;
constexpr std::uint32_t kGpfs = 0x47504653;
constexpr std::uint32_t kGfs2 = 0x01161970;
constexpr std::uint32_t kOcfs2 = 0x7461636f;

// The name of a file system that other machines may write too; null for a local one.
const char* network_filesystem_name(std::uint32_t magic) {
  switch (magic) {
    case NFS_SUPER_MAGIC:
      return "NFS";
    case SMB_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
      return "SMB";
    case V9FS_MAGIC:
      return "9P";
    case AFS_SUPER_MAGIC:
      return "AFS";
    case CODA_SUPER_MAGIC:
      return "Coda";
    case CEPH_SUPER_MAGIC:
      return "Ceph";
    case kLustre:
      return "Lustre";
    case kGpfs:
      return "GPFS";
    case kGfs2:
      return "GFS2";
    case kOcfs2:
      return "OCFS2";
    case FUSE_SUPER_MAGIC:
      return "FUSE";  // may be sshfs; it cannot be told
    default:
      return nullptr;
  }
}

bool is_capacity(std::uint64_t bytes) {
  return bytes >= kMinCapacity && bytes <= kMaxCapacity && bytes % kPage == 0;
}

// The number after `name` and a blank on a line of its own; nullopt when it is not there.
std::optional<std::uint64_t> marker_number(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.size() <= name.size() + 1 || !line.starts_with(name) || line[name.size()] != ' ') continue;
    std::uint64_t number = 0;
    const char* end = line.data() + line.size();
    const auto parsed = std::from_chars(line.data() + name.size() + 1, end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number;
  }
  return std::nullopt;
}

// But for `ignored`. As std::filesystem::is_empty, which ends the process where memory does not do.
bool is_empty_folder(const std::string& path, std::string_view ignored) {
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) throw base::system_error(ErrorCode::kCache, "cannot look into", path, errno);
  const base::ScopeExit close_folder([folder] { ::closedir(folder); });
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && name != ignored) return false;
  }
  return true;
}

Error as_cache_error(const Error& error) {
  return error.code() == ErrorCode::kOutOfMemory ? error : Error(ErrorCode::kCache, error.what());
}

}  // namespace

StoreFolder::StoreFolder(std::string path) : path_(std::move(path)) {}

void StoreFolder::create() const {
  try {
    base::create_private_folders(path_);
  } catch (const Error& error) {
    throw as_cache_error(error);
  }
}

// A folder that is not there will be on the file system of the nearest one above it that is.
void StoreFolder::refuse_network_filesystem() const {
  std::filesystem::path place = path_;
  struct statfs status {};
  while (::statfs(place.empty() ? "." : place.c_str(), &status) != 0) {
    if (errno != ENOENT || place.empty() || !place.has_relative_path()) {
      throw base::system_error(ErrorCode::kCache, "cannot look at the file system of", path_, errno);
    }
    place = place.parent_path();
  }
  if (const char* name = network_filesystem_name(static_cast<std::uint32_t>(status.f_type))) {
    throw Error(ErrorCode::kCache, "the store '" + path_ + "' lies on " + name +
                                       ", where locks may not hold between machines; a local disk is expected "
                                       "(allow_network=1 forces it)");
  }
}

void StoreFolder::refuse_foreign() const {
  namespace fs = std::filesystem;
  std::error_code error;
  // Counts alone are all that is left where the rest of a store was removed.
  const bool has_counts = fs::exists(file(kUsage), error) && UsageRecorder::is_recorded(file(kUsage));
  const bool is_empty = is_empty_folder(path_, has_counts ? kUsage : "");
  // In this order: a process that makes a store here meanwhile begins with the lock file.
  if (is_empty || fs::exists(file(kMarker), error) || fs::exists(file(kFirstLock), error)) return;
  const bool is_lmdb = fs::exists(file(kData), error);
  throw Error(ErrorCode::kCache,
              "'" + path_ + "' holds " + (is_lmdb ? "an LMDB database" : "files") +
                  " that zimg did not make; an empty or new folder, or a store of zimg, is expected");
}

StoreFolder::Marker StoreFolder::look_at_marker() const {
  std::string text;
  try {
    text = base::read_file(file(kMarker), 4096, ErrorCode::kCache);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return {Marker::State::kAbsent};
    throw as_cache_error(error);
  }
  const auto schema = marker_number(text, "schema");
  const auto size = marker_number(text, "size");
  if (text.starts_with("zimg-store\n") && schema && *schema > kStoreSchema) {
    throw Error(ErrorCode::kCache, "'" + path_ + "' is a store of schema " + std::to_string(*schema) +
                                       ", made by a newer zimg; schema " + std::to_string(kStoreSchema) +
                                       " is expected");
  }
  if (!text.starts_with("zimg-store\n") || schema != kStoreSchema || !size || !is_capacity(*size)) {
    return {Marker::State::kDamaged};
  }
  return {Marker::State::kSound, *size};
}

void StoreFolder::refuse_damaged_marker() const {
  throw Error(ErrorCode::kCache, "'" + file(kMarker) +
                                     "' is damaged: it does not name a store's schema and size; "
                                     "'zimg cache verify --rebuild' saves what can be read, "
                                     "else remove the folder to begin anew");
}

std::optional<std::uint64_t> StoreFolder::read_marker() const {
  const Marker marker = look_at_marker();
  if (marker.state == Marker::State::kDamaged) refuse_damaged_marker();
  return marker.state == Marker::State::kSound ? std::optional(marker.capacity_bytes) : std::nullopt;
}

std::uint64_t StoreFolder::expect_store() const {
  return expect_store(look_at_marker());
}

std::uint64_t StoreFolder::expect_store(const Marker& marker) const {
  if (marker.state == Marker::State::kDamaged) refuse_damaged_marker();
  if (marker.state == Marker::State::kSound && has_data_file()) return marker.capacity_bytes;
  throw Error(ErrorCode::kNotFound, "'" + path_ + "' holds no store of zimg");
}

std::uint64_t StoreFolder::expect_rebuildable() const {
  const Marker marker = look_at_marker();
  if (marker.state != Marker::State::kDamaged) return expect_store(marker);
  struct stat status {};
  if (::stat(file(kData).c_str(), &status) != 0 || !is_capacity(static_cast<std::uint64_t>(status.st_size))) {
    refuse_damaged_marker();
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void StoreFolder::write_marker(std::uint64_t capacity_bytes) const {
  const std::string text =
      "zimg-store\nschema " + std::to_string(kStoreSchema) + "\nsize " + std::to_string(capacity_bytes) + "\n";
  try {
    base::write_file(file(kMarker), text, 0600, true);
  } catch (const Error& error) {
    throw as_cache_error(error);
  }
}

void StoreFolder::sync() const {
  try {
    base::sync_folder(path_);
  } catch (const Error& error) {
    throw as_cache_error(error);
  }
}

void StoreFolder::size_data_file(std::uint64_t capacity_bytes) const {
  const std::string data = file(kData);
  const int fd = ::open(data.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) throw base::system_error(ErrorCode::kCache, "cannot open", data, errno);
  const base::ScopeExit close_file([fd] { ::close(fd); });
  if (::ftruncate(fd, static_cast<off_t>(capacity_bytes)) != 0 || ::fsync(fd) != 0) {
    throw base::system_error(ErrorCode::kCache, "cannot set the size of", data, errno);
  }
}

void StoreFolder::check_data_file(std::uint64_t capacity_bytes) const {
  const std::string data = file(kData);
  struct stat status {};
  if (::stat(data.c_str(), &status) != 0) {
    throw base::system_error(ErrorCode::kCache, "cannot look at", data, errno);
  }
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::kCache, "'" + data + "' is not a regular file");
  if (static_cast<std::uint64_t>(status.st_size) >= capacity_bytes) return;
  throw Error(ErrorCode::kCache, "'" + data + "' was cut to " + std::to_string(status.st_size) + " bytes; " +
                                     std::to_string(capacity_bytes) + " are expected; remove the folder to begin anew");
}

// An answer that cannot be had is no "no": a store that seems to have no data is made anew.
bool StoreFolder::has_data_file() const {
  struct stat status {};
  if (::stat(file(kData).c_str(), &status) == 0) return true;
  if (errno == ENOENT) return false;
  throw base::system_error(ErrorCode::kCache, "cannot look at", file(kData), errno);
}

bool StoreFolder::has_rebuild() const {
  std::error_code error;
  return std::filesystem::exists(rebuild_path(), error);
}

// What cannot be removed is in the way of the next rebuild, which will say so.
void StoreFolder::remove_rebuild() const noexcept {
  try {
    std::error_code error;
    std::filesystem::remove_all(rebuild_path(), error);
  } catch (const std::bad_alloc&) {  // the next one to open the store removes it
    return;
  }
}

void StoreFolder::remove_data_files() const {
  for (const char* name : {kData, "lock.mdb"}) {
    if (::unlink(file(name).c_str()) != 0 && errno != ENOENT) {
      throw base::system_error(ErrorCode::kCache, "cannot remove", file(name), errno);
    }
  }
}

std::uint64_t StoreFolder::default_capacity() const {
  struct statvfs status {};
  if (::statvfs(path_.c_str(), &status) != 0) {
    throw base::system_error(ErrorCode::kCache, "cannot look at the disk of", path_, errno);
  }
  const std::uint64_t tenth = status.f_bavail / 10 * status.f_frsize;
  if (tenth < kMinCapacity) {
    throw Error(ErrorCode::kCache, "the disk of '" + path_ +
                                       "' is nearly full: " + std::to_string(status.f_bavail * status.f_frsize) +
                                       " bytes are free, ten times the smallest store of " +
                                       std::to_string(kMinCapacity) + " are expected");
  }
  return std::min(kDefaultCapacity, tenth) / kPage * kPage;
}

}  // namespace zimg::cache
