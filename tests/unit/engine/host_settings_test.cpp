#include "engine/pipeline/host_settings.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <omp.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cfenv>
#include <memory>
#include <thread>

namespace {

using zimg::engine::OwnSettings;
using zimg::engine::OwnThread;
using zimg::engine::threads_of_a_drawing;

// Turns oneDNN off, as a host may, until the end of the scope.
struct WithoutOneDnn {
  WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(false); }
  ~WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(true); }
};

int threads_of_a_new_thread() {
  int threads = 0;
  std::thread([&] { threads = at::get_num_threads(); }).join();
  return threads;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(host_settings_test)

BOOST_AUTO_TEST_CASE(are_the_hosts_again_when_the_last_is_gone) {
  const WithoutOneDnn host;
  {
    const OwnSettings outer;
    BOOST_TEST(at::globalContext().userEnabledMkldnn());
    { const OwnSettings inner; }
    BOOST_TEST(at::globalContext().userEnabledMkldnn());
  }
  BOOST_TEST(!at::globalContext().userEnabledMkldnn());
}

BOOST_AUTO_TEST_CASE(hold_while_any_drawing_goes_on) {
  const WithoutOneDnn host;
  auto first = std::make_unique<OwnSettings>();
  const auto second = std::make_unique<OwnSettings>();
  first.reset();
  BOOST_TEST(at::globalContext().userEnabledMkldnn());
}

BOOST_AUTO_TEST_CASE(a_thread_works_with_its_own_number_whatever_others_ask_for) {
  const int before = threads_of_a_new_thread();
  std::thread([] {
    const OwnThread own(2);
    std::thread([] { at::set_num_threads(1); }).join();
    std::atomic<int> shares = 0;
    at::parallel_for(0, 64, 1, [&](std::int64_t, std::int64_t) { ++shares; });
    BOOST_TEST(shares == 2);
  }).join();
  BOOST_TEST(threads_of_a_new_thread() == before);
}

BOOST_AUTO_TEST_CASE(a_thread_counts_on_no_more_than_openmp_gives_it) {
  const int levels = omp_get_max_active_levels();
  omp_set_max_active_levels(0);  // as a host may
  {
    const OwnThread own(4);
    BOOST_TEST(at::get_num_threads() == 1);
  }
  omp_set_max_active_levels(levels);
  const OwnThread own(4);
  BOOST_TEST(at::get_num_threads() == 4);
}

BOOST_AUTO_TEST_CASE(a_thread_has_whole_teams_where_the_host_lets_them_shrink) {
  omp_set_dynamic(1);
  {
    const OwnThread own(4);
    BOOST_TEST(omp_get_dynamic() == 0);
  }
  BOOST_TEST(omp_get_dynamic() == 1);
  omp_set_dynamic(0);
}

BOOST_AUTO_TEST_CASE(a_drawing_has_as_many_threads_wherever_it_is_asked) {
  BOOST_TEST(threads_of_a_drawing(4) == 4u);
  unsigned in_a_team = 0;
#pragma omp parallel num_threads(2)
  {
#pragma omp master
    in_a_team = threads_of_a_drawing(4);
  }
  BOOST_TEST(in_a_team == 4u);
}

BOOST_AUTO_TEST_CASE(a_thread_rounds_to_the_nearest) {
  std::fesetround(FE_DOWNWARD);
  {
    const OwnThread own(1);
    BOOST_TEST(std::fegetround() == FE_TONEAREST);
  }
  BOOST_TEST(std::fegetround() == FE_DOWNWARD);
  std::fesetround(FE_TONEAREST);
}

BOOST_AUTO_TEST_SUITE_END()
