#include "engine/pipeline/host_settings.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <omp.h>
#include <torch/version.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cfenv>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

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

std::vector<std::int64_t> order_of_attention(at::Context& context) {
  std::vector<std::int64_t> order;
  for (const at::SDPBackend kernel : context.sDPPriorityOrder()) order.push_back(static_cast<std::int64_t>(kernel));
  return order;
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

BOOST_AUTO_TEST_CASE(turn_off_what_makes_products_less_exact) {
  at::Context& context = at::globalContext();
  context.setAllowFP16AccumulationCuBLAS(true);
  context.setAllowFP16BF16ReductionMathSDP(true);
  context.setAllowBF16ReductionCuBLAS(false);
  const auto host_sums = context.allowBF16ReductionCuBLAS();
  const auto usual_sums = at::Context().allowBF16ReductionCuBLAS();
  const auto usual_order = at::Context().sDPPriorityOrder();
  std::vector<std::int64_t> turned;
  for (const at::SDPBackend kernel : usual_order) turned.insert(turned.begin(), static_cast<std::int64_t>(kernel));
  context.setSDPPriorityOrder(turned);
  const auto host_order = context.sDPPriorityOrder();
  {
    const OwnSettings own;
    BOOST_TEST(!context.allowFP16AccumulationCuBLAS());
    BOOST_TEST(!context.allowFP16BF16ReductionMathSDP());
    BOOST_TEST((context.allowBF16ReductionCuBLAS() == usual_sums));
    BOOST_TEST((context.sDPPriorityOrder() == usual_order));
  }
  BOOST_TEST(context.allowFP16AccumulationCuBLAS());
  BOOST_TEST(context.allowFP16BF16ReductionMathSDP());
  BOOST_TEST((context.allowBF16ReductionCuBLAS() == host_sums));
  BOOST_TEST((context.sDPPriorityOrder() == host_order));
  context.setAllowFP16AccumulationCuBLAS(false);
  context.setAllowFP16BF16ReductionMathSDP(false);
  context.setAllowBF16ReductionCuBLAS(true);
  context.setSDPPriorityOrder({turned.rbegin(), turned.rend()});
}

// libtorch of CUDA puts cuDNN's attention first at a process's first attention, in the midst of a drawing, and never
// again.
BOOST_AUTO_TEST_CASE(leave_libtorch_its_own_order_of_attention) {
  at::Context& context = at::globalContext();
  const std::vector<std::int64_t> usual = order_of_attention(context);
  std::vector<std::int64_t> turned(usual.rbegin(), usual.rend());
  BOOST_TEST_REQUIRE(context.userEnabledCuDNNSDP());
  {
    const OwnSettings own;
    BOOST_TEST(!context.userEnabledCuDNNSDP());  // so that the order cannot matter
    context.setSDPPriorityOrder(turned);
  }
  BOOST_TEST(context.userEnabledCuDNNSDP());
  BOOST_TEST(order_of_attention(context) == turned, boost::test_tools::per_element());
  {
    const OwnSettings own;
    context.setSDPPriorityOrder(usual);
  }
  BOOST_TEST(order_of_attention(context) == turned, boost::test_tools::per_element());  // a host's own is put back
  context.setSDPPriorityOrder(usual);
}

BOOST_AUTO_TEST_CASE(contradict_each_other_for_no_reader) {
  at::Context& context = at::globalContext();
  for (const bool host_shortens : {true, false}) {
    context.setAllowTF32CuDNN(host_shortens);
    context.setFloat32MatmulPrecision(host_shortens ? "high" : "highest");
    {
      const OwnSettings own;
      BOOST_TEST(!context.allowTF32CuDNN());
      BOOST_TEST(!context.allowTF32CuBLAS());
      BOOST_TEST((context.float32MatmulPrecision() == at::Float32MatmulPrecision::HIGHEST));
    }
    BOOST_TEST(context.allowTF32CuDNN() == host_shortens);
    BOOST_TEST(context.allowTF32CuBLAS() == host_shortens);
  }
  context.setAllowTF32CuDNN(true);
}

#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 11
BOOST_AUTO_TEST_CASE(are_set_and_put_back_where_those_of_the_host_contradict_each_other) {
  using enum at::Float32Op;
  at::Context& context = at::globalContext();
  const auto degree = [&](at::Float32Op operation) {
    return context.float32Precision(at::Float32Backend::CUDA, operation);
  };
  for (const bool switched : {true, false}) {
    for (const auto convolutions : {at::Float32Precision::IEEE, at::Float32Precision::TF32}) {
      context.setAllowTF32CuDNN(switched);
      context.setFloat32Precision(at::Float32Backend::CUDA, CONV, convolutions);
      const auto recurrences = degree(RNN);
      {
        const OwnSettings own;
        BOOST_TEST(!context.allowTF32CuDNN());
        BOOST_TEST((degree(CONV) == at::Float32Precision::IEEE));
      }
      BOOST_TEST((degree(CONV) == convolutions));
      BOOST_TEST((degree(RNN) == recurrences));
    }
  }
  context.setAllowTF32CuDNN(true);
}
#endif

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

// A host that was built with -ffast-math rounds the smallest numbers to zero, and so do the threads that it makes.
BOOST_AUTO_TEST_CASE(a_thread_and_its_team_keep_the_smallest_numbers) {
  const auto keeps = [] {
    volatile float smallest = std::numeric_limits<float>::min();
    return smallest / 2 > 0;
  };
  std::thread([&] {
    if (!at::Context::setFlushDenormal(true)) return;  // not on this processor
    std::atomic<int> of_the_host = 0;
#pragma omp parallel num_threads(2)
    of_the_host += keeps() ? 1 : 0;
    BOOST_TEST(of_the_host == 0);
    {
      const OwnThread own(2);
      std::atomic<int> of_the_drawing = 0;
      at::parallel_for(0, 2, 1, [&](std::int64_t, std::int64_t) { of_the_drawing += keeps() ? 1 : 0; });
      BOOST_TEST(of_the_drawing == 2);
    }
    BOOST_TEST(!keeps());
  }).join();
}

BOOST_AUTO_TEST_SUITE_END()
