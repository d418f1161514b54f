#include "key/schedule.hpp"

#include <cmath>

namespace zimg::key {
namespace {

// torch.linspace in float32 as its kernel for AVX2 and AVX-512 makes it: from the start in the first half, from the end
// in the second, each time multiplied and added with one rounding. (Without AVX2, torch rounds twice, and the last bit
// of some elements is another.)
std::vector<float> linspace(float start, float end, std::uint32_t count) {
  std::vector<float> points(count, start);
  if (count < 2) return points;
  const float step = (end - start) / static_cast<float>(count - 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    points[i] = i < count / 2 ? std::fma(step, static_cast<float>(i), start)
                              : std::fma(-step, static_cast<float>(count - 1 - i), end);
  }
  return points;
}

// numpy.linspace in float64, which the older schedules use.
std::vector<double> linspace_double(double start, double end, std::uint32_t count) {
  std::vector<double> points(count, start);
  if (count < 2) return points;
  const double step = (end - start) / (count - 1);
  for (std::uint32_t i = 0; i < count; ++i) points[i] = static_cast<double>(i) * step + start;
  points.back() = end;
  return points;
}

template <class Number>
Number shifted(Number sigma, Number shift, Number shift_less_one) {
  const Number numerator = shift * sigma;
  const Number product = shift_less_one * sigma;
  const Number denominator = Number{1} + product;
  return numerator / denominator;
}

std::vector<float> linear(std::uint32_t steps, double shift) {
  std::vector<float> sigmas = linspace(1.0F, static_cast<float>(1.0 / steps), steps);
  for (float& sigma : sigmas) sigma = shifted(sigma, static_cast<float>(shift), static_cast<float>(shift - 1));
  return sigmas;
}

// `points` levels from the highest of training down to 0, in float64 until the end; the first `steps` are kept.
std::vector<float> down_to_zero(std::uint32_t points, std::uint32_t steps, double shift) {
  constexpr double kTrainingSteps = 1000;
  const float highest = shifted(1.0F, static_cast<float>(shift), static_cast<float>(shift - 1));
  const std::vector<double> times = linspace_double(static_cast<double>(highest) * kTrainingSteps, 0, points);
  std::vector<float> sigmas(steps);
  for (std::uint32_t i = 0; i < steps; ++i) {
    sigmas[i] = static_cast<float>(shifted(times[i] / kTrainingSteps, shift, shift - 1));
  }
  return sigmas;
}

}  // namespace

std::vector<float> sigmas(Schedule schedule, std::uint32_t steps, double shift) {
  switch (schedule) {
    case Schedule::kLinear:
      return linear(steps, shift);
    case Schedule::kLegacyZeroEnd:
      return down_to_zero(steps, steps, shift);
    case Schedule::kNative:
      return down_to_zero(steps + 1, steps, shift);
  }
  return {};
}

}  // namespace zimg::key
