#include "engine/kernels/row_kernels.hpp"

#include <cmath>
#include <cstring>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {
namespace {

// `a` where `first`, else `b`: by bits, because a compiler makes branches of `?:`, works out what lies behind each and
// merges them again. Of silu that computes x / (1 + exp(88)) for every x: numbers below the normal range, for which a
// CPU takes ten times as long.
ZIMG_INLINE float select(bool first, float a, float b) {
  const std::uint32_t mask = 0u - static_cast<std::uint32_t>(first);
  std::uint32_t bits_a;
  std::uint32_t bits_b;
  std::memcpy(&bits_a, &a, sizeof(bits_a));
  std::memcpy(&bits_b, &b, sizeof(bits_b));
  bits_a = (bits_a & mask) | (bits_b & ~mask);
  std::memcpy(&a, &bits_a, sizeof(a));
  return a;
}

// exp(x) within 2 units in the last place for x in [-87, 88], clamped there. Cephes' polynomial, branch-free so that it
// becomes vector code.
ZIMG_INLINE float exp_of(float x) {
  x = select(x < -87.0f, -87.0f, x);
  x = select(x > 88.0f, 88.0f, x);
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float shifted = x * 1.44269504088896341f + kRound;
  const float n = shifted - kRound;
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  std::uint32_t bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = ((bits + 127u) & 0x1FFu) << 23;  // the low bits of `shifted` hold n
  float power;
  std::memcpy(&power, &bits, sizeof(power));
  return p * power;
}

ZIMG_INLINE float silu_of(float x) {
  return x / (1.0f + exp_of(-x));
}

// Sixteen running sums, so that the reduction vectorises under strict floating-point rules.
constexpr std::int64_t kLanes = 16;

template <class T>
ZIMG_INLINE float sum_of_squares(const T* x, std::int64_t n) {
  float lanes[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const float value = load(x + i + lane);
      lanes[lane] += value * value;
    }
  }
  for (; i < n; ++i) lanes[0] += load(x + i) * load(x + i);
  float sum = 0;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) sum += lanes[lane];
  return sum;
}

template <class T>
ZIMG_INLINE float inverse_rms(const T* x, std::int64_t n, float eps) {
  return 1.0f / std::sqrt(sum_of_squares(x, n) / static_cast<float>(n) + eps);
}

template <class T>
ZIMG_INLINE void rms_norm(const T* x, const float* weight, const float* scale, T* y, std::int64_t n, float eps) {
  const float inverse = inverse_rms(x, n, eps);
  if (scale == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) store(y + i, load(x + i) * inverse * weight[i]);
  } else {
    for (std::int64_t i = 0; i < n; ++i) store(y + i, load(x + i) * inverse * weight[i] * scale[i]);
  }
}

template <class T>
ZIMG_INLINE void add_rms_norm(T* residual, const T* x, const float* weight, const float* gate, std::int64_t n,
                              float eps) {
  const float inverse = inverse_rms(x, n, eps);
  if (gate == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) store(residual + i, load(residual + i) + load(x + i) * inverse * weight[i]);
  } else {
    for (std::int64_t i = 0; i < n; ++i) {
      store(residual + i, load(residual + i) + gate[i] * (load(x + i) * inverse * weight[i]));
    }
  }
}

template <class T>
ZIMG_INLINE void layer_norm(const T* x, const float* scale, T* y, std::int64_t n, float eps) {
  float lanes[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += load(x + i + lane);
  }
  float mean = 0;
  for (; i < n; ++i) mean += load(x + i);
  for (std::int64_t lane = 0; lane < kLanes; ++lane) mean += lanes[lane];
  mean /= static_cast<float>(n);
  float squares[kLanes] = {};
  for (i = 0; i + kLanes <= n; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const float value = load(x + i + lane) - mean;
      squares[lane] += value * value;
    }
  }
  float variance = 0;
  for (; i < n; ++i) variance += (load(x + i) - mean) * (load(x + i) - mean);
  for (std::int64_t lane = 0; lane < kLanes; ++lane) variance += squares[lane];
  const float inverse = 1.0f / std::sqrt(variance / static_cast<float>(n) + eps);
  for (i = 0; i < n; ++i) store(y + i, (load(x + i) - mean) * inverse * scale[i]);
}

template <class T>
ZIMG_INLINE void silu_multiply(T* gate, const T* up, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) store(gate + i, silu_of(load(gate + i)) * load(up + i));
}

template <class T>
ZIMG_INLINE void norm_rotate_pairs(const T* x, const float* weight, const float* cos_sin, T* y, std::int64_t n,
                                   float eps) {
  const float inverse = inverse_rms(x, n, eps);
  for (std::int64_t i = 0; i < n; i += 2) {
    const float a = load(x + i) * inverse * weight[i];
    const float b = load(x + i + 1) * inverse * weight[i + 1];
    store(y + i, a * cos_sin[i] - b * cos_sin[i + 1]);
    store(y + i + 1, a * cos_sin[i + 1] + b * cos_sin[i]);
  }
}

