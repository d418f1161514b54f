#include "generator/waiting_room.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>

#include "unit/generator/gate.hpp"

using zimg::generator::WaitingRoom;
using zimg_test::comes_true;
using zimg_test::Gate;

BOOST_AUTO_TEST_SUITE(waiting_room)

BOOST_AUTO_TEST_CASE(asks_each_guest_until_it_says_yes) {
  std::atomic<int> one = 0;
  std::atomic<int> other = 0;
  WaitingRoom room;
  BOOST_TEST(room.admit([&] { return ++one == 3; }));
  BOOST_TEST(room.admit([&] { return ++other == 5; }));
  BOOST_TEST(comes_true([&] { return one == 3 && other == 5; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  BOOST_TEST(one == 3);
  BOOST_TEST(other == 5);
}

BOOST_AUTO_TEST_CASE(takes_guests_after_it_was_empty) {
  WaitingRoom room;
  for (int i = 0; i < 3; ++i) {
    std::atomic<bool> was_asked = false;
    BOOST_TEST(room.admit([&] { return was_asked = true, true; }));
    BOOST_TEST(comes_true([&] { return was_asked.load(); }));
  }
}

BOOST_AUTO_TEST_CASE(a_guest_may_bring_another) {
  WaitingRoom room;
  std::atomic<bool> came = false;
  room.admit([&] { return room.admit([&] { return came = true, true; }); });
  BOOST_TEST(comes_true([&] { return came.load(); }));
}

BOOST_AUTO_TEST_CASE(closing_waits_for_the_round_and_sends_everyone_away) {
  Gate asking;
  std::atomic<bool> is_done = false;
  std::atomic<int> asked_after = 0;
  const auto kept = std::make_shared<int>(7);
  WaitingRoom room;
  room.admit([&] {
    asking.open();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    is_done = true;
    return false;
  });
  room.admit([kept] { return false; });
  BOOST_TEST(asking.pass());
  room.close();
  BOOST_TEST(is_done);
  BOOST_TEST(kept.use_count() == 1);
  BOOST_TEST(!room.admit([&] { return ++asked_after, true; }));
  BOOST_TEST(asked_after == 0);
}

BOOST_AUTO_TEST_SUITE_END()
