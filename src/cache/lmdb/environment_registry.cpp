#include "cache/lmdb/environment_registry.hpp"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/system_error.hpp"
#include "cache/lmdb/lmdb_error.hpp"

namespace zimg::cache {
namespace {

struct FolderId {
  dev_t device;
  ino_t inode;
  auto operator<=>(const FolderId&) const = default;
};

struct OpenStore {
  std::unique_ptr<Environment> environment;
  std::size_t users = 0;
};

// A global of the library. It is never destroyed: handles may outlive static objects.
struct Registry {
  std::mutex mutex;
  std::map<FolderId, OpenStore> stores;  // guarded by mutex
  pid_t owner = 0;                       // guarded by mutex
};

Registry& registry();

// Opening and closing happen under the mutex, so a fork must not catch it locked by a thread that the child lacks.
void lock_for_fork() {
  registry().mutex.lock();
}
void unlock_after_fork() {
  registry().mutex.unlock();
}

Registry& registry() {
  static Registry& instance = *[] {
    auto* made = new Registry;
    made->owner = ::getpid();
    return made;
  }();
  static const int installed = pthread_atfork(lock_for_fork, unlock_after_fork, unlock_after_fork);
  static_cast<void>(installed);
  return instance;
}

// In a forked child the parent's environments are nobody's: they are left as they are, for closing them would touch the
// parent's locks.
void forget_parents_stores(Registry& stores) {
  if (stores.owner == ::getpid()) return;
  for (auto& [id, store] : stores.stores) static_cast<void>(store.environment.release());
  stores.stores.clear();
  stores.owner = ::getpid();
}

// Nullopt where there is no such folder yet. A folder that only cannot be looked at may be one that is open already.
std::optional<FolderId> folder_id(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return FolderId{status.st_dev, status.st_ino};
  if (errno == ENOENT) return std::nullopt;
  throw base::system_error(ErrorCode::kCache, "cannot look at", path, errno);
}

void release(const FolderId& id, const Environment* environment, pid_t owner) {
  if (::getpid() != owner) return;
  Registry& open = registry();
  const std::lock_guard lock(open.mutex);
  const auto found = open.stores.find(id);
  if (found == open.stores.end() || found->second.environment.get() != environment) return;
  if (--found->second.users > 0) return;
  // A store that cannot be closed now stays open for the next user.
  try {
    if (found->second.environment->close()) open.stores.erase(found);
  } catch (const Error&) {  // the lock file itself fails: open it stays
    return;
  }
}

}  // namespace

std::shared_ptr<Environment> share_environment(const LmdbOptions& options) {
  Registry& open = registry();
  std::unique_lock lock(open.mutex);
  forget_parents_stores(open);
  const auto known = folder_id(options.path);
  auto found = known ? open.stores.find(*known) : open.stores.end();
  if (found == open.stores.end()) {
    std::unique_ptr<Environment> opened;
    try {
      opened = std::make_unique<Environment>(options);
    } catch (const LmdbFailure& failure) {
      throw to_error(failure, options.path);
    }
    const auto id = folder_id(options.path);
    if (!id) throw Error(ErrorCode::kCache, "the store '" + options.path + "' was removed while it was being opened");
    found = open.stores.insert_or_assign(*id, OpenStore{std::move(opened), 0}).first;
  }
  Environment* environment = found->second.environment.get();
  if (options.capacity_bytes != 0 && options.capacity_bytes != environment->capacity_bytes()) {
    throw Error(ErrorCode::kCache, "the store '" + options.path + "' is open with a size of " +
                                       std::to_string(environment->capacity_bytes()) +
                                       " bytes and cannot be resized to " + std::to_string(options.capacity_bytes) +
                                       " meanwhile");
  }
  const FolderId id = found->first;
  ++found->second.users;
  lock.unlock();  // where memory does not do for the pointer, release() is called, which locks
  return std::shared_ptr<Environment>(environment,
                                      [id, owner = ::getpid()](Environment* used) { release(id, used, owner); });
}

}  // namespace zimg::cache
