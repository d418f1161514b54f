#include "engine/kernels/winograd_tiles.hpp"

#include <algorithm>

#include "engine/kernels/vector_code.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kLanes = 16;  // channels at a time

using Vector = float[kLanes];

// B^T d of one row or column of six.
ZIMG_INLINE void transform_six(const Vector& d0, const Vector& d1, const Vector& d2, const Vector& d3, const Vector& d4,
                               const Vector& d5, Vector& t0, Vector& t1, Vector& t2, Vector& t3, Vector& t4,
                               Vector& t5) {
  for (std::int64_t i = 0; i < kLanes; ++i) {
    t0[i] = 4 * d0[i] - 5 * d2[i] + d4[i];
    t1[i] = d4[i] + d3[i] - 4 * (d2[i] + d1[i]);
    t2[i] = d4[i] - d3[i] - 4 * (d2[i] - d1[i]);
    t3[i] = d4[i] - d2[i] + 2 * (d3[i] - d1[i]);
    t4[i] = d4[i] - d2[i] - 2 * (d3[i] - d1[i]);
    t5[i] = 4 * d1[i] - 5 * d3[i] + d5[i];
  }
}

// A^T m of one row or column of six.
ZIMG_INLINE void gather_four(const Vector& m0, const Vector& m1, const Vector& m2, const Vector& m3, const Vector& m4,
                             const Vector& m5, Vector& y0, Vector& y1, Vector& y2, Vector& y3) {
  for (std::int64_t i = 0; i < kLanes; ++i) {
    const float sum12 = m1[i] + m2[i];
    const float difference12 = m1[i] - m2[i];
    const float sum34 = m3[i] + m4[i];
    const float difference34 = m3[i] - m4[i];
    y0[i] = m0[i] + sum12 + sum34;
    y1[i] = difference12 + 2 * difference34;
    y2[i] = sum12 + 4 * sum34;
    y3[i] = difference12 + 8 * difference34 + m5[i];
  }
}

// The same of an image that was doubled: see winograd_tiles.hpp.
ZIMG_INLINE void transform_four(const Vector& a, const Vector& b, const Vector& c, const Vector& e, Vector& t0,
                                Vector& t1, Vector& t2, Vector& t3) {
  for (std::int64_t i = 0; i < kLanes; ++i) {
    t0[i] = 4 * a[i] - 5 * b[i] + c[i];
    t1[i] = c[i] - 4 * b[i];
    t2[i] = c[i] - b[i];
    t3[i] = 4 * b[i] - 5 * c[i] + e[i];
  }
}

ZIMG_INLINE void gather_from_five(const Vector& m0, const Vector& m1, const Vector& sum34, const Vector& difference34,
                                  const Vector& m5, Vector& y0, Vector& y1, Vector& y2, Vector& y3) {
  for (std::int64_t i = 0; i < kLanes; ++i) {
    y0[i] = m0[i] + m1[i] + sum34[i];
    y1[i] = m1[i] + 2 * difference34[i];
    y2[i] = m1[i] + 4 * sum34[i];
    y3[i] = m1[i] + 8 * difference34[i] + m5[i];
  }
}

// Sixteen channels of a patch, in place, along both sides.
template <std::int64_t kSide>
ZIMG_INLINE void transform_patch(Vector (&d)[kSide][kSide]) {
  Vector t[kSide][kSide];
  for (std::int64_t j = 0; j < kSide; ++j) {
    if constexpr (kSide == 6) {
      transform_six(d[0][j], d[1][j], d[2][j], d[3][j], d[4][j], d[5][j], t[0][j], t[1][j], t[2][j], t[3][j], t[4][j],
                    t[5][j]);
    } else {
      transform_four(d[0][j], d[1][j], d[2][j], d[3][j], t[0][j], t[1][j], t[2][j], t[3][j]);
    }
  }
  for (std::int64_t i = 0; i < kSide; ++i) {
    if constexpr (kSide == 6) {
      transform_six(t[i][0], t[i][1], t[i][2], t[i][3], t[i][4], t[i][5], d[i][0], d[i][1], d[i][2], d[i][3], d[i][4],
                    d[i][5]);
    } else {
      transform_four(t[i][0], t[i][1], t[i][2], t[i][3], d[i][0], d[i][1], d[i][2], d[i][3]);
    }
  }
}

// Four rows or columns of the tile from one of products, which lie `kStep` apart.
template <std::int64_t kSide, std::int64_t kStep>
ZIMG_INLINE void gather(const Vector* m, Vector& y0, Vector& y1, Vector& y2, Vector& y3) {
  if constexpr (kSide == 6) {
    gather_four(m[0], m[kStep], m[2 * kStep], m[3 * kStep], m[4 * kStep], m[5 * kStep], y0, y1, y2, y3);
  } else {
    gather_from_five(m[0], m[kStep], m[2 * kStep], m[3 * kStep], m[4 * kStep], y0, y1, y2, y3);
  }
}

