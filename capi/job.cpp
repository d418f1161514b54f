#include "capi/job.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>

#include "capi/callback_scope.hpp"
#include "capi/guard.hpp"
#include "capi/picture.hpp"
#include "capi/result.hpp"
#include "capi/user_data.hpp"

namespace zimg::capi {
namespace {

// Longer than any wait that ends: what steady_clock can still add to its now.
constexpr std::int64_t kLongestWaitMs = std::int64_t{1000} * 60 * 60 * 24 * 365 * 100;

}  // namespace

Job::Job(SharedCore core, const zimg_request& request) : core_(std::move(core)), request_(request.value) {
  // A token of its own below the request's: the job is cancelled alone, or with all that carries the request's.
  request_.cancel = request_.cancel.child();
}

// A drawing that others share may go on when this job is cancelled and gone, so what it tells holds no job.
void Job::watch_progress() {
  request_.on_progress = [watched = weak_from_this(), owner = core_.get(),
                          inner = std::move(request_.on_progress)](const Progress& progress) {
    if (const auto job = watched.lock()) job->note(progress);
    if (!inner) return;
    const CallbackScope scope(owner);
    inner(progress);
  };
}

void Job::refuse_in_forked_child() const {
  if (is_in_forked_child()) throw Error(ErrorCode::kClosed, "this job belongs to the parent process");
}

void Job::set_done(std::function<void()> on_done, UserData& data, void* user_data, Release release) {
  refuse_in_forked_child();
  const std::lock_guard lock(mutex_);
  if (state_ != ZIMG_JOB_STATE_CREATED) {
    throw Error(ErrorCode::kInvalidArgument, "the job was started; what is called at its end is set before that");
  }
  on_done_.swap(on_done);  // the old one, whose release may ask this job, goes with the argument, without the lock
  data.arm(user_data, release);  // before another thread can start the job
}

void Job::start() {
  refuse_in_forked_child();
  const std::lock_guard lock(mutex_);
  if (state_ != ZIMG_JOB_STATE_CREATED) {
    throw Error(ErrorCode::kInvalidArgument, "the job was started before; a job is started once");
  }
  if (is_given_up_) throw Error(ErrorCode::kClosed, "the job is being destroyed");
  const auto unwatched = request_.on_progress;
  watch_progress();
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& e) {
    request_.on_progress = unwatched;  // it may be started again
    throw Error(ErrorCode::kOutOfMemory, std::string("the system gives no thread for the job: ") + e.what());
  }
  state_ = ZIMG_JOB_STATE_RUNNING;
}

void Job::run() noexcept {
  std::optional<Result> result;
  std::exception_ptr failure = failure_of([&] { result.emplace(core_->generate(request_)); });
  SharedCore core;  // goes last, on this thread: it may wait for pending stores, and whoever waits for the job need not
  {
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    failure_ = std::move(failure);
    state_ = ZIMG_JOB_STATE_DONE;
    core = std::move(core_);
  }
  done_.notify_all();
  if (on_done_) {
    guarded(nullptr, [this] {
      const CallbackScope scope(this);
      on_done_();
    });
  }
}

void Job::note(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  step_ = progress.step;
  steps_ = progress.steps;
  if (progress.preview.empty()) return;
  preview_.emplace();
  preview_->width = progress.preview_width;
  preview_->height = progress.preview_height;
  preview_->rgb = progress.preview;
}

zimg_job_state Job::state() const {
  if (is_in_forked_child()) return ZIMG_JOB_STATE_CREATED;
  const std::lock_guard lock(mutex_);
  return state_;
}

bool Job::wait(std::int64_t timeout_ms) const {
  refuse_in_forked_child();
  std::unique_lock lock(mutex_);
  if (state_ == ZIMG_JOB_STATE_CREATED) {
    throw Error(ErrorCode::kInvalidArgument, "the job was not started; a job that runs is waited for");
  }
  if (state_ == ZIMG_JOB_STATE_DONE) return true;
  core_->refuse_in_callback("wait for a job");
  const auto is_done = [this] { return state_ == ZIMG_JOB_STATE_DONE; };
  if (timeout_ms >= 0)
    return done_.wait_for(lock, std::chrono::milliseconds(std::min(timeout_ms, kLongestWaitMs)), is_done);
  done_.wait(lock, is_done);
  return true;
}

