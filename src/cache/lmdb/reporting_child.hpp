// ReportingChild is a child process that does what may kill it, reading a damaged map say, and reports over a socket.
//
// One thread at a time. The child inherits the memory of its parent and none of its threads: its body opens what it
// needs itself. It ends when the parent does, or goes on without listening.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "zimg/bytes.hpp"
#include "zimg/cache_key.hpp"

namespace zimg::cache {

struct ChildMessage {
  std::uint8_t kind = 0;  // what it means is for the two ends to agree on
  CacheKey key{CacheKey::Digest{}};
  std::uint64_t number = 0;
  Bytes header;
  Bytes payload;
};

class ReportingChild {
 public:
  // The child's end. Throws, to unwind the body, when nobody listens any more.
  class Sender {
   public:
    explicit Sender(int fd) : fd_(fd) {}
    void send(const ChildMessage& message);

   private:
    int fd_;
  };

  // Runs `body`, which reads `store`, in a child. Errors: kCache when none can be made.
  ReportingChild(const std::string& store, const std::function<void(Sender&)>& body);
  // Waits for the child, which stops at its next message.
  ~ReportingChild();
  ReportingChild(const ReportingChild&) = delete;
  ReportingChild& operator=(const ReportingChild&) = delete;

  // The next message; nullopt when the child is over. What the body threw is thrown here.
  std::optional<ChildMessage> receive();
  // After the last message: it ended before its body did.
  bool has_died() const noexcept { return !is_finished_; }
  // Then: what it died of, "signal 11". Errors: kCache unless that is what damaged data leads to, as when somebody
  // killed it.
  std::string expect_death_by_damage();

 private:
  void run(const std::function<void(Sender&)>& body, int fd) noexcept;
  bool read(void* out, std::size_t size);

  int wait() noexcept;

  const std::string store_;
  pid_t child_ = -1;  // -1 once it was waited for
  int fd_ = -1;
  bool is_finished_ = false;
};

}  // namespace zimg::cache