template <std::int64_t kSide, class T>
ZIMG_INLINE void input_tile(const T* image, const TileImage& shape, std::int64_t top, std::int64_t left,
                            float* coefficients, std::int64_t plane) {
  const T* pixels[kSide][kSide];  // null outside of the image
  for (std::int64_t i = 0; i < kSide; ++i) {
    for (std::int64_t j = 0; j < kSide; ++j) {
      const std::int64_t y = top + i;
      const std::int64_t x = left + j;
      const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
      pixels[i][j] = inside ? image + (y * shape.width + x) * shape.channels : nullptr;
    }
  }
  for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
    const std::int64_t lanes = std::min(kLanes, shape.channels - c);
    Vector d[kSide][kSide];
    for (std::int64_t i = 0; i < kSide; ++i) {
      for (std::int64_t j = 0; j < kSide; ++j) {
        const T* pixel = pixels[i][j];
        if (pixel != nullptr && lanes == kLanes) {
          for (std::int64_t lane = 0; lane < kLanes; ++lane) d[i][j][lane] = load(pixel + c + lane);
        } else {
          for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            d[i][j][lane] = pixel != nullptr && lane < lanes ? load(pixel + c + lane) : 0.0f;
          }
        }
      }
    }
    transform_patch(d);
    for (std::int64_t i = 0; i < kSide; ++i) {
      for (std::int64_t j = 0; j < kSide; ++j) {
        float* row = coefficients + (i * kSide + j) * plane + c;
        for (std::int64_t lane = 0; lane < lanes; ++lane) row[lane] = d[i][j][lane];
      }
    }
  }
}

template <std::int64_t kSide, class T>
ZIMG_INLINE void output_tile(const float* products, std::int64_t plane, const float* bias, const T* addend, T* image,
                             const TileImage& shape, std::int64_t top, std::int64_t left) {
  const std::int64_t rows = std::min(kTileSide, shape.height - top);
  const std::int64_t columns = std::min(kTileSide, shape.width - left);
  for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
    const std::int64_t lanes = std::min(kLanes, shape.channels - c);
    Vector m[kSide * kSide];
    Vector half[kTileSide][kSide];
    Vector y[kTileSide];
    for (std::int64_t i = 0; i < kSide * kSide; ++i) {
      const float* row = products + i * plane + c;
      for (std::int64_t lane = 0; lane < kLanes; ++lane) m[i][lane] = lane < lanes ? row[lane] : 0.0f;
    }
    for (std::int64_t j = 0; j < kSide; ++j) gather<kSide, kSide>(m + j, half[0][j], half[1][j], half[2][j], half[3][j]);
    for (std::int64_t i = 0; i < rows; ++i) {
      gather<kSide, 1>(half[i], y[0], y[1], y[2], y[3]);
      for (std::int64_t j = 0; j < columns; ++j) {
        const std::int64_t at = ((top + i) * shape.width + left + j) * shape.channels + c;
        if (addend == nullptr) {
          for (std::int64_t lane = 0; lane < lanes; ++lane) store(image + at + lane, y[j][lane] + bias[c + lane]);
        } else {
          for (std::int64_t lane = 0; lane < lanes; ++lane) {
            store(image + at + lane, y[j][lane] + bias[c + lane] + load(addend + at + lane));
          }
        }
      }
    }
  }
}

}  // namespace

#define ZIMG_TILE_KERNELS(T)                                                                                        \
  ZIMG_EVERY_WIDTH void winograd_input_tile(const T* image, const TileImage& shape, bool doubled, std::int64_t top, \
                                            std::int64_t left, float* coefficients, std::int64_t plane) {           \
    if (doubled) {                                                                                                  \
      input_tile<4>(image, shape, top, left, coefficients, plane);                                                  \
    } else {                                                                                                        \
      input_tile<6>(image, shape, top, left, coefficients, plane);                                                  \
    }                                                                                                               \
  }                                                                                                                 \
  ZIMG_EVERY_WIDTH void winograd_output_tile(const float* products, std::int64_t plane, bool doubled,               \
                                             const float* bias, const T* addend, T* image, const TileImage& shape,  \
                                             std::int64_t top, std::int64_t left) {                                 \
    if (doubled) {                                                                                                  \
      output_tile<5>(products, plane, bias, addend, image, shape, top, left);                                       \
    } else {                                                                                                        \
      output_tile<6>(products, plane, bias, addend, image, shape, top, left);                                       \
    }                                                                                                               \
  }

ZIMG_TILE_KERNELS(float)
ZIMG_TILE_KERNELS(Bf16)

}  // namespace zimg::engine::kernels
