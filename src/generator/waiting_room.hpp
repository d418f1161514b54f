// A WaitingRoom asks its guests again and again, on a thread of its own, whether what they wait for has come.
//
// Thread-safe. For what tells nobody when it happens: another process that is done with a drawing.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace zimg::generator {

class WaitingRoom {
 public:
  // Asked every few milliseconds until it says true. Must not throw.
  using Guest = std::function<bool()>;

  WaitingRoom() = default;
  ~WaitingRoom() { close(); }
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // False, and the guest is sent away unasked, when the room is closed or the system gives no thread to ask on.
  bool admit(Guest guest);

  // Waits for the round that is being asked and sends everyone away.
  void close();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Guest> guests_;
  bool is_closed_ = false;
  std::thread thread_;
};

}  // namespace zimg::generator
