#include "generator/work_queue.hpp"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>

#include "unit/generator/gate.hpp"

using zimg::generator::WorkQueue;
using zimg_test::comes_true;
using zimg_test::Gate;

BOOST_AUTO_TEST_SUITE(work_queue)

BOOST_AUTO_TEST_CASE(runs_tasks_in_the_order_in_which_they_came) {
  std::vector<int> seen;
  WorkQueue queue(1, 0);
  for (int i = 0; i < 100; ++i) BOOST_TEST(queue.post([&seen, i] { seen.push_back(i); }));
  queue.drain();
  BOOST_REQUIRE_EQUAL(seen.size(), 100u);
  BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
}

BOOST_AUTO_TEST_CASE(runs_as_many_at_once_as_it_has_threads_and_no_more) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  Gate gate;
  WorkQueue queue(3, 0);
  for (int i = 0; i < 9; ++i) {
    queue.post([&] {
      const int now = ++running;
      for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
      }
      gate.pass();
      --running;
    });
  }
  BOOST_TEST(comes_true([&] { return running == 3; }));
  gate.open();
  queue.drain();
  BOOST_TEST(most == 3);
}

BOOST_AUTO_TEST_CASE(drops_what_is_beyond_its_bound) {
  Gate gate;
  std::atomic<int> done = 0;
  WorkQueue queue(1, 2);
  const auto task = [&] {
    gate.pass();
    ++done;
  };
  BOOST_TEST(queue.post(task));
  BOOST_TEST(queue.post(task));
  BOOST_TEST(!queue.post(task));
  gate.open();
  queue.drain();
  BOOST_TEST(done == 2);
  BOOST_TEST(queue.post(task));
  queue.drain();
  BOOST_TEST(done == 3);
}

BOOST_AUTO_TEST_CASE(drain_of_an_idle_queue_returns) {
  WorkQueue queue(1, 0);
  queue.drain();
}

BOOST_AUTO_TEST_CASE(drain_waits_for_no_later_task) {
  Gate first;
  Gate second;
  std::atomic<bool> second_is_done = false;
  WorkQueue queue(1, 0);
  queue.post([&] { first.pass(); });
  auto drained = std::async(std::launch::async, [&] { queue.drain(); });
  BOOST_TEST((drained.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  queue.post([&] {
    second.pass();
    second_is_done = true;
  });
  first.open();
  BOOST_TEST((drained.wait_for(zimg_test::kPatience / 2) == std::future_status::ready));
  BOOST_TEST(!second_is_done);
  second.open();
}

BOOST_AUTO_TEST_CASE(lets_go_of_what_a_task_holds_before_it_counts_as_done) {
  auto held = std::make_shared<int>(0);
  WorkQueue queue(1, 0);
  queue.post([held] {});
  queue.drain();
  BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_task_may_post_another) {
  std::atomic<int> done = 0;
  WorkQueue outer(2, 0);
  outer.post([&] {
    outer.post([&] { ++done; });
    ++done;
  });
  BOOST_TEST(comes_true([&] { return done == 2; }));
}

BOOST_AUTO_TEST_CASE(runs_what_is_queued_before_it_goes) {
  std::atomic<int> done = 0;
  {
    WorkQueue queue(1, 0);
    for (int i = 0; i < 50; ++i) queue.post([&] { ++done; });
  }
  BOOST_TEST(done == 50);
}

BOOST_AUTO_TEST_SUITE_END()
