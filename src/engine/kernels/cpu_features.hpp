// What this CPU can do, where compilers disagree on the name of it: clang 14 knows no "amx-bf16" to ask for.
#pragma once

namespace zimg::engine::kernels {

// Whether it multiplies bfloat16 matrices in units of their own (AMX), and the system lets programs use those.
bool has_bf16_matrix_units() noexcept;

// Whether it has vectors of eight float32 and whole numbers (AVX2), and multiplies and adds them in one (FMA).
bool has_avx2() noexcept;

// Whether it has vectors of sixteen float32 (AVX-512F).
bool has_avx512() noexcept;

// Whether Intel made it. MKL, which multiplies float32 for libtorch, keeps its fastest code for those.
bool is_made_by_intel() noexcept;

}  // namespace zimg::engine::kernels
