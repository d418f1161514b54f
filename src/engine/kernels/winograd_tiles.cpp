#include "engine/kernels/winograd_tiles.hpp"

#include <algorithm>

#include "engine/kernels/lanes.hpp"

namespace zimg::engine::kernels {
namespace {

// A row or column of a patch, or of a tile's products, of sixteen channels.
template <std::int64_t kSide>
using Line = Lanes[kSide];

// B^T d.
ZIMG_INLINE void transform(const Line<6>& d, Line<6>& t) {
  t[0] = 4 * d[0] - 5 * d[2] + d[4];
  t[1] = d[4] + d[3] - 4 * (d[2] + d[1]);
  t[2] = d[4] - d[3] - 4 * (d[2] - d[1]);
  t[3] = d[4] - d[2] + 2 * (d[3] - d[1]);
  t[4] = d[4] - d[2] - 2 * (d[3] - d[1]);
  t[5] = 4 * d[1] - 5 * d[3] + d[5];
}

// A^T m.
ZIMG_INLINE void gather(const Line<6>& m, Line<kTileSide>& y) {
  const Lanes sum12 = m[1] + m[2];
  const Lanes difference12 = m[1] - m[2];
  const Lanes sum34 = m[3] + m[4];
  const Lanes difference34 = m[3] - m[4];
  y[0] = m[0] + sum12 + sum34;
  y[1] = difference12 + 2 * difference34;
  y[2] = sum12 + 4 * sum34;
  y[3] = difference12 + 8 * difference34 + m[5];
}

// The same of an image that was doubled: see winograd_tiles.hpp.
ZIMG_INLINE void transform(const Line<4>& d, Line<4>& t) {
  t[0] = 4 * d[0] - 5 * d[1] + d[2];
  t[1] = d[2] - 4 * d[1];
  t[2] = d[2] - d[1];
  t[3] = 4 * d[1] - 5 * d[2] + d[3];
}

ZIMG_INLINE void gather(const Line<5>& m, Line<kTileSide>& y) {
  y[0] = m[0] + m[1] + m[2];
  y[1] = m[1] + 2 * m[3];
  y[2] = m[1] + 4 * m[2];
  y[3] = m[1] + 8 * m[3] + m[4];
}

// Numbers of one pixel or product, all sixteen or the last of them.
template <bool kAll, class T>
ZIMG_INLINE void load_channels(const T* x, std::int64_t lanes, Lanes& y) {
  if constexpr (kAll) {
    load_lanes(x, y);
  } else {
    load_some(x, lanes, y);
  }
}

template <bool kAll, class T>
ZIMG_INLINE void store_channels(const Lanes& x, std::int64_t lanes, T* y) {
  if constexpr (kAll) {
    store_lanes(x, y);
  } else {
    store_some(x, lanes, y);
  }
}

// The pixels of a patch, null outside of the image.
template <std::int64_t kSide, class T>
struct Patch {
  Patch(const T* image, const TileImage& shape, std::int64_t top, std::int64_t left) {
    for (std::int64_t i = 0; i < kSide; ++i) {
      for (std::int64_t j = 0; j < kSide; ++j) {
        const std::int64_t y = top + i;
        const std::int64_t x = left + j;
        const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
        pixels[i][j] = inside ? image + (y * shape.width + x) * shape.channels : nullptr;
      }
    }
  }

  const T* pixels[kSide][kSide];
};

// Channels from `c` on. Columns, then rows.
template <bool kAll, std::int64_t kSide, class T>
ZIMG_INLINE void transform_channels(const Patch<kSide, T>& patch, std::int64_t c, std::int64_t lanes,
                                    float* coefficients, std::int64_t plane) {
  Line<kSide> half[kSide];
  for (std::int64_t j = 0; j < kSide; ++j) {
    Line<kSide> pixels, column;
    for (std::int64_t i = 0; i < kSide; ++i) {
      const T* pixel = patch.pixels[i][j];
      if (pixel != nullptr) {
        load_channels<kAll>(pixel + c, lanes, pixels[i]);
      } else {
        pixels[i] = Lanes{};
      }
    }
    transform(pixels, column);
    for (std::int64_t i = 0; i < kSide; ++i) half[i][j] = column[i];
  }
  for (std::int64_t i = 0; i < kSide; ++i) {
    Line<kSide> row;
    transform(half[i], row);
    for (std::int64_t j = 0; j < kSide; ++j) {
      store_channels<kAll>(row[j], lanes, coefficients + (i * kSide + j) * plane + c);
    }
  }
}

template <std::int64_t kSide, class T>
ZIMG_INLINE void input_tile(const T* image, const TileImage& shape, std::int64_t top, std::int64_t left,
                            float* coefficients, std::int64_t plane) {
  const Patch<kSide, T> patch(image, shape, top, left);
  std::int64_t c = 0;
  for (; c + kLanes <= shape.channels; c += kLanes) {
    transform_channels<true>(patch, c, kLanes, coefficients, plane);
  }
  if (c < shape.channels) transform_channels<false>(patch, c, shape.channels - c, coefficients, plane);
}

// The pixels of a tile that lie in the image.
template <class T>
struct Tile {
  T* image;
  const T* addend;
  const float* bias;
  std::int64_t first, row_size, channels, rows, columns;
};

template <bool kAll, std::int64_t kSide, class T>
ZIMG_INLINE void gather_channels(const float* products, std::int64_t plane, const Tile<T>& tile, std::int64_t c,
                                 std::int64_t lanes) {
  Line<kSide> half[kTileSide];
  for (std::int64_t j = 0; j < kSide; ++j) {
    Line<kSide> column;
    Line<kTileSide> gathered;
    for (std::int64_t i = 0; i < kSide; ++i) {
      load_channels<kAll>(products + (i * kSide + j) * plane + c, lanes, column[i]);
    }
    gather(column, gathered);
    for (std::int64_t i = 0; i < kTileSide; ++i) half[i][j] = gathered[i];
  }
  Lanes bias;
  load_channels<kAll>(tile.bias + c, lanes, bias);
  for (std::int64_t i = 0; i < tile.rows; ++i) {
    Line<kTileSide> y;
    gather(half[i], y);
    for (std::int64_t j = 0; j < tile.columns; ++j) {
      const std::int64_t at = tile.first + i * tile.row_size + j * tile.channels + c;
      Lanes sum = y[j] + bias;
      if (tile.addend != nullptr) {
        Lanes addend;
        load_channels<kAll>(tile.addend + at, lanes, addend);
        sum += addend;
      }
      store_channels<kAll>(sum, lanes, tile.image + at);
    }
  }
}

template <std::int64_t kSide, class T>
ZIMG_INLINE void output_tile(const float* products, std::int64_t plane, const float* bias, const T* addend, T* image,
                             const TileImage& shape, std::int64_t top, std::int64_t left) {
  const Tile<T> tile{image,
                     addend,
                     bias,
                     (top * shape.width + left) * shape.channels,
                     shape.width * shape.channels,
                     shape.channels,
                     std::min(kTileSide, shape.height - top),
                     std::min(kTileSide, shape.width - left)};
  std::int64_t c = 0;
  for (; c + kLanes <= shape.channels; c += kLanes) gather_channels<true, kSide>(products, plane, tile, c, kLanes);
  if (c < shape.channels) gather_channels<false, kSide>(products, plane, tile, c, shape.channels - c);
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
