// One operation on a store during which something fails, and the look at the store afterwards: what failed may have
// cost the operation, never an entry.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crash/cache/store_fixture.hpp"
#include "temporary_folder.hpp"

namespace zimg_crash {

struct Operation {
  enum class Part { kOpen, kUse, kClose };
  enum class Store { kNone, kSome, kFull };

  const char* name;
  Store store;                       // what is there before
  Part part;                         // where it fails
  std::uint64_t capacity_bytes = 0;  // to open with
  std::function<void(zimg::ICache&)> use{};
  std::uint32_t changed =
      UINT32_MAX;       // the slot that `use` changes: the old entry, the new one, or where it erases none
  bool evicts = false;  // entries may be missing afterwards
  // In the place of opening, using and closing it: on a store that nobody has open.
  std::function<void(const std::string& path)> look_after{};
  std::uint32_t damaged = UINT32_MAX;  // a slot whose payload is damaged before
};

// Opening, making, resizing, storing, replacing, evicting, erasing, looking, closing; verifying, compacting, growing
// and shrinking as a whole.
std::vector<Operation> all_operations();

struct TrialResult {
  bool has_worked = false;   // the operation, in spite of everything
  bool has_failed = false;   // it threw an Error or bad_alloc
  bool is_unclean = false;   // it threw something else
  bool is_serving = false;   // the same handle serves all entries afterwards
  int lost = 0;              // entries that the reopened store lacks
  int wrong = 0;             // entries with bytes that were never stored
  bool is_unusable = false;  // the reopened store does not open, keep or verify
  std::string sentence;
};

class StoreTrials {
 public:
  StoreTrials();

  // `arm` and `disarm` are called just before and after the part that is to fail.
  TrialResult run(const Operation& operation, const std::function<void()>& arm, const std::function<void()>& disarm);

  const std::string& root() const { return folder_.path(); }

 private:
  void lay_out(const Operation& operation) const;
  void look_after(const Operation& operation, const std::string& path, const std::function<void()>& arm,
                  const std::function<void()>& disarm, TrialResult& result) const;
  void open_use_and_close(const Operation& operation, const std::string& path, const std::function<void()>& arm,
                          const std::function<void()>& disarm, TrialResult& result) const;
  void examine(const Operation& operation, zimg::ICache& cache, TrialResult& result) const;

  zimg_test::TemporaryFolder templates_;
  zimg_test::TemporaryFolder folder_;
};

}  // namespace zimg_crash
