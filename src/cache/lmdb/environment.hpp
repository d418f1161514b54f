// Environment is one open store: the LMDB handle, its tables, the locks around them. A process opens each store once;
// EnvironmentRegistry sees to that.
//
// Thread-safe. In a forked child every method throws Error kClosed and nothing of the parent's is touched.
//
// Locks, in the order in which they are taken:
//   open.lock    exclusive around open and close: LMDB 0.9.26 to 0.9.31 lose their mutexes when the two meet
//   users.lock   shared from open to close: whoever needs the store for itself asks for it exclusively, under open.lock
//   writer.lock  exclusive around writing, so that nobody ever waits at LMDB's own mutex, which has no time-out
// Whose lock files were removed is alone with its locks, and writes no more; without LMDB's own it reads no more.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cache/lmdb/file_lock.hpp"
#include "cache/lmdb/held_file.hpp"
#include "cache/lmdb/held_folder.hpp"
#include "cache/lmdb/picture_tables.hpp"
#include "cache/lmdb/store_folder.hpp"
#include "cache/lmdb/transaction.hpp"
#include "cache/lmdb/withdrawn_entries.hpp"
#include "zimg/cache.hpp"

namespace zimg::cache {

class Environment {
 public:
  // `folder` is what the options' path leads to. Errors: kCache, kOutOfMemory.
  Environment(const LmdbOptions& options, HeldFolder&& folder);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // Closes the store; false when another process kept open.lock for seconds, and then it stays open.
  bool close();

  // A read transaction out of the pool, given back at the end of the scope. Readers never wait for writers.
  class Reading {
   public:
    explicit Reading(Environment& environment) : environment_(environment), txn_(environment.borrow()) {}
    ~Reading() { environment_.give_back(txn_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    MDB_txn* txn() const noexcept { return txn_; }

   private:
    Environment& environment_;
    MDB_txn* txn_;
  };

  // The right to write, held until the end of the scope.
  class WriterTurn {
   public:
    explicit WriterTurn(std::unique_lock<std::mutex> threads, FileLock& processes)
        : threads_(std::move(threads)), processes_(&processes) {}
    WriterTurn(WriterTurn&& other) noexcept
        : threads_(std::move(other.threads_)), processes_(std::exchange(other.processes_, nullptr)) {}
    ~WriterTurn() {
      if (processes_ != nullptr) processes_->release();
    }

   private:
    std::unique_lock<std::mutex> threads_;
    FileLock* processes_;
  };
  // Waits for other threads in turn and for other processes at most `timeout`. Errors: kCache when one of those still
  // writes.
  WriterTurn begin_writing(std::chrono::milliseconds timeout);
  // Does not wait for anybody.
  std::optional<WriterTurn> try_writing();
  // In a writer's turn. Errors: kCache where the locks were lost meanwhile, and with them what tells others to wait:
  // somebody may be replacing the store by what it was before this commit.
  void commit(Transaction& writing) const;

  // Throws Error kClosed in a forked child, kCache when the store's file was cut or removed, or the table of readers
  // removed.
  void check_usable() const;
  // The same before the store is gone to by a path of it, which may lead to another one since: throws Error kCache,
  // too, when the folder was moved or removed.
  void check_place(const std::string& path) const;

  MDB_env* handle() const noexcept { return env_; }
  const PictureTables& tables() const noexcept { return tables_; }
  const HeldFolder& held_folder() const noexcept { return held_folder_; }
  WithdrawnEntries& withdrawn() noexcept { return withdrawn_; }
  // The entry under `key` that is to be passed over, where there is one; to be asked before a reading begins.
  std::optional<WithdrawnEntry> withdrawn_under(const CacheKey& key) const;
  std::uint64_t capacity_bytes() const noexcept { return capacity_bytes_; }
  std::uint64_t page_bytes() const noexcept { return page_bytes_; }
  std::uint64_t capacity_pages() const noexcept { return capacity_bytes_ / page_bytes_; }

 private:
  void create_store(std::uint64_t capacity_bytes);
  void open_store(std::uint64_t stored_capacity, std::uint64_t wanted_capacity);
  void resize_store(std::uint64_t stored_capacity, std::uint64_t wanted_capacity);
  bool has_store_for_itself();
  bool has_lost_locks() const noexcept;
  void check_locks() const;
  void open_lmdb();
  void open_tables();
  void close_lmdb() noexcept;
  std::optional<WriterTurn> lock_processes(std::unique_lock<std::mutex> threads, std::chrono::milliseconds timeout);
  MDB_txn* borrow();
  void give_back(MDB_txn* txn) noexcept;

  const StoreFolder folder_;
  const HeldFolder held_folder_;
  const pid_t owner_;
  std::unique_ptr<FileLock> open_lock_;
  std::unique_ptr<FileLock> users_lock_;
  std::unique_ptr<FileLock> writer_lock_;
  std::mutex writer_mutex_;               // the threads' half of writer_lock_
  std::optional<HeldFile> reader_table_;  // LMDB's own lock file

  MDB_env* env_ = nullptr;
  PictureTables tables_;
  std::uint64_t capacity_bytes_ = 0;
  std::uint64_t page_bytes_ = 0;
  int data_fd_ = -1;  // LMDB's own

  std::mutex pool_mutex_;
  std::vector<MDB_txn*> idle_readers_;  // reset, so they hold a reader's slot but no pages; guarded by pool_mutex_

  WithdrawnEntries withdrawn_;
};

}  // namespace zimg::cache
