#include "engine/kernels/tile_product.hpp"

#include "engine/kernels/cpu_features.hpp"

#if defined(__x86_64__) && defined(__linux__) && __has_include(<amxbf16intrin.h>)
#define ZIMG_HAS_TILES 1
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#endif

namespace zimg::engine::kernels {

#if defined(ZIMG_HAS_TILES)
namespace {

#define ZIMG_WITH_TILES __attribute__((target("amx-tile,amx-bf16")))

constexpr std::int64_t kRows = 16;     // of a tile register
constexpr std::int64_t kOctets = 64;   // of each of its rows
constexpr std::int64_t kColumns = 16;  // float32 sums, or pairs of bfloat16
constexpr std::int64_t kDepth = 32;    // of bfloat16 that one instruction multiplies
constexpr std::int64_t kLines = 4;     // to bring near meanwhile, for each such step

// Palette 1 as Intel's manual for developers lays it out, volume 1, 18.2: eight registers of one size.
struct Configuration {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_octets[16] = {kOctets, kOctets, kOctets, kOctets, kOctets, kOctets, kOctets, kOctets};
  std::uint8_t rows[16] = {kRows, kRows, kRows, kRows, kRows, kRows, kRows, kRows};
};
static_assert(sizeof(Configuration) == 64);
alignas(64) constexpr Configuration kConfiguration;

// Linux gives a process these registers when it asks: arch/x86/include/uapi/asm/prctl.h.
bool may_use_tiles() noexcept {
  constexpr long kRequestPermission = 0x1023;
  constexpr long kTileData = 18;
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

ZIMG_WITH_TILES void save(void* configuration) noexcept {
  _tile_storeconfig(configuration);
}

ZIMG_WITH_TILES void configure(const void* configuration) noexcept {
  _tile_loadconfig(configuration);
}

ZIMG_WITH_TILES void release() noexcept {
  _tile_release();
}

// kTileSide rows and columns of sums, in four registers.
ZIMG_WITH_TILES void multiply(const Bf16* a, std::int64_t a_stride, const Bf16* b, std::int64_t inner, const char* next,
                              float* sums) noexcept {
  const Bf16* lower = a + kRows * a_stride;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::int64_t at = 0; at < inner; at += kDepth) {
    for (std::int64_t line = 0; line < kLines && next != nullptr; ++line, next += kOctets) {
      _mm_prefetch(next, _MM_HINT_T1);
    }
    _tile_loadd(4, a + at, a_stride * 2);
    _tile_loadd(6, b, kTileSide * 4);
    _tile_loadd(7, b + 2 * kColumns, kTileSide * 4);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, lower + at, a_stride * 2);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
    b += kDepth * kTileSide;
  }
  _tile_stored(0, sums, kTileSide * 4);
  _tile_stored(1, sums + kColumns, kTileSide * 4);
  _tile_stored(2, sums + kRows * kTileSide, kTileSide * 4);
  _tile_stored(3, sums + kRows * kTileSide + kColumns, kTileSide * 4);
}

__attribute__((target("avx512f,avx512bf16"))) void round_rows(const float* sums, Bf16* y, std::int64_t y_stride,
                                                              std::int64_t rows) noexcept {
  for (std::int64_t row = 0; row < rows; ++row, sums += kTileSide, y += y_stride) {
    const __m512bh rounded = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(sums + kColumns), _mm512_loadu_ps(sums));
    std::memcpy(y, &rounded, sizeof(rounded));
  }
}

}  // namespace

bool has_tile_product() noexcept {
  static const bool kHas = has_bf16_matrix_units() && __builtin_cpu_supports("avx512bf16") && may_use_tiles();
  return kHas;
}

TileRegisters::TileRegisters() noexcept {
  save(before_);
  configure(&kConfiguration);
}

TileRegisters::~TileRegisters() {
  if (before_[0] == 0) {  // they were set up for nothing
    release();
  } else {
    configure(before_);
  }
}

void tile_product(const Bf16* a, std::int64_t a_stride, const Bf16* b, Bf16* y, std::int64_t y_stride,
                  std::int64_t rows, std::int64_t inner, const Bf16* next) noexcept {
  alignas(64) float sums[kTileSide * kTileSide];
  const char* nearer = reinterpret_cast<const char*>(next);
  for (std::int64_t row = 0; row < rows; row += kTileSide) {
    multiply(a + row * a_stride, a_stride, b, inner, nearer, sums);
    round_rows(sums, y + row * y_stride, y_stride, std::min(kTileSide, rows - row));
    if (nearer != nullptr) nearer += inner / kDepth * kLines * kOctets;
  }
}

#else

bool has_tile_product() noexcept {
  return false;
}

TileRegisters::TileRegisters() noexcept = default;
TileRegisters::~TileRegisters() = default;

void tile_product(const Bf16*, std::int64_t, const Bf16*, Bf16*, std::int64_t, std::int64_t, std::int64_t,
                  const Bf16*) noexcept {}

#endif

}  // namespace zimg::engine::kernels
