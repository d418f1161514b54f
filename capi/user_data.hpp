// A callback's user_data together with the function that lets go of it.
#pragma once

namespace zimg::capi {

using Release = void (*)(void* user_data);

// Calls its release once, when the last pointer to it goes; what that throws is lost. It is armed last, when nothing of
// the call can fail any more, so that a setter that fails leaves user_data with the caller.
class UserData {
 public:
  UserData() = default;
  UserData(const UserData&) = delete;
  UserData& operator=(const UserData&) = delete;
  ~UserData();

  void arm(void* data, Release release) noexcept {
    data_ = data;
    release_ = release;
  }
  void* get() const noexcept { return data_; }

 private:
  void* data_ = nullptr;
  Release release_ = nullptr;
};

}  // namespace zimg::capi
