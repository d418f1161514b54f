// A job: one request that a thread of its own answers.
//
// Thread-safe. In a forked child, which has not got the thread, its methods throw kClosed.
#pragma once

#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "capi/generator.hpp"
#include "capi/handle.hpp"
#include "capi/request.hpp"
#include "capi/user_data.hpp"
#include "zimg/error.hpp"
#include "zimg/pipeline.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

class Job : public std::enable_shared_from_this<Job> {
 public:
  Job(SharedCore core, const zimg_request& request);

  // Arms `data`, which `on_done` holds. Errors: kInvalidArgument where the job was started.
  void set_done(std::function<void()> on_done, UserData& data, void* user_data, Release release);
  void start();

  zimg_job_state state() const;
  // Whether the job is done. A negative timeout is none. Errors: kInvalidArgument where it was not started, and in a
  // callback that the job waits for.
  bool wait(std::int64_t timeout_ms) const;
  void cancel() noexcept { request_.cancel.cancel(); }
  void read_progress(std::uint32_t& step, std::uint32_t& steps) const;
  std::optional<Picture> preview() const;  // pixels alone

  // Errors: those of the request; kInvalidArgument where the job is not done.
  Result result() const;

  // Waits for the thread, and lets none start any more; not from a callback.
  void give_up() noexcept;
  bool is_in_forked_child() const noexcept { return ::getpid() != owner_; }

 private:
  void watch_progress();
  void run() noexcept;
  void note(const Progress& progress);
  void refuse_in_forked_child() const;

  const pid_t owner_ = ::getpid();
  SharedCore core_;  // null once the job is done, so that it keeps nothing open
  Request request_;
  std::function<void()> on_done_;
  std::thread thread_;

  mutable std::mutex mutex_;
  mutable std::condition_variable done_;
  zimg_job_state state_ = ZIMG_JOB_STATE_CREATED;
  bool is_given_up_ = false;
  std::uint32_t step_ = 0;
  std::uint32_t steps_ = 0;
  std::optional<Picture> preview_;
  std::optional<Result> result_;  // set when it is done, unless `failure_` is
  std::exception_ptr failure_;
};

}  // namespace zimg::capi

struct zimg_job : zimg::capi::Handle<zimg_job> {
  zimg_job(zimg::capi::SharedCore core, const zimg_request& request)
      : value(std::make_shared<zimg::capi::Job>(std::move(core), request)) {}
  const std::shared_ptr<zimg::capi::Job> value;  // shared with the calls in flight
};
