#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include "crash/cache/planted_bug.hpp"
#include "crash/cache/store_trial.hpp"
#include "crash/cache/system_calls.hpp"

namespace {

using namespace zimg_crash;

// What a process and its children count together.
struct SharedCounts {
  std::atomic<int> calls{0};
  std::atomic<bool> has_failed{false};
  char failed[128]{};
};

// Lets the call number `nth` fail, whichever process makes it.
class NthFails final : public SystemCallWatcher {
 public:
  NthFails(int nth, int verdict, bool has_store) : nth_(nth), verdict_(verdict), has_store_(has_store) {}

  int calls() const { return shared_->calls; }
  bool has_failed() const { return shared_->has_failed; }
  const char* failed() const { return shared_->failed; }

  int before(const SystemCall& call) override {
    if (++shared_->calls != nth_) return kProceed;
    if (verdict_ == kCutShort && call.kind != SystemCall::Kind::kWrite) return kProceed;
    shared_->has_failed = true;
    std::snprintf(shared_->failed, sizeof shared_->failed, "%s of %s", name_of(call.kind),
                  call.path.substr(call.path.rfind('/') + 1).c_str());
    // Not while a store is made: what its file lacks ends in SIGBUS before anything can be compared.
    const bool is_pretended = has_planted_bug("ignore-errors") && has_store_ && call.kind == SystemCall::Kind::kWrite &&
                              call.path.ends_with("data.mdb");
    return is_pretended ? kPretend : verdict_;
  }

 private:
  Shared<SharedCounts> shared_;
  const int nth_;
  const int verdict_;
  const bool has_store_;
};

struct Counts {
  int faults = 0;
  int worked = 0;   // operations that succeeded in spite of it
  int serving = 0;  // handles that went on serving
  int unclean = 0;
  int lost = 0;
  int wrong = 0;
  int unusable = 0;
};

constexpr std::array<std::pair<const char*, int>, 4> kVerdicts{
    {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EINTR", EINTR}, {"a short write", SystemCallWatcher::kCutShort}}};

TrialResult run_trial(StoreTrials& trials, const Operation& operation, NthFails& watcher) {
  const SystemCallWatch watch(trials.root(), watcher);
  SystemCallWatch::pause();
  return trials.run(operation, SystemCallWatch::resume, SystemCallWatch::pause);
}

void add(const TrialResult& result, Counts& counts) {
  ++counts.faults;
  counts.worked += result.has_worked ? 1 : 0;
  counts.serving += result.is_serving ? 1 : 0;
  counts.unclean += result.is_unclean ? 1 : 0;
  counts.lost += result.lost;
  counts.wrong += result.wrong;
  counts.unusable += result.is_unusable ? 1 : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(failing_calls)

BOOST_AUTO_TEST_CASE(lose_nothing_whichever_fails) {
  StoreTrials trials;
  Counts counts;
  for (const Operation& operation : all_operations()) {
    const bool has_store = operation.store != Operation::Store::kNone;
    NthFails none(0, 0, has_store);
    const TrialResult sound = run_trial(trials, operation, none);
    BOOST_TEST((sound.has_worked && sound.is_serving && sound.lost + sound.wrong == 0 && !sound.is_unusable),
               operation.name << " without a fault: " << sound.sentence);
    for (int nth = 1; nth <= none.calls(); ++nth) {
      for (const auto& [what, verdict] : kVerdicts) {
        NthFails watcher(nth, verdict, has_store);
        const TrialResult result = run_trial(trials, operation, watcher);
        if (!watcher.has_failed()) continue;
        add(result, counts);
        if (result.is_unclean || result.lost + result.wrong != 0 || result.is_unusable) {
          std::printf("  %s, %s, %s: %d lost, %d wrong%s%s %s\n", operation.name, watcher.failed(), what, result.lost,
                      result.wrong, result.is_unclean ? ", no clean error" : "", result.is_unusable ? ", unusable" : "",
                      result.sentence.c_str());
        }
      }
    }
    std::printf("%s: %d calls that write\n", operation.name, none.calls());
  }
  std::printf(
      "%d calls failed: %d operations worked all the same, %d handles went on serving, %d without a clean error, "
      "%d entries lost, %d wrong, %d stores unusable\n",
      counts.faults, counts.worked, counts.serving, counts.unclean, counts.lost, counts.wrong, counts.unusable);
  BOOST_TEST(counts.faults > 0);
  BOOST_TEST(counts.unclean == 0);
  BOOST_TEST(counts.lost + counts.wrong + counts.unusable == 0);
}

BOOST_AUTO_TEST_SUITE_END()
