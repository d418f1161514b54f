// One drawing among the processes that share the cache. A hit never comes here.
#include <algorithm>
#include <utility>

#include "generator/generator_impl.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

using generator::Flight;
using std::chrono::steady_clock;

constexpr double kDrawingsWaitedFor = 3;

}  // namespace

// On the drawing thread. A cache that cannot tell who draws is no reason not to.
DrawingClaim Generator::Impl::claim(const CacheKey& key) {
  try {
    return cache_->claim_drawing(key);
  } catch (...) {
    return {};
  }
}

bool Generator::Impl::is_in_cache(const CacheKey& key, ImageFormat format, int jpeg_quality) {
  try {
    return cache_->contains(key) ||
           (format != ImageFormat::kPng && cache_->contains(entry_key(key, format, jpeg_quality)));
  } catch (...) {
    return false;
  }
}

steady_clock::duration Generator::Impl::patience(const Course& course) {
  double expected_ms = 0;
  try {
    expected_ms = pace_.expected_ms(course.canonical, cache_.get(), drawer_.model_name());
  } catch (...) {  // a cache that cannot be listed: nobody knows
  }
  constexpr double kDay = 86'400'000;
  const std::chrono::duration<double, std::milli> drawings(std::min(kDrawingsWaitedFor * expected_ms, kDay));
  return std::max<steady_clock::duration>(patience_, std::chrono::duration_cast<steady_clock::duration>(drawings));
}

void Generator::Impl::land_elsewhere(Flight& flight, const Course& course) {
  if (course.is_shared) flights_.end(course.key, &flight);
  flight.land_elsewhere();
}

void Generator::Impl::give_up(Flight& flight, const Course& course) {
  if (course.is_shared) flights_.end(course.key, &flight);
  flight.fail({ErrorCode::kCancelled, "the drawing was cancelled while it waited for another process"});
}

void Generator::Impl::take_off(const std::shared_ptr<Flight>& flight, const std::shared_ptr<const Course>& course) {
  if (!course->claims || flight->is_cancelled()) return fly(flight, *course, nullptr);
  DrawingClaim mine = claim(course->key);
  switch (mine.state) {
    case DrawingClaim::State::kUnneeded:
      return fly(flight, *course, nullptr);
    case DrawingClaim::State::kElsewhere:
      return wait_elsewhere(flight, course);
    case DrawingClaim::State::kHeld:
      break;
  }
  // Another process may have stored it after this one looked and before it claimed.
  if (is_in_cache(course->key, course->format, course->jpeg_quality)) return land_elsewhere(*flight, *course);
  // Nobody need wait for what will not be kept.
  if (!flight->is_to_be_kept()) mine.hold.reset();
  fly(flight, *course, std::move(mine.hold));
}

// Until the other has stored it, has died or failed (the claim is free again), or has been waited for long enough.
void Generator::Impl::wait_elsewhere(const std::shared_ptr<Flight>& flight,
                                     const std::shared_ptr<const Course>& course) {
  const auto ask = [this, flight, course, end = steady_clock::now() + patience(*course)] {
    if (flight->is_cancelled()) {
      give_up(*flight, *course);
      return true;
    }
    DrawingClaim mine = claim(course->key);
    if (is_in_cache(course->key, course->format, course->jpeg_quality)) {
      land_elsewhere(*flight, *course);
      return true;
    }
    if (mine.state == DrawingClaim::State::kElsewhere && steady_clock::now() < end) return false;
    if (!flight->is_to_be_kept()) mine.hold.reset();  // as in take_off()
    drawings_.post([this, flight, course, hold = std::move(mine.hold)] {
      run_step(*flight, *course, [&] { fly(flight, *course, hold); });
    });
    return true;
  };
  const auto ask_safely = [this, flight, course, ask] {
    bool is_over = true;
    run_step(*flight, *course, [&] { is_over = ask(); });
    return is_over;
  };
  if (!elsewhere_.admit(ask_safely)) fly(flight, *course, nullptr);
}

}  // namespace v0
}  // namespace zimg
