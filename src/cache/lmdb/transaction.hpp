// An LMDB transaction that ends with its scope: aborted unless committed.
#pragma once

#include <lmdb.h>

#include "cache/lmdb/lmdb_error.hpp"

namespace zimg::cache {

class Transaction {
 public:
  Transaction(MDB_env* env, unsigned flags) {
    check(mdb_txn_begin(env, nullptr, flags, &txn_), flags == MDB_RDONLY ? "begin to read" : "begin to write");
  }
  ~Transaction() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  MDB_txn* get() const noexcept { return txn_; }
  // On return the transaction is over, whether it worked or threw.
  void commit() {
    const int code = mdb_txn_commit(txn_);  // where damage makes this throw, the destructor aborts
    txn_ = nullptr;
    check(code, "commit");
  }

 private:
  MDB_txn* txn_ = nullptr;
};

}  // namespace zimg::cache