template <class T>
ZIMG_INLINE void norm_rotate_halves(const T* x, const float* weight, const float* cos_sin, T* y, std::int64_t n,
                                    float eps) {
  const float inverse = inverse_rms(x, n, eps);
  const std::int64_t half = n / 2;
  for (std::int64_t i = 0; i < half; ++i) {
    const float a = load(x + i) * inverse * weight[i];
    const float b = load(x + half + i) * inverse * weight[half + i];
    store(y + i, a * cos_sin[2 * i] - b * cos_sin[2 * i + 1]);
    store(y + half + i, b * cos_sin[2 * i] + a * cos_sin[2 * i + 1]);
  }
}

template <class T>
ZIMG_INLINE float exponentials(const float* x, float peak, float scale, T* y, std::int64_t n) {
  std::int64_t i = 0;
  float lanes[kLanes] = {};
  for (; i + kLanes <= n; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const float value = exp_of((x[i + lane] - peak) * scale);
      lanes[lane] += value;
      store(y + i + lane, value);
    }
  }
  float sum = 0;
  for (; i < n; ++i) {
    const float value = exp_of((x[i] - peak) * scale);
    sum += value;
    store(y + i, value);
  }
  for (std::int64_t lane = 0; lane < kLanes; ++lane) sum += lanes[lane];
  return sum;
}

template <class T>
ZIMG_INLINE void accumulate_moments(const T* x, const T* from, float* sums, float* squares, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const float value = load(x + i) - load(from + i);
    sums[i] += value;
    squares[i] += value * value;
  }
}

template <class T>
ZIMG_INLINE void affine_silu(const T* x, const float* factor, const float* offset, T* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) store(y + i, silu_of(load(x + i) * factor[i] + offset[i]));
}

template <class T>
ZIMG_INLINE void affine(const T* x, const float* factor, const float* offset, T* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) store(y + i, load(x + i) * factor[i] + offset[i]);
}

}  // namespace

// The exported face: one overload per element type, each of every width.
#define ZIMG_ROW_KERNELS(T)                                                                                           \
  ZIMG_EVERY_WIDTH void rms_norm_row(const T* x, const float* weight, const float* scale, T* y, std::int64_t n,       \
                                     float eps) {                                                                     \
    rms_norm(x, weight, scale, y, n, eps);                                                                            \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void add_rms_norm_row(T* residual, const T* x, const float* weight, const float* gate,             \
                                         std::int64_t n, float eps) {                                                 \
    add_rms_norm(residual, x, weight, gate, n, eps);                                                                  \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void layer_norm_row(const T* x, const float* scale, T* y, std::int64_t n, float eps) {             \
    layer_norm(x, scale, y, n, eps);                                                                                  \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void silu_multiply_row(T* gate, const T* up, std::int64_t n) {                                     \
    silu_multiply(gate, up, n);                                                                                       \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void norm_rotate_pairs_row(const T* x, const float* weight, const float* cos_sin, T* y,            \
                                              std::int64_t n, float eps) {                                            \
    norm_rotate_pairs(x, weight, cos_sin, y, n, eps);                                                                 \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void norm_rotate_halves_row(const T* x, const float* weight, const float* cos_sin, T* y,           \
                                               std::int64_t n, float eps) {                                           \
    norm_rotate_halves(x, weight, cos_sin, y, n, eps);                                                                \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH float exp_row(const float* x, float peak, float scale, T* y, std::int64_t n) {                     \
    return exponentials(x, peak, scale, y, n);                                                                        \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void scale_row(const float* x, float factor, T* y, std::int64_t n) {                               \
    for (std::int64_t i = 0; i < n; ++i) store(y + i, x[i] * factor);                                                 \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void accumulate_moments_row(const T* x, const T* from, float* sums, float* squares,                \
                                               std::int64_t n) {                                                      \
    accumulate_moments(x, from, sums, squares, n);                                                                    \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void affine_silu_row(const T* x, const float* factor, const float* offset, T* y, std::int64_t n) { \
    affine_silu(x, factor, offset, y, n);                                                                             \
  }                                                                                                                   \
  ZIMG_EVERY_WIDTH void affine_row(const T* x, const float* factor, const float* offset, T* y, std::int64_t n) {      \
    affine(x, factor, offset, y, n);                                                                                  \
  }

ZIMG_ROW_KERNELS(float)
ZIMG_ROW_KERNELS(Bf16)

ZIMG_EVERY_WIDTH float max_row(const float* x, float least, std::int64_t n) {
  float peaks[kLanes];
  for (std::int64_t lane = 0; lane < kLanes; ++lane) peaks[lane] = least;
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      peaks[lane] = x[i + lane] > peaks[lane] ? x[i + lane] : peaks[lane];
    }
  }
  float peak = least;
  for (; i < n; ++i) peak = x[i] > peak ? x[i] : peak;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) peak = peaks[lane] > peak ? peaks[lane] : peak;
  return peak;
}

ZIMG_EVERY_WIDTH void add_bias_row(const float* sums, const float* bias, const Bf16* addend, Bf16* y, std::int64_t n) {
  if (addend == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) store(y + i, sums[i] + bias[i]);
  } else {
    for (std::int64_t i = 0; i < n; ++i) store(y + i, sums[i] + bias[i] + load(addend + i));
  }
}

}  // namespace zimg::engine::kernels
