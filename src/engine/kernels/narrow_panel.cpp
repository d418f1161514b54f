#include "engine/kernels/narrow_panel.hpp"

#if defined(ZIMG_HAS_VECTORS)
#include <immintrin.h>
#endif

namespace zimg::engine::kernels {

#if defined(ZIMG_HAS_VECTORS)
namespace {

#define ZIMG_WITH_VECTORS __attribute__((target("avx2")))

constexpr std::int64_t kSide = 8;  // rows and columns of a block that is turned in registers

using Block = __m256[kSide];

// Eight float32, or as many pairs of bfloat16, of each of eight rows.
template <class T>
ZIMG_WITH_VECTORS ZIMG_INLINE void load_rows(const T* first, std::int64_t stride, Block& rows) noexcept {
  for (std::int64_t i = 0; i < kSide; ++i) {
    rows[i] = _mm256_loadu_ps(reinterpret_cast<const float*>(first + i * stride));
  }
}

ZIMG_WITH_VECTORS ZIMG_INLINE void transpose(Block& lines) noexcept {
  Block twos;
  for (std::int64_t i = 0; i < kSide; i += 2) {
    twos[i] = _mm256_unpacklo_ps(lines[i], lines[i + 1]);
    twos[i + 1] = _mm256_unpackhi_ps(lines[i], lines[i + 1]);
  }
  Block fours;
  for (std::int64_t i = 0; i < kSide; i += 4) {
    fours[i] = _mm256_shuffle_ps(twos[i], twos[i + 2], _MM_SHUFFLE(1, 0, 1, 0));
    fours[i + 1] = _mm256_shuffle_ps(twos[i], twos[i + 2], _MM_SHUFFLE(3, 2, 3, 2));
    fours[i + 2] = _mm256_shuffle_ps(twos[i + 1], twos[i + 3], _MM_SHUFFLE(1, 0, 1, 0));
    fours[i + 3] = _mm256_shuffle_ps(twos[i + 1], twos[i + 3], _MM_SHUFFLE(3, 2, 3, 2));
  }
  for (std::int64_t i = 0; i < kSide / 2; ++i) {
    lines[i] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x20);
    lines[i + 4] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x31);
  }
}

}  // namespace

ZIMG_WITH_VECTORS void narrow_panel(const float* rows, std::int64_t stride, std::int64_t inner, float* panel) noexcept {
  for (std::int64_t at = 0; at < inner; at += kSide) {
    for (std::int64_t column = 0; column < kNarrowColumns; column += kSide) {
      Block numbers;
      load_rows(rows + column * stride + at, stride, numbers);
      transpose(numbers);
      float* to = panel + at * kNarrowColumns + column;
      for (std::int64_t i = 0; i < kSide; ++i) _mm256_storeu_ps(to + i * kNarrowColumns, numbers[i]);
    }
  }
}

// Two of them are moved as one float32, of which the first is the lower half.
ZIMG_WITH_VECTORS void narrow_panel(const Bf16* rows, std::int64_t stride, std::int64_t inner, float* panel) noexcept {
  const __m256 upper_half = _mm256_castsi256_ps(_mm256_set1_epi32(static_cast<int>(0xFFFF0000u)));
  for (std::int64_t at = 0; at < inner; at += 2 * kSide) {
    for (std::int64_t column = 0; column < kNarrowColumns; column += kSide) {
      Block pairs;
      load_rows(rows + column * stride + at, stride, pairs);
      transpose(pairs);
      float* to = panel + at * kNarrowColumns + column;
      for (std::int64_t i = 0; i < kSide; ++i, to += 2 * kNarrowColumns) {
        const __m256i lower = _mm256_slli_epi32(_mm256_castps_si256(pairs[i]), 16);
        _mm256_storeu_ps(to, _mm256_castsi256_ps(lower));
        _mm256_storeu_ps(to + kNarrowColumns, _mm256_and_ps(pairs[i], upper_half));
      }
    }
  }
}

#else

void narrow_panel(const float*, std::int64_t, std::int64_t, float*) noexcept {}
void narrow_panel(const Bf16*, std::int64_t, std::int64_t, float*) noexcept {}

#endif

}  // namespace zimg::engine::kernels
