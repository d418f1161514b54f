#include "engine/kernels/cpu_features.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace zimg::engine::kernels {

#if defined(__x86_64__)

// As Intel's manual for developers has it, volume 1, 18.3: the features, and that the system saves their registers.
bool has_bf16_matrix_units() noexcept {
  constexpr unsigned kOsSavesState = 1u << 27;             // leaf 1, ECX: XGETBV may be used
  constexpr unsigned kTilesAndBf16 = 1u << 24 | 1u << 22;  // leaf 7, EDX
  constexpr unsigned kTileState = 3u << 17;                // XCR0
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & kOsSavesState) == 0) return false;
  unsigned saved = 0, saved_high = 0;
  __asm__ volatile("xgetbv" : "=a"(saved), "=d"(saved_high) : "c"(0));
  if ((saved & kTileState) != kTileState) return false;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (edx & kTilesAndBf16) == kTilesAndBf16;
}

bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}

bool has_avx512() noexcept {
  return __builtin_cpu_supports("avx512f") != 0;
}

bool is_made_by_intel() noexcept {
  return __builtin_cpu_is("intel") != 0;
}

#else

bool has_bf16_matrix_units() noexcept {
  return false;
}

bool has_avx2() noexcept {
  return false;
}

bool has_avx512() noexcept {
  return false;
}

bool is_made_by_intel() noexcept {
  return false;
}

#endif

}  // namespace zimg::engine::kernels
