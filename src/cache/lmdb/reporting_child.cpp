#include "cache/lmdb/reporting_child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <string>

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

ChildMessage thrown(ErrorCode code, const std::string& sentence) {
  ChildMessage message;
  message.kind = kThrew;
  message.number = static_cast<std::uint64_t>(code);
  message.header.assign(sentence.begin(), sentence.end());
  return message;
}

}  // namespace

void ReportingChild::Sender::send(const ChildMessage& message) {
  const Lengths lengths{message.kind, message.number, message.header.size(), message.payload.size()};
  write_all(fd_, &lengths, sizeof lengths);
  write_all(fd_, message.key.digest().data(), CacheKey::kSize);
  write_all(fd_, message.header.data(), message.header.size());
  write_all(fd_, message.payload.data(), message.payload.size());
}

ReportingChild::ReportingChild(const std::string& store, const std::function<void(Sender&)>& body) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
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

ReportingChild::~ReportingChild() {
  ::close(fd_);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Ends without returning and without the parent's exit handlers.
void ReportingChild::run(const std::function<void(Sender&)>& body, int fd) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 0);  // a death here is foreseen: no core file
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM}) ::signal(number, SIG_DFL);
  ::signal(SIGINT, SIG_IGN);  // the parent decides when to stop
  ::signal(SIGPIPE, SIG_IGN);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);  // the C library and sanitizers say there what they die of
  Sender sender(fd);
  try {
    ChildMessage last;
    last.kind = kFinished;
    try {
      body(sender);
    } catch (const LmdbFailure& failure) {
      last = thrown(ErrorCode::kCache, std::string("cannot ") + failure.action() + ": " + failure.what());
    } catch (const Error& error) {
      last = thrown(error.code(), error.what());
    }
    sender.send(last);
  } catch (...) {  // nobody listens, or memory would not do
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
