#include "cache/lmdb/environment_registry.hpp"

#include <pthread.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "cache/lmdb/held_folder.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/store_folder.hpp"
#include "cache/lock_descriptor.hpp"

namespace zimg::cache {
namespace {

struct OpenStore {
  std::unique_ptr<Environment> environment;
  std::size_t users = 0;
};

// A global of the library. It is never destroyed: handles may outlive static objects.
struct Registry {
  std::mutex mutex;
  std::map<FolderId, OpenStore> stores;  // guarded by mutex; each holds its folder, so that no other has its id
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
  keep_locks_out_of_children();
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

// The folder at the options' path, made where there is none.
HeldFolder hold_folder(const LmdbOptions& options) {
  if (auto there = HeldFolder::open_if_exists(options.path)) return std::move(*there);
  const StoreFolder folder(options.path);
  if (!options.allow_network_filesystem) folder.refuse_network_filesystem();
  folder.create();
  if (auto made = HeldFolder::open_if_exists(options.path)) return std::move(*made);
  throw Error(ErrorCode::kCache, "the store '" + options.path + "' was removed while it was being opened");
}

std::unique_ptr<Environment> open_environment(const LmdbOptions& options, HeldFolder&& folder) {
  try {
    return std::make_unique<Environment>(options, std::move(folder));
  } catch (const LmdbFailure& failure) {
    throw to_error(failure, options.path);
  }
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
  HeldFolder folder = hold_folder(options);
  const FolderId id = folder.id();
  auto found = open.stores.find(id);
  if (found == open.stores.end()) {
    found = open.stores.emplace(id, OpenStore{open_environment(options, std::move(folder)), 0}).first;
  }
  Environment* environment = found->second.environment.get();
  if (options.capacity_bytes != 0 && options.capacity_bytes != environment->capacity_bytes()) {
    throw Error(ErrorCode::kCache, "the store '" + options.path + "' is open with a size of " +
                                       std::to_string(environment->capacity_bytes()) +
                                       " bytes and cannot be resized to " + std::to_string(options.capacity_bytes) +
                                       " meanwhile");
  }
  ++found->second.users;
  lock.unlock();  // where memory does not do for the pointer, release() is called, which locks
  return std::shared_ptr<Environment>(environment,
                                      [id, owner = ::getpid()](Environment* used) { release(id, used, owner); });
}

}  // namespace zimg::cache
