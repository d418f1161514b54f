#include "engine/kernels/vector_product.hpp"

#include <cstring>

#include "engine/kernels/lanes.hpp"

#if defined(ZIMG_HAS_VECTORS)
#include <immintrin.h>
#endif

namespace zimg::engine::kernels {

#if defined(ZIMG_HAS_VECTORS)
namespace {

#define ZIMG_WITH_VECTORS __attribute__((target("avx512f,avx512bf16")))

constexpr std::int64_t kMostRows = 12;  // whose sums, two registers each, leave room for a row's pair and the weights

// Rows at a time, once there are not so many left: 12, 8, 4, 2, 1.
constexpr std::int64_t fewer_rows(std::int64_t rows) {
  return rows == kMostRows ? 8 : rows / 2;
}

// Sixteen pairs, or one pair sixteen times.
ZIMG_WITH_VECTORS ZIMG_INLINE __m512bh load_pairs(const Bf16* pairs) noexcept {
  __m512bh loaded;
  std::memcpy(&loaded, pairs, sizeof(loaded));
  return loaded;
}

ZIMG_WITH_VECTORS ZIMG_INLINE __m512bh repeat_pair(const Bf16* pair) noexcept {
  float bits;
  std::memcpy(&bits, pair, sizeof(bits));
  const __m512 repeated = _mm512_set1_ps(bits);
  __m512bh pairs;
  std::memcpy(&pairs, &repeated, sizeof(pairs));
  return pairs;
}

template <std::int64_t kRows>
ZIMG_WITH_VECTORS ZIMG_INLINE void multiply(const Bf16* a, std::int64_t a_stride, const Bf16* b, Bf16* y,
                                            std::int64_t y_stride, std::int64_t inner) noexcept {
  __m512 left[kRows];
  __m512 right[kRows];
  for (std::int64_t row = 0; row < kRows; ++row) left[row] = right[row] = _mm512_setzero_ps();
  for (std::int64_t at = 0; at < inner; at += 2, b += 2 * kVectorColumns) {
    const __m512bh left_weights = load_pairs(b);
    const __m512bh right_weights = load_pairs(b + 2 * kLanes);
    for (std::int64_t row = 0; row < kRows; ++row) {
      const __m512bh pair = repeat_pair(a + row * a_stride + at);
      left[row] = _mm512_dpbf16_ps(left[row], pair, left_weights);
      right[row] = _mm512_dpbf16_ps(right[row], pair, right_weights);
    }
  }
  for (std::int64_t row = 0; row < kRows; ++row) {
    const __m512bh rounded = _mm512_cvtne2ps_pbh(right[row], left[row]);
    std::memcpy(y + row * y_stride, &rounded, sizeof(rounded));
  }
}

template <std::int64_t kRows>
ZIMG_WITH_VECTORS ZIMG_INLINE void multiply_rows(const Bf16* a, std::int64_t a_stride, const Bf16* b, Bf16* y,
                                                 std::int64_t y_stride, std::int64_t rows,
                                                 std::int64_t inner) noexcept {
  for (; rows >= kRows; rows -= kRows, a += kRows * a_stride, y += kRows * y_stride) {
    multiply<kRows>(a, a_stride, b, y, y_stride, inner);
  }
  if constexpr (kRows > 1) multiply_rows<fewer_rows(kRows)>(a, a_stride, b, y, y_stride, rows, inner);
}

}  // namespace

bool has_vector_product() noexcept {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bf16");
}

ZIMG_WITH_VECTORS void vector_product(const Bf16* a, std::int64_t a_stride, const Bf16* b, Bf16* y,
                                      std::int64_t y_stride, std::int64_t rows, std::int64_t inner) noexcept {
  multiply_rows<kMostRows>(a, a_stride, b, y, y_stride, rows, inner);
}

#else

bool has_vector_product() noexcept {
  return false;
}

void vector_product(const Bf16*, std::int64_t, const Bf16*, Bf16*, std::int64_t, std::int64_t, std::int64_t) noexcept {}

#endif

}  // namespace zimg::engine::kernels
