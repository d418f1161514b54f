// StoreState is what has become of one store: pending at first, then stored or not, once. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "zimg/result.hpp"

namespace zimg {
inline namespace v0 {

class StoreState {
 public:
  void settle(Stored stored, std::string note) {
    const std::lock_guard lock(mutex_);
    stored_ = stored;
    note_ = std::move(note);
  }

  std::pair<Stored, std::string> now() const {
    const std::lock_guard lock(mutex_);
    return {stored_, note_};
  }

 private:
  mutable std::mutex mutex_;
  Stored stored_ = Stored::kPending;
  std::string note_;
};

}  // namespace v0
}  // namespace zimg
