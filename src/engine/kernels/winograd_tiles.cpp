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

// The pixels of a patch, null outside of the image.
template <class T>
struct Patch {
  const T* pixels[kPatchSide][kPatchSide];

  Patch(const T* image, const TileImage& shape, bool doubled, std::int64_t top, std::int64_t left) {
    const std::int64_t width = doubled ? shape.width / 2 : shape.width;
    for (std::int64_t i = 0; i < kPatchSide; ++i) {
      for (std::int64_t j = 0; j < kPatchSide; ++j) {
        const std::int64_t y = top - 1 + i;
        const std::int64_t x = left - 1 + j;
        const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
        const std::int64_t pixel = doubled ? y / 2 * width + x / 2 : y * width + x;
        pixels[i][j] = inside ? image + pixel * shape.channels : nullptr;
      }
    }
  }
};

template <class T>
ZIMG_INLINE void input_tile(const T* image, const TileImage& shape, bool doubled, std::int64_t top, std::int64_t left,
                            float* coefficients, std::int64_t plane) {
  const Patch<T> patch(image, shape, doubled, top, left);
  for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
    const std::int64_t lanes = std::min(kLanes, shape.channels - c);
    Vector d[kPatchSide][kPatchSide];
    Vector t[kPatchSide][kPatchSide];
    for (std::int64_t i = 0; i < kPatchSide; ++i) {
      for (std::int64_t j = 0; j < kPatchSide; ++j) {
        const T* pixel = patch.pixels[i][j];
        if (pixel != nullptr && lanes == kLanes) {
          for (std::int64_t lane = 0; lane < kLanes; ++lane) d[i][j][lane] = load(pixel + c + lane);
        } else {
          for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            d[i][j][lane] = pixel != nullptr && lane < lanes ? load(pixel + c + lane) : 0.0f;
          }
        }
      }
    }
    for (std::int64_t j = 0; j < kPatchSide; ++j) {
      transform_six(d[0][j], d[1][j], d[2][j], d[3][j], d[4][j], d[5][j], t[0][j], t[1][j], t[2][j], t[3][j], t[4][j],
                    t[5][j]);
    }
    for (std::int64_t i = 0; i < kPatchSide; ++i) {
      transform_six(t[i][0], t[i][1], t[i][2], t[i][3], t[i][4], t[i][5], d[i][0], d[i][1], d[i][2], d[i][3], d[i][4],
                    d[i][5]);
      for (std::int64_t j = 0; j < kPatchSide; ++j) {
        float* row = coefficients + (i * kPatchSide + j) * plane + c;
        for (std::int64_t lane = 0; lane < lanes; ++lane) row[lane] = d[i][j][lane];
      }
    }
  }
}

template <class T>
ZIMG_INLINE void output_tile(const float* products, std::int64_t plane, const float* bias, const T* addend, T* image,
                             const TileImage& shape, std::int64_t top, std::int64_t left) {
  const std::int64_t rows = std::min(kTileSide, shape.height - top);
  const std::int64_t columns = std::min(kTileSide, shape.width - left);
  for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
    const std::int64_t lanes = std::min(kLanes, shape.channels - c);
    Vector m[kPatchSide][kPatchSide];
    Vector half[kTileSide][kPatchSide];
    Vector y[kTileSide];
    for (std::int64_t i = 0; i < kCoefficients; ++i) {
      const float* row = products + i * plane + c;
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        m[i / kPatchSide][i % kPatchSide][lane] = lane < lanes ? row[lane] : 0.0f;
      }
    }
    for (std::int64_t j = 0; j < kPatchSide; ++j) {
      gather_four(m[0][j], m[1][j], m[2][j], m[3][j], m[4][j], m[5][j], half[0][j], half[1][j], half[2][j], half[3][j]);
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      gather_four(half[i][0], half[i][1], half[i][2], half[i][3], half[i][4], half[i][5], y[0], y[1], y[2], y[3]);
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
    input_tile(image, shape, doubled, top, left, coefficients, plane);                                              \
  }                                                                                                                 \
  ZIMG_EVERY_WIDTH void winograd_output_tile(const float* products, std::int64_t plane, const float* bias,          \
                                             const T* addend, T* image, const TileImage& shape, std::int64_t top,   \
                                             std::int64_t left) {                                                   \
    output_tile(products, plane, bias, addend, image, shape, top, left);                                            \
  }

ZIMG_TILE_KERNELS(float)
ZIMG_TILE_KERNELS(Bf16)

}  // namespace zimg::engine::kernels
