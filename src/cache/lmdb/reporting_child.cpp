#include "cache/lmdb/reporting_child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "cache/lmdb/lmdb_error.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

// Kinds beyond those that the ends agree on.
constexpr std::uint8_t kFinished = 255;
constexpr std::uint8_t kThrew = 254;  // number: the code; header: the sentence

// Lengths beyond these come from a child that damage has led astray.
constexpr std::uint64_t kLargestHeader = std::uint64_t{1} << 16;
constexpr std::uint64_t kLargestPayload = std::uint64_t{1} << 33;

struct Lengths {
  std::uint64_t kind, number, header, payload;
};

// What damaged data ends a process by.
constexpr int kFatalSignals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

struct NobodyListens {};

void write_all(int fd, const void* data, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(data);
  while (size > 0) {
    const ssize_t written = ::write(fd, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw NobodyListens{};
    at += written;
    size -= static_cast<std::size_t>(written);
  }
}

void write_message(int fd, const Lengths& lengths, const CacheKey& key, const void* header, const void* payload) {
  write_all(fd, &lengths, sizeof lengths);
  write_all(fd, key.digest().data(), CacheKey::kSize);
  write_all(fd, header, lengths.header);
  write_all(fd, payload, lengths.payload);
}

// Allocates nothing: it may be memory that ran out.
void write_thrown(int fd, ErrorCode code, std::string_view sentence) {
  const Lengths lengths{kThrew, static_cast<std::uint64_t>(code), sentence.size(), 0};
  write_message(fd, lengths, CacheKey(CacheKey::Digest{}), sentence.data(), nullptr);
}

}  // namespace

void ReportingChild::Sender::send(const ChildMessage& message) {
  const Lengths lengths{message.kind, message.number, message.header.size(), message.payload.size()};
  write_message(fd_, lengths, message.key, message.header.data(), message.payload.data());
}

ReportingChild::ReportingChild(const std::string& store, const std::function<void(Sender&)>& body) : store_(store) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw base::system_error(ErrorCode::kCache, "cannot make a child process to read", store, errno);
  }
  child_ = ::fork();
  const int error_number = errno;
  if (child_ == 0) {
    ::close(ends[0]);
    run(body, ends[1]);
  }
  ::close(ends[1]);
  fd_ = ends[0];
  if (child_ < 0) {
    ::close(fd_);
    throw base::system_error(ErrorCode::kCache, "cannot make a child process to read", store, error_number);
  }
}

// Whatever else the host has forked meanwhile has a copy of this end: closing ours alone would tell the child nothing.
ReportingChild::~ReportingChild() {
  ::shutdown(fd_, SHUT_RDWR);
  ::close(fd_);
  wait();
}

int ReportingChild::wait() noexcept {
  int status = 0;
  if (child_ < 0) return status;
  while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return status;
}

std::string ReportingChild::expect_death_by_damage() {
  const int status = wait();
  const int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  const std::string end =
      number != 0 ? "signal " + std::to_string(number) : "exit code " + std::to_string(WEXITSTATUS(status));
  for (const int fatal : kFatalSignals) {
    if (number == fatal) return end;
  }
  if (number == 0 && WEXITSTATUS(status) != 0) return end;  // a sanitizer's way to end on such a signal
  throw Error(ErrorCode::kCache, "the process that read the store '" + store_ + "' was ended from outside (" + end +
                                     "); what it read until then says nothing about the store");
}

// Ends without returning and without the parent's exit handlers.
void ReportingChild::run(const std::function<void(Sender&)>& body, int fd) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 0);  // a death here is foreseen: no core file
  for (const int number : kFatalSignals) ::signal(number, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGINT, SIG_IGN);  // the parent decides when to stop
  ::signal(SIGPIPE, SIG_IGN);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);  // the C library and sanitizers say there what they die of
  Sender sender(fd);
  try {
    try {
      try {
        body(sender);
      } catch (const LmdbFailure& failure) {
        throw to_error(failure, store_);
      }
      write_message(fd, Lengths{kFinished, 0, 0, 0}, CacheKey(CacheKey::Digest{}), nullptr, nullptr);
    } catch (const Error& error) {
      write_thrown(fd, error.code(), error.what());
    } catch (const std::bad_alloc&) {
      write_thrown(fd, ErrorCode::kOutOfMemory, "memory ran out while a store was read");
    } catch (const std::exception& error) {
      write_thrown(fd, ErrorCode::kInternal, error.what());
    }
  } catch (...) {  // nobody listens
  }
  ::_exit(0);
}

bool ReportingChild::read(void* out, std::size_t size) {
  auto* at = static_cast<std::uint8_t*>(out);
  while (size > 0) {
    const ssize_t got = ::read(fd_, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::optional<ChildMessage> ReportingChild::receive() {
  Lengths lengths;
  CacheKey::Digest key;
  if (!read(&lengths, sizeof lengths) || !read(key.data(), key.size())) return std::nullopt;
  if (lengths.header > kLargestHeader || lengths.payload > kLargestPayload) return std::nullopt;
  ChildMessage message;
  message.kind = static_cast<std::uint8_t>(lengths.kind);
  message.key = CacheKey(key);
  message.number = lengths.number;
  message.header.resize(lengths.header);
  message.payload.resize(lengths.payload);
  if (!read(message.header.data(), message.header.size())) return std::nullopt;
  if (!read(message.payload.data(), message.payload.size())) return std::nullopt;
  if (message.kind == kThrew) {
    is_finished_ = true;
    throw Error(static_cast<ErrorCode>(message.number), std::string(message.header.begin(), message.header.end()));
  }
  if (message.kind != kFinished) return message;
  is_finished_ = true;
  return std::nullopt;
}

}  // namespace zimg::cache
