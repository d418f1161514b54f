#include "cache/lmdb/drawing_lock.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>

#include "cache/lmdb/file_lock.hpp"
#include "temporary_folder.hpp"
#include "zimg/error.hpp"

using zimg::CacheKey;
using zimg::DrawingClaim;
using zimg::cache::claim_drawing;

namespace {

CacheKey key_of(std::uint8_t number) {
  CacheKey::Digest digest{};
  digest.fill(0xff);  // the farthest octets of the file
  digest[0] = number;
  return CacheKey(digest);
}

struct Fixture {
  zimg_test::TemporaryFolder folder;
  const std::string path = folder.path("drawing.lock");

  bool is_granted(std::uint8_t number = 0xff) const {
    return claim_drawing(path, key_of(number)).state == DrawingClaim::State::kHeld;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(drawing_lock, Fixture)

BOOST_AUTO_TEST_CASE(one_holds_a_key_until_it_lets_go) {
  DrawingClaim claim = claim_drawing(path, key_of(0xff));
  BOOST_TEST((claim.state == DrawingClaim::State::kHeld));
  const DrawingClaim other = claim_drawing(path, key_of(0xff));
  BOOST_TEST((other.state == DrawingClaim::State::kElsewhere));
  BOOST_TEST(!other.hold);
  BOOST_TEST(is_granted(0));
  claim.hold.reset();
  BOOST_TEST(is_granted());
}

BOOST_AUTO_TEST_CASE(the_file_stays_empty_and_private) {
  const DrawingClaim claim = claim_drawing(path, key_of(0xff));
  struct stat status {};
  BOOST_TEST(::stat(path.c_str(), &status) == 0);
  BOOST_TEST(status.st_size == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(goes_with_the_process_that_holds_it) {
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    const DrawingClaim claim = claim_drawing(path, key_of(0xff));
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char mark = 0;
  BOOST_TEST(::read(ready[0], &mark, 1) == 1);
  BOOST_TEST(!is_granted());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(is_granted());
  ::close(ready[0]);
  ::close(ready[1]);
}

BOOST_AUTO_TEST_CASE(a_forked_child_does_not_free_what_is_its_parents) {
  DrawingClaim claim = claim_drawing(path, key_of(0xff));
  const pid_t child = ::fork();
  if (child == 0) {
    claim.hold.reset();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(!is_granted());
}

BOOST_AUTO_TEST_CASE(a_child_that_lives_on_keeps_nothing_that_its_parent_let_go) {
  DrawingClaim claim = claim_drawing(path, key_of(0xff));
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    for (;;) ::pause();
  }
  claim.hold.reset();
  BOOST_TEST(is_granted());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

BOOST_AUTO_TEST_CASE(goes_with_a_process_that_left_a_forked_child_behind) {
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const DrawingClaim claim = claim_drawing(path, key_of(0xff));
    zimg::cache::FileLock lock(folder.path("writer.lock"));
    if (!lock.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds{0})) ::_exit(1);
    const pid_t worker = ::fork();
    if (worker != 0 && ::write(ready[1], &worker, sizeof worker) != sizeof worker) ::_exit(1);
    ::alarm(60);
    for (;;) ::pause();
  }
  pid_t worker = 0;
  BOOST_REQUIRE(::read(ready[0], &worker, sizeof worker) == sizeof worker);
  zimg::cache::FileLock lock(folder.path("writer.lock"));
  const auto is_free = [&] {
    return lock.acquire(zimg::cache::FileLock::Mode::kExclusive, std::chrono::milliseconds{2000});
  };
  BOOST_TEST(!is_granted());
  BOOST_TEST(!is_free());
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  BOOST_TEST(is_granted());
  BOOST_TEST(is_free());
  BOOST_TEST(::kill(worker, SIGKILL) == 0);  // it was there all the time
  ::close(ready[0]);
  ::close(ready[1]);
}

BOOST_AUTO_TEST_CASE(says_what_it_could_not_open) {
  BOOST_CHECK_EXCEPTION(claim_drawing(folder.path("missing/drawing.lock"), key_of(1)), zimg::Error,
                        [](const zimg::Error& e) {
                          return e.code() == zimg::ErrorCode::kCache &&
                                 std::string(e.what()).find("missing/drawing.lock") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_SUITE_END()
