#include "cache/lmdb/environment.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "cache/lmdb/lmdb_map.hpp"

namespace zimg::cache {
namespace {

using std::chrono::milliseconds;

static_assert(sizeof(void*) == 8, "a store is mapped whole: it needs a 64-bit machine");

constexpr milliseconds kOpenWait{2000};
constexpr milliseconds kCloseWait{10000};
constexpr std::size_t kMaxIdleReaders = 32;

}  // namespace

Environment::Environment(const LmdbOptions& options, HeldFolder&& folder)
    : folder_(options.path), held_folder_(std::move(folder)), owner_(::getpid()) {
  idle_readers_.reserve(kMaxIdleReaders);
  if (!options.allow_network_filesystem) folder_.refuse_network_filesystem();
  folder_.refuse_foreign();
  open_lock_ = std::make_unique<FileLock>(folder_.file("open.lock"));
  users_lock_ = std::make_unique<FileLock>(folder_.file("users.lock"));
  writer_lock_ = std::make_unique<FileLock>(folder_.file("writer.lock"));
  if (!open_lock_->acquire(FileLock::Mode::kExclusive, kOpenWait)) {
    throw Error(ErrorCode::kCache, "another process keeps the store '" + folder_.path() + "' locked while it opens it");
  }
  const base::ScopeExit unlock([this] { open_lock_->release(); });
  if (!users_lock_->acquire(FileLock::Mode::kShared, milliseconds{0})) {
    throw Error(ErrorCode::kCache, "another process has the store '" + folder_.path() + "' for itself");
  }
  if (folder_.has_rebuild() && has_store_for_itself()) folder_.remove_rebuild();  // a killed one's
  base::ScopeExit close_half_open([this] { close_lmdb(); });
  const auto stored_capacity = folder_.read_marker();
  if (stored_capacity && (folder_.has_data_file() || !has_store_for_itself())) {
    open_store(*stored_capacity, options.capacity_bytes);
  } else {
    const std::uint64_t remembered = stored_capacity.value_or(0);
    const std::uint64_t wanted = options.capacity_bytes != 0 ? options.capacity_bytes : remembered;
    create_store(wanted != 0 ? wanted : folder_.default_capacity());
  }
  // Files are opened by their path: what was opened is in that folder only if it is there still.
  if (!held_folder_.is_at(folder_.path())) {
    throw Error(ErrorCode::kCache, "the store '" + folder_.path() + "' was moved or removed while it was being opened");
  }
  reader_table_.emplace(folder_.file("lock.mdb"));
  check_locks();
  close_half_open.dismiss();
}

Environment::~Environment() {
  if (::getpid() == owner_) close_lmdb();
}

bool Environment::close() {
  if (!open_lock_->acquire(FileLock::Mode::kExclusive, kCloseWait)) return false;
  close_lmdb();
  users_lock_->release();
  open_lock_->release();
  return true;
}

void Environment::create_store(std::uint64_t capacity_bytes) {
  if (!has_store_for_itself()) {
    throw Error(ErrorCode::kCache, "the store '" + folder_.path() + "' lost its files while another process uses it");
  }
  folder_.remove_data_files();  // an unfinished creation's
  base::ScopeExit remove_half_made([this] {
    close_lmdb();
    try {
      folder_.remove_data_files();
    } catch (const std::exception&) {  // without the marker they are no store: the next one to come removes them
      return;
    }
  });
  capacity_bytes_ = capacity_bytes;
  open_lmdb();
  Transaction writing(env_, 0);
  tables_.create(writing.get());
  writing.commit();
  open_tables();
  folder_.size_data_file(capacity_bytes);
  folder_.write_marker(capacity_bytes);  // last: a folder without it holds no store
  remove_half_made.dismiss();
}

void Environment::open_store(std::uint64_t stored_capacity, std::uint64_t wanted_capacity) {
  folder_.check_data_file(stored_capacity);
  capacity_bytes_ = stored_capacity;
  if (wanted_capacity != 0 && wanted_capacity != stored_capacity) resize_store(stored_capacity, wanted_capacity);
  open_lmdb();
  open_tables();
}

void Environment::open_tables() {
  Transaction reading(env_, MDB_RDONLY);
  tables_.open(reading.get());
  reading.commit();  // an abort would close the tables again
}

void Environment::resize_store(std::uint64_t stored_capacity, std::uint64_t wanted_capacity) {
  const std::string sizes = "the store '" + folder_.path() + "' has a size of " + std::to_string(stored_capacity) +
                            " bytes and cannot be resized to " + std::to_string(wanted_capacity) + ": ";
  if (!has_store_for_itself()) throw Error(ErrorCode::kCache, sizes + "another process uses it");
  if (wanted_capacity > stored_capacity) {
    folder_.size_data_file(wanted_capacity);
    folder_.write_marker(wanted_capacity);
  } else {
    open_lmdb();
    MDB_envinfo info;
    check(mdb_env_info(env_, &info), "look at the map");
    const std::uint64_t needed = (info.me_last_pgno + 1) * page_bytes_;
    close_lmdb();
    if (needed > wanted_capacity) {
      throw Error(ErrorCode::kCache, sizes + "its pages reach up to " + std::to_string(needed) + " bytes");
    }
    folder_.write_marker(wanted_capacity);  // first: a longer file than it names is sound, a shorter one is not
    folder_.size_data_file(wanted_capacity);
  }
  capacity_bytes_ = wanted_capacity;
}

// Asks under open.lock, so nobody can join meanwhile. Keeps the shared lock either way.
bool Environment::has_store_for_itself() {
  const bool is_alone = users_lock_->acquire(FileLock::Mode::kExclusive, milliseconds{0});
  users_lock_->acquire(FileLock::Mode::kShared, milliseconds{0});
  return is_alone;
}

void Environment::open_lmdb() {
  env_ = open_map(folder_.path(), capacity_bytes_, 0);
  base::ScopeExit close_failed([this] { mdb_env_close(std::exchange(env_, nullptr)); });
  MDB_stat stat;
  check(mdb_env_stat(env_, &stat), "look at the pages");
  page_bytes_ = stat.ms_psize;
  check(mdb_env_get_fd(env_, &data_fd_), "look at data.mdb");
  close_failed.dismiss();
}

void Environment::close_lmdb() noexcept {
  if (env_ == nullptr) return;
  for (MDB_txn* txn : idle_readers_) mdb_txn_abort(txn);
  idle_readers_.clear();
  mdb_env_close(std::exchange(env_, nullptr));
}

void Environment::check_usable() const {
  if (::getpid() != owner_) {
    throw Error(ErrorCode::kClosed, "the store '" + folder_.path() +
                                        "' was opened before this process was forked; open it anew in the child");
  }
  struct stat status {};
  if (::fstat(data_fd_, &status) != 0) {
    throw base::system_error(ErrorCode::kCache, "cannot look at the data file of", folder_.path(), errno);
  }
  if (status.st_nlink == 0) {
    throw Error(ErrorCode::kCache, "the store '" + folder_.path() + "' was removed while it was open");
  }
  if (static_cast<std::uint64_t>(status.st_size) < capacity_bytes_) {
    throw Error(ErrorCode::kCache, "the store '" + folder_.path() + "' was cut to " + std::to_string(status.st_size) +
                                       " bytes while it was open; " + std::to_string(capacity_bytes_) +
                                       " are expected; remove the folder to begin anew");
  }
  if (reader_table_->is_removed()) check_locks();  // writers who do not see this reader use again what it reads
}

void Environment::check_place(const std::string& path) const {
  check_usable();
  if (held_folder_.is_at(path)) return;
  throw Error(ErrorCode::kCache, "the store '" + path + "' was moved or removed while it was open");
}

bool Environment::has_lost_locks() const noexcept {
  return open_lock_->is_removed() || users_lock_->is_removed() || writer_lock_->is_removed() ||
         reader_table_->is_removed();
}

void Environment::check_locks() const {
  if (!has_lost_locks()) return;
  throw Error(ErrorCode::kCache, "the lock files of the store '" + folder_.path() +
                                     "' were removed while it was open, so that others do not know of it; nothing is "
                                     "written until all have closed it");
}

void Environment::commit(Transaction& writing) const {
  writing.commit();
  check_locks();
}

std::optional<WithdrawnEntry> Environment::withdrawn_under(const CacheKey& key) const {
  if (withdrawn_.is_empty()) return std::nullopt;
  check_usable();  // in a forked child nobody would unlock what a thread of the parent's had locked
  return withdrawn_.under(key);
}

Environment::WriterTurn Environment::begin_writing(milliseconds timeout) {
  check_usable();
  auto turn = lock_processes(std::unique_lock(writer_mutex_), timeout);
  if (turn) {
    check_locks();
    return std::move(*turn);
  }
  throw Error(ErrorCode::kCache, "another process has been writing to the store '" + folder_.path() + "' for " +
                                     std::to_string(timeout.count()) + " ms");
}

std::optional<Environment::WriterTurn> Environment::try_writing() {
  check_usable();
  std::unique_lock threads(writer_mutex_, std::try_to_lock);
  if (!threads.owns_lock() || has_lost_locks()) return std::nullopt;
  return lock_processes(std::move(threads), milliseconds{0});
}

std::optional<Environment::WriterTurn> Environment::lock_processes(std::unique_lock<std::mutex> threads,
                                                                   milliseconds timeout) {
  if (!writer_lock_->acquire(FileLock::Mode::kExclusive, timeout)) return std::nullopt;
  WriterTurn turn(std::move(threads), *writer_lock_);
  int dead = 0;  // readers that were killed would keep their pages from being used again
  check(mdb_reader_check(env_, &dead), "look for dead readers");
  return turn;
}

MDB_txn* Environment::borrow() {
  check_usable();
  MDB_txn* txn = nullptr;
  {
    const std::lock_guard lock(pool_mutex_);
    if (!idle_readers_.empty()) {
      txn = idle_readers_.back();
      idle_readers_.pop_back();
    }
  }
  if (txn != nullptr) {
    const int code = mdb_txn_renew(txn);
    if (code == 0) return txn;
    mdb_txn_abort(txn);
  }
  int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == MDB_READERS_FULL) {
    int dead = 0;
    check(mdb_reader_check(env_, &dead), "look for dead readers");
    code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  }
  check(code, "begin to read");
  return txn;
}

void Environment::give_back(MDB_txn* txn) noexcept {
  mdb_txn_reset(txn);
  {
    const std::lock_guard lock(pool_mutex_);
    if (idle_readers_.size() < kMaxIdleReaders) {
      idle_readers_.push_back(txn);  // capacity was reserved when the store was opened
      return;
    }
  }
  mdb_txn_abort(txn);
}

}  // namespace zimg::cache
