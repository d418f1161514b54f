// Processes that share a store and ask for one picture: one draws, the others wait for it, and no fate of the one keeps
// them waiting.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>
#include <thread>

#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::comes_true;
using zimg_test::FakePipeline;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;
namespace fs = std::filesystem;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

// The exit codes of a child.
enum Told : int { kHitTold = 10, kDrawnTold = 11, kJoinedTold = 12, kErrorTold = 20 };

struct Fixture : GeneratorFixture {
  zimg_test::TemporaryFolder folder;
  const std::string store = folder.path("store");
  const std::string drawings = folder.path("drawings");  // an octet for each drawing that began
  const std::string go = folder.path("go");              // drawings end when it is there

  Fixture() {
    std::ofstream(drawings).flush();
    open_store();  // so that the children do not have to create it
  }

  std::shared_ptr<ICache> open_store() const {
    LmdbOptions options;
    options.path = store;
    options.capacity_bytes = 64u << 20;
    options.lock_timeout_ms = 10000;
    return open_lmdb_cache(options);
  }

  // A pipeline whose drawings are counted across processes and last until `go` is there.
  std::shared_ptr<FakePipeline> counted_pipeline() const {
    auto counted = std::make_shared<FakePipeline>();
    counted->before = [this](const DrawingOrder&, IDrawingObserver& observer) {
      const int fd = ::open(drawings.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
      if (::write(fd, "x", 1) != 1) throw std::runtime_error("the drawing cannot be counted");
      ::close(fd);
      comes_true([&] { return fs::exists(go) || observer.is_cancelled(); });
    };
    return counted;
  }

  GeneratorOptions counting(std::uint32_t patience_ms = 30000) const {
    GeneratorOptions counting = options();
    counting.pipeline = counted_pipeline();
    counting.patience_ms = patience_ms;
    return counting;
  }

  std::uintmax_t begun() const { return fs::file_size(drawings); }
  void let_go() const { std::ofstream(go).flush(); }

  // The exit code that tells of it.
  static int told(const Result& result) {
    switch (result.report.outcome) {
      case Outcome::kHit:
        return kHitTold;
      case Outcome::kDrawn:
        return kDrawnTold;
      case Outcome::kJoined:
        return kJoinedTold;
    }
    return 0;
  }

  // A process that asks once. Nobody but this thread may run here meanwhile.
  pid_t start(const Request& request = small_request("a red circle"), std::uint32_t patience_ms = 30000) const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::alarm(60);
    int code = kErrorTold;
    try {
      const auto shared = open_store();
      Generator generator(counting(patience_ms), shared);
      code = told(generator.generate(request));
      generator.drain();
      shared->stats();                 // which adds what was counted to the store's file
    } catch (const std::exception&) {  // told by the code
    }
    ::_exit(code);
  }

