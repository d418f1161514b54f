#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "crash/cache/allocations.hpp"
#include "crash/cache/store_fixture.hpp"
#include "crash/cache/store_trial.hpp"

namespace {

using namespace zimg_crash;

struct Trial {
  TrialResult result;
  long allocations = 0;
  long leaked = 0;
};

Trial run_trial(StoreTrials& trials, const Operation& operation, long nth, bool and_all_after) {
  Trial trial;
  const long before = live_allocations();
  trial.result = trials.run(
      operation, [&] { fail_allocation(nth, and_all_after); }, [&] { trial.allocations = allow_allocations(); });
  std::string().swap(trial.result.sentence);  // or it would count
  trial.leaked = live_allocations() - before;
  return trial;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(failing_allocations)

#ifdef ZIMG_COUNTS_ALLOCATIONS

BOOST_AUTO_TEST_CASE(are_a_clean_error_and_leak_nothing) {
  const long step = std::max(1, runs("ZIMG_ALLOCATION_STEP", 1));
  StoreTrials trials;
  int faults = 0;
  int failed = 0;
  int unclean = 0;
  int lost = 0;
  int wrong = 0;
  int unusable = 0;
  int leaks = 0;
  for (const Operation& operation : all_operations()) {
    run_trial(trials, operation, 0, false);  // what is allocated once for all
    const Trial sound = run_trial(trials, operation, 0, false);
    BOOST_TEST(sound.result.has_worked);
    BOOST_TEST(sound.leaked == 0, operation.name << " leaks " << sound.leaked << " allocations without a fault");
    for (long nth = 1; nth <= sound.allocations; nth += step) {
      for (const bool and_all_after : {false, true}) {
        const Trial trial = run_trial(trials, operation, nth, and_all_after);
        const TrialResult& result = trial.result;
        ++faults;
        failed += result.has_failed ? 1 : 0;
        unclean += result.is_unclean ? 1 : 0;
        lost += result.lost;
        wrong += result.wrong;
        unusable += result.is_unusable ? 1 : 0;
        leaks += trial.leaked != 0 ? 1 : 0;
        if (result.is_unclean || result.lost + result.wrong != 0 || result.is_unusable || trial.leaked != 0) {
          std::printf("  %s, allocation %ld%s: %d lost, %d wrong, %ld leaked%s%s\n", operation.name, nth,
                      and_all_after ? " and all after" : "", result.lost, result.wrong, trial.leaked,
                      result.is_unclean ? ", no clean error" : "", result.is_unusable ? ", unusable" : "");
        }
      }
    }
    std::printf("%s: %ld allocations\n", operation.name, sound.allocations);
  }
  std::printf(
      "%d times allocations failed: %d operations failed with it, %d without a clean error, %d entries lost, %d wrong, "
      "%d stores unusable, %d leaks\n",
      faults, failed, unclean, lost, wrong, unusable, leaks);
  BOOST_TEST(faults > 0);
  BOOST_TEST(unclean == 0);
  BOOST_TEST(lost + wrong + unusable == 0);
  BOOST_TEST(leaks == 0);
}

#else

BOOST_AUTO_TEST_CASE(are_left_to_the_ordinary_build) {
  BOOST_TEST(live_allocations() == 0);
}

#endif

BOOST_AUTO_TEST_SUITE_END()