void Job::read_progress(std::uint32_t& step, std::uint32_t& steps) const {
  if (is_in_forked_child()) return;
  const std::lock_guard lock(mutex_);
  step = step_;
  steps = steps_;
}

std::optional<Picture> Job::preview() const {
  refuse_in_forked_child();
  const std::lock_guard lock(mutex_);
  return preview_;
}

Result Job::result() const {
  refuse_in_forked_child();
  const std::lock_guard lock(mutex_);
  if (state_ != ZIMG_JOB_STATE_DONE) {
    throw Error(ErrorCode::kInvalidArgument, "the job is not done; wait for it first");
  }
  if (failure_) std::rethrow_exception(failure_);
  return *result_;
}

void Job::give_up() noexcept {
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    is_given_up_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

namespace {

void end_job(void* job) {
  auto* handle = static_cast<zimg_job*>(job);
  handle->value->give_up();
  destroy(handle);
}

// The job, held for as long as a call takes: another thread may destroy the handle meanwhile. Null for NULL.
std::shared_ptr<Job> shared_job(const zimg_job* job) {
  return alive(job) == nullptr ? nullptr : job->value;
}

}  // namespace
}  // namespace zimg::capi

using namespace zimg::capi;

zimg_status zimg_job_create(zimg_generator* generator, const zimg_request* request, zimg_job** out_job,
                            zimg_error** out_error) {
  return guarded(out_error, [&] {
    const SharedCore core = required(generator, "generator").core;
    create(out_job, "out_job", core, required(request, "request"));
  });
}

zimg_status zimg_job_set_done(zimg_job* job, zimg_job_function on_done, void* user_data,
                              void (*release)(void* user_data), zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required(job, "job").value;
    const auto data = std::make_shared<UserData>();
    std::function<void()> callback;
    if (on_done != nullptr) callback = [on_done, data, job] { on_done(data->get(), job); };
    value->set_done(std::move(callback), *data, user_data, release);
  });
}

zimg_status zimg_job_start(zimg_job* job, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required(job, "job").value;
    value->start();
  });
}

zimg_job_state zimg_job_poll(const zimg_job* job) {
  const auto value = shared_job(job);
  return value == nullptr ? ZIMG_JOB_STATE_CREATED : value->state();
}

zimg_status zimg_job_wait(zimg_job* job, int64_t timeout_ms, int* out_is_done, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required(job, "job").value;
    const bool is_done = value->wait(timeout_ms);
    if (out_is_done != nullptr) *out_is_done = is_done ? 1 : 0;
  });
}

void zimg_job_cancel(zimg_job* job) {
  if (const auto value = shared_job(job)) value->cancel();
}

void zimg_job_progress(const zimg_job* job, uint32_t* out_step, uint32_t* out_steps) {
  std::uint32_t step = 0;
  std::uint32_t steps = 0;
  if (const auto value = shared_job(job)) value->read_progress(step, steps);
  if (out_step != nullptr) *out_step = step;
  if (out_steps != nullptr) *out_steps = steps;
}

zimg_status zimg_job_preview(const zimg_job* job, zimg_picture** out_picture, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required(job, "job").value;
    auto preview = value->preview();
    required_pointer(out_picture, "out_picture");
    if (!preview) throw zimg::Error(zimg::ErrorCode::kNotFound, "the job has no preview yet");
    create(out_picture, "out_picture", std::move(*preview));
  });
}

zimg_status zimg_job_result(const zimg_job* job, zimg_result** out_result, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const auto value = required(job, "job").value;
    required_pointer(out_result, "out_result");
    create(out_result, "out_result", value->result());
  });
}

void zimg_job_destroy(zimg_job* job) {
  if (alive(job) == nullptr) return;
  job->value->cancel();
  // In a forked child the thread is not there to be joined, and its locks may be held for ever: the job is left as it
  // is.
  if (!job->value->is_in_forked_child()) run_outside_of_callbacks(&end_job, job);
}