  // The exit code, or -1 for a child that was killed.
  static int end_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

void sleep_ms(int ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(processes, Fixture)

BOOST_AUTO_TEST_CASE(equal_requests_of_four_processes_are_drawn_once) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(start());
  BOOST_TEST(comes_true([&] { return begun() > 0; }));
  sleep_ms(300);
  BOOST_TEST(begun() == 1u);
  let_go();
  std::map<int, int> ends;
  for (const pid_t child : children) ++ends[end_of(child)];
  BOOST_TEST(begun() == 1u);
  BOOST_TEST(ends[kDrawnTold] == 1);
  BOOST_TEST(ends[kDrawnTold] + ends[kJoinedTold] + ends[kHitTold] == 4);  // one that came late finds it
  BOOST_TEST(ends[kJoinedTold] >= 1);
  BOOST_TEST(open_store()->stats().hits == static_cast<unsigned>(ends[kHitTold]));  // who joined did not hit
  BOOST_TEST(open_store()->stats().misses == 1u);
}

BOOST_AUTO_TEST_CASE(unequal_requests_do_not_wait_for_each_other) {
  const pid_t one = start(small_request("a red circle"));
  const pid_t other = start(small_request("a blue circle"));
  BOOST_TEST(comes_true([&] { return begun() == 2; }));
  let_go();
  BOOST_TEST(end_of(one) == kDrawnTold);
  BOOST_TEST(end_of(other) == kDrawnTold);
}

BOOST_AUTO_TEST_CASE(a_leader_that_is_killed_is_replaced_at_once) {
  const pid_t leader = start();
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  const pid_t waiting = start();
  const pid_t also_waiting = start();
  sleep_ms(200);
  BOOST_TEST(begun() == 1u);
  ::kill(leader, SIGKILL);
  const auto killed = std::chrono::steady_clock::now();
  BOOST_TEST(comes_true([&] { return begun() == 2; }));
  const auto stalled = std::chrono::steady_clock::now() - killed;
  BOOST_TEST((stalled < std::chrono::seconds(10)));  // the patience is 30 s; the machine may be busy
  const double stalled_ms = std::chrono::duration<double, std::milli>(stalled).count();
  BOOST_TEST_MESSAGE("replaced after " << stalled_ms << " ms");
  let_go();
  BOOST_TEST(end_of(leader) == -1);
  std::map<int, int> ends;
  for (const pid_t child : {waiting, also_waiting}) ++ends[end_of(child)];
  BOOST_TEST(ends[kDrawnTold] == 1);
  BOOST_TEST(begun() == 2u);
}

BOOST_AUTO_TEST_CASE(a_leader_that_is_frozen_is_passed_by) {
  const pid_t leader = start();
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  ::kill(leader, SIGSTOP);
  const pid_t waiting = start(small_request("a red circle"), 300);
  BOOST_TEST(comes_true([&] { return begun() == 2; }));
  let_go();
  BOOST_TEST(end_of(waiting) == kDrawnTold);
  ::kill(leader, SIGCONT);
  BOOST_TEST(end_of(leader) == kDrawnTold);
  BOOST_TEST(end_of(start()) == kHitTold);
}

BOOST_AUTO_TEST_CASE(patience_lasts_as_long_as_it_was_given) {
  const pid_t leader = start();
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  const pid_t waiting = start(small_request("a red circle"), 60000);
  sleep_ms(500);
  BOOST_TEST(begun() == 1u);
  let_go();
  BOOST_TEST(end_of(leader) == kDrawnTold);
  BOOST_TEST(end_of(waiting) == kJoinedTold);
}

BOOST_AUTO_TEST_CASE(who_keeps_nothing_makes_nobody_wait_but_waits) {
  Request unkept = small_request("a red circle");
  unkept.mode = CacheMode::kNoStore;
  const pid_t first = start(unkept);
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  const pid_t keeping = start();
  BOOST_TEST(comes_true([&] { return begun() == 2; }));
  const pid_t second = start(unkept);
  sleep_ms(200);
  BOOST_TEST(begun() == 2u);
  let_go();
  BOOST_TEST(end_of(first) == kDrawnTold);
  BOOST_TEST(end_of(keeping) == kDrawnTold);
  const int end = end_of(second);
  BOOST_TEST((end == kJoinedTold || end == kHitTold));
}

BOOST_AUTO_TEST_CASE(those_that_look_nowhere_wait_for_nobody) {
  const pid_t leader = start();
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  std::vector<pid_t> children;
  for (const CacheMode mode : {CacheMode::kBypass, CacheMode::kRefresh}) {
    Request request = small_request("a red circle");
    request.mode = mode;
    children.push_back(start(request));
  }
  BOOST_TEST(comes_true([&] { return begun() == 3; }));
  let_go();
  BOOST_TEST(end_of(leader) == kDrawnTold);
  for (const pid_t child : children) BOOST_TEST(end_of(child) == kDrawnTold);
}

BOOST_AUTO_TEST_CASE(a_hit_does_not_wait_for_a_drawing_nor_touch_the_lock) {
  let_go();
  BOOST_TEST(end_of(start()) == kDrawnTold);
  fs::remove(store + "/drawing.lock");
  BOOST_TEST(end_of(start()) == kHitTold);
  BOOST_TEST(!fs::exists(store + "/drawing.lock"));
}

BOOST_AUTO_TEST_CASE(a_lock_file_that_cannot_be_opened_costs_no_picture) {
  fs::create_directory(store + "/drawing.lock");
  let_go();
  BOOST_TEST(end_of(start()) == kDrawnTold);
  BOOST_TEST(end_of(start()) == kHitTold);
}

// From here on this process has threads, so it forks no more.

BOOST_AUTO_TEST_CASE(two_generators_of_one_process_draw_once_too) {
  const auto shared = open_store();
  Generator one(counting(), shared);
  Generator other(counting(), open_store());
  auto first = ask(one, small_request("a red circle"));
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  auto second = ask(other, small_request("a red circle"));
  Request as_jpeg = small_request("a red circle");
  as_jpeg.format = ImageFormat::kJpeg;
  auto third = ask(other, as_jpeg);
  sleep_ms(100);
  BOOST_TEST(begun() == 1u);
  let_go();
  const Result drawn = first->result.get();
  const Result joined = second->result.get();
  BOOST_TEST(outcome_name(drawn.report.outcome) == "drawn");
  BOOST_TEST(outcome_name(joined.report.outcome) == "joined");
  BOOST_TEST(stored_name(joined.report.stored) == "yes");
  BOOST_TEST(joined.report.times_ms.wait > 50);
  BOOST_TEST(joined.report.times_ms.denoise == 0);
  BOOST_TEST((*joined.bytes == *drawn.bytes));
  const Result jpeg = third->result.get();
  BOOST_TEST(outcome_name(jpeg.report.outcome) == "joined");
  BOOST_TEST(jpeg.bytes->front() == 0xFF);
  BOOST_TEST(begun() == 1u);
}

BOOST_AUTO_TEST_CASE(who_waits_elsewhere_may_be_cancelled) {
  Generator one(counting(), open_store());
  Generator other(counting(), open_store());
  auto first = ask(one, small_request("a red circle"));
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  auto second = ask(other, small_request("a red circle"));
  auto third = ask(other, small_request("a red circle"));
  sleep_ms(50);
  second->request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(second->result.get(), Error, is_error(ErrorCode::kCancelled));
  third->request.cancel.cancel();
  BOOST_CHECK_EXCEPTION(third->result.get(), Error, is_error(ErrorCode::kCancelled));
  BOOST_TEST(begun() == 1u);
  auto last = ask(other, small_request("a red circle"));
  let_go();
  first->result.get();
  BOOST_TEST(!last->result.get().bytes->empty());
  BOOST_TEST(begun() == 1u);
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_one_is_not_the_others) {
  GeneratorOptions failing = counting();
  const auto spoiling = counted_pipeline();
  spoiling->spoil = [](Picture&) { throw Error(ErrorCode::kDevice, "the latents are not finite"); };
  failing.pipeline = spoiling;
  Generator one(failing, open_store());
  Generator other(counting(), open_store());
  auto first = ask(one, small_request("a red circle"));
  BOOST_TEST(comes_true([&] { return begun() == 1; }));
  auto second = ask(other, small_request("a red circle"));
  sleep_ms(50);
  let_go();
  BOOST_CHECK_EXCEPTION(first->result.get(), Error, is_error(ErrorCode::kDevice));
  BOOST_TEST(outcome_name(second->result.get().report.outcome) == "drawn");
  BOOST_TEST(begun() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
