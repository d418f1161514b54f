// Products of small matrices that stay in the cache, through libtorch's batch-reduce kernels: on one thread, made for
// loops that parallelise around them.
#pragma once

#include <ATen/core/ScalarType.h>

#include <cstdint>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {

// Whether libtorch has such a kernel for this CPU. Tried once.
bool has_block_product(at::ScalarType type);

// c = a b, or c += a b where `accumulate`: a is [rows, inner], b [inner, columns], c [rows, columns] float32, each with
// the distance between its rows. That of a may be less than `inner`: then its rows overlap.
void block_product(const float* a, std::int64_t a_stride, const float* b, std::int64_t b_stride, float* c,
                   std::int64_t c_stride, std::int64_t rows, std::int64_t columns, std::int64_t inner, bool accumulate);

// The same with b in pairs: [inner / 2, columns, 2], `b_stride` columns apart; `inner` is even.
void block_product(const Bf16* a, std::int64_t a_stride, const Bf16* b, std::int64_t b_stride, float* c,
                   std::int64_t c_stride, std::int64_t rows, std::int64_t columns, std::int64_t inner, bool accumulate);

// To be called by a thread when it has done its share.
void release_block_product();

}  // namespace zimg::engine::kernels
