#include "engine/kernels/block_product.hpp"

#include <ATen/native/CPUBlas.h>
#include <c10/util/BFloat16.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <vector>

#include "engine/kernels/cpu_features.hpp"

namespace zimg::engine::kernels {
namespace {

namespace blas = at::native::cpublas;

// Tried with rows that overlap, of small whole numbers, whose sums are exact in any order.
template <class T>
bool works() {
  constexpr std::int64_t kSide = 32;
  constexpr std::int64_t kStride = kSide / 2;
  std::vector<T> a;
  for (std::int64_t i = 0; i < (kSide - 1) * kStride + kSide; ++i) a.emplace_back(static_cast<float>(i % 7));
  const std::vector<T> b(kSide * kSide, T(1.0f));
  std::vector<float> c(kSide * kSide, 0.0f);
  try {
    blas::brgemm(kSide, kSide, kSide, kStride, kSide, kSide, false, a.data(), b.data(), c.data(), sizeof(T) == 2);
    blas::brgemm_release(sizeof(T) == 2);
  } catch (const c10::Error&) {
    return false;  // libtorch says no: an older CPU, or built without oneDNN
  }
  for (std::int64_t row = 0; row < kSide; ++row) {
    float sum = 0;
    for (std::int64_t i = 0; i < kSide; ++i) sum += static_cast<float>(a[static_cast<std::size_t>(row * kStride + i)]);
    const float* products = c.data() + row * kSide;
    if (std::any_of(products, products + kSide, [sum](float product) { return product != sum; })) return false;
  }
  return true;
}

}  // namespace

bool has_block_product(at::ScalarType type) {
  // Without AVX2 libtorch takes its ordinary product of float32 instead, whose sums follow the number of threads.
  static const bool kFloats = has_avx2() && works<float>();
  static const bool kBfloats = works<c10::BFloat16>();
  return type == at::kFloat ? kFloats : type == at::kBFloat16 && kBfloats;
}

void block_product(const float* a, std::int64_t a_stride, const float* b, std::int64_t b_stride, float* c,
                   std::int64_t c_stride, std::int64_t rows, std::int64_t columns, std::int64_t inner,
                   bool accumulate) {
  blas::brgemm(rows, columns, inner, a_stride, b_stride, c_stride, accumulate, a, b, c, false);
}

void block_product(const Bf16* a, std::int64_t a_stride, const Bf16* b, std::int64_t b_stride, float* c,
                   std::int64_t c_stride, std::int64_t rows, std::int64_t columns, std::int64_t inner,
                   bool accumulate) {
  blas::brgemm(rows, columns, inner, a_stride, b_stride, c_stride, accumulate,
               reinterpret_cast<const c10::BFloat16*>(a), reinterpret_cast<const c10::BFloat16*>(b), c, true);
}

void release_block_product() {
  blas::brgemm_release(true);
}

}  // namespace zimg::engine::kernels
