#include "cache/lmdb/reporting_child.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <memory>

#include "forked_child.hpp"

namespace {

using zimg::cache::ChildMessage;
using zimg::cache::ReportingChild;

void send_without_end(ReportingChild::Sender& sender) {
  for (;;) sender.send(ChildMessage{});
}

// What a host forks has copies of all that is open.
pid_t start_sleeper() {
  const pid_t sleeper = ::fork();
  if (sleeper != 0) return sleeper;
  ::signal(SIGALRM, SIG_DFL);
  ::alarm(20);
  ::pause();
  ::_exit(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reporting_child)

BOOST_AUTO_TEST_CASE(tells_what_its_body_sends) {
  ReportingChild child("/a/store", [](ReportingChild::Sender& sender) {
    ChildMessage message;
    message.number = 7;
    message.payload = zimg::Bytes(300000, 5);
    sender.send(message);
  });
  const auto message = child.receive();
  BOOST_REQUIRE(message.has_value());
  BOOST_TEST(message->number == 7u);
  BOOST_TEST((message->payload == zimg::Bytes(300000, 5)));
  BOOST_TEST(!child.receive().has_value());
  BOOST_TEST(!child.has_died());
}

BOOST_AUTO_TEST_CASE(stops_when_it_is_left_while_another_child_of_the_host_lives) {
  const int status = zimg_test::in_child([] {
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(10);
    auto child = std::make_unique<ReportingChild>("/a/store", send_without_end);
    if (!child->receive()) return 1;
    const pid_t sleeper = start_sleeper();
    child.reset();
    ::kill(sleeper, SIGKILL);
    return ::waitpid(sleeper, nullptr, 0) == sleeper ? 0 : 2;
  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
