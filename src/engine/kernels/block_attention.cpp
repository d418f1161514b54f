#include "engine/kernels/block_attention.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <type_traits>

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/grain.hpp"
#include "engine/kernels/row_kernels.hpp"
#include "engine/kernels/turns.hpp"

namespace zimg::engine::kernels {
namespace {

// libtorch keeps a kernel for every shape of a product that a thread has asked for, for ever. So no side and no stride
// follows the number of tokens: queries and keys are filled up with zeros to whole steps, and keys lie in panels.
constexpr std::int64_t kStep = 32;
constexpr std::int64_t kQueries = 64;                 // rows of scores at a time
constexpr std::int64_t kPanel = 512;                  // keys of one product
constexpr std::int64_t kStride = kPanel + kStep;      // rows a power of two apart would share places in the cache
constexpr std::int64_t kScores = kQueries * kStride;  // of one panel

constexpr std::int64_t whole_steps(std::int64_t n) {
  return (n + kStep - 1) / kStep * kStep;
}

template <class T>
constexpr std::int64_t kPair = std::is_same_v<T, float> ? 1 : 2;  // bfloat16 products take their inner side in pairs

struct Shape {
  std::int64_t queries, keys, heads, kv_heads, width;
  std::int64_t panels() const { return (keys + kPanel - 1) / kPanel; }
  std::int64_t key_size() const { return panels() * width * kStride; }
  std::int64_t value_size() const { return whole_steps(keys) * width; }
};

// One head's keys as the right side of q k^T, panel by panel: float32 [width, kStride]; bfloat16 in pairs, [width / 2,
// kStride, 2].
template <class T>
void pack_keys(const T* keys, std::int64_t stride, const Shape& shape, T* packed) {
  for (std::int64_t first = 0; first < shape.keys; first += kPanel) {
    const std::int64_t count = std::min(kPanel, shape.keys - first);
    for (std::int64_t d = 0; d < shape.width; d += kPair<T>, packed += kPair<T> * kStride) {
      for (std::int64_t key = 0; key < count; ++key) {
        const T* from = keys + (first + key) * stride + d;
        for (std::int64_t i = 0; i < kPair<T>; ++i) packed[key * kPair<T> + i] = from[i];
      }
      std::fill(packed + count * kPair<T>, packed + whole_steps(count) * kPair<T>, T{0});
    }
  }
}

// One head's values as the right side of p v: float32 [keys, width]; bfloat16 in pairs, [keys / 2, width, 2].
template <class T>
void pack_values(const T* values, std::int64_t stride, const Shape& shape, T* packed) {
  for (std::int64_t key = 0; key < whole_steps(shape.keys); key += kPair<T>) {
    for (std::int64_t i = 0; i < kPair<T>; ++i) {
      T* row = packed + key * shape.width + i;
      const T* value = key + i < shape.keys ? values + (key + i) * stride : nullptr;
      for (std::int64_t d = 0; d < shape.width; ++d) row[d * kPair<T>] = value != nullptr ? value[d] : T{0};
    }
  }
}

template <class T>
struct Scratch {
  explicit Scratch(const Shape& shape)
      : queries(room<T>(kQueries * shape.width)),
        scores(room<float>(shape.panels() * kScores)),
        weights(room<T>(shape.panels() * kScores)),
        mixed(room<float>(kQueries * shape.width)) {}

  template <class Number>
  static std::unique_ptr<Number[]> room(std::int64_t size) {
    return std::make_unique_for_overwrite<Number[]>(static_cast<std::size_t>(size));
  }

  std::unique_ptr<T[]> queries;
  std::unique_ptr<float[]> scores;  // [panels, kQueries, kStride]
  std::unique_ptr<T[]> weights;     // likewise
  std::unique_ptr<float[]> mixed;
};

// Softmax numerators of one row's first `visible` scores, and zeros up to `seen`. Returns their sum.
template <class T>
float weigh(const float* scores, T* weights, float scale, std::int64_t visible, std::int64_t seen) {
  float peak = scores[0];
  for (std::int64_t key = 0; key < visible; key += kPanel) {
    peak = max_row(scores + key / kPanel * kScores, peak, std::min(kPanel, visible - key));
  }
  float sum = 0;
  for (std::int64_t key = 0; key < seen; key += kPanel, scores += kScores, weights += kScores) {
    const std::int64_t columns = std::min(kPanel, seen - key);
    const std::int64_t shown = std::clamp<std::int64_t>(visible - key, 0, columns);
    sum += exp_row(scores, peak, scale, weights, shown);
    std::fill(weights + shown, weights + columns, T{0});
  }
  return sum;
}

// Rows first … first + rows of one head: scores, softmax numerators, their mix of values, divided by their sums.
template <class T>
void attend(const T* q, const T* packed_keys, const T* packed_values, T* out, const Shape& shape, bool causal,
            std::int64_t first, std::int64_t rows, Scratch<T>& scratch) {
  const std::int64_t stride = shape.heads * shape.width;
  const std::int64_t width = shape.width;
  const std::int64_t all_rows = whole_steps(rows);
  const std::int64_t seen = whole_steps(causal ? std::min(shape.keys, first + rows) : shape.keys);
  T* queries = scratch.queries.get();
  for (std::int64_t row = 0; row < rows; ++row) std::copy_n(q + (first + row) * stride, width, queries + row * width);
  std::fill(queries + rows * width, queries + all_rows * width, T{0});
  for (std::int64_t key = 0; key < seen; key += kPanel) {
    block_product(queries, width, packed_keys + key / kPanel * width * kStride, kStride,
                  scratch.scores.get() + key / kPanel * kScores, kStride, all_rows, std::min(kPanel, seen - key), width,
                  false);
  }
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  float sums[kQueries];
  for (std::int64_t row = 0; row < all_rows; ++row) {
    const std::int64_t visible = causal ? std::min(shape.keys, first + row + 1) : shape.keys;
    sums[row] =
        weigh(scratch.scores.get() + row * kStride, scratch.weights.get() + row * kStride, scale, visible, seen);
  }
  for (std::int64_t key = 0; key < seen; key += kPanel) {
    block_product(scratch.weights.get() + key / kPanel * kScores, kStride, packed_values + key * width, width,
                  scratch.mixed.get(), width, all_rows, width, std::min(kPanel, seen - key), key != 0);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    scale_row(scratch.mixed.get() + row * width, 1.0f / sums[row], out + (first + row) * stride, width);
  }
}

template <class T>
void run(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal, const Shape& shape,
         at::Tensor& out) {
  const std::int64_t stride = shape.kv_heads * shape.width;
  const std::int64_t key_size = shape.key_size();
  const std::int64_t value_size = shape.value_size();
  at::Tensor packed = at::empty({shape.kv_heads * (key_size + value_size)}, q.options());
  T* packed_keys = mutable_elements<T>(packed);
  T* packed_values = packed_keys + shape.kv_heads * key_size;
  at::parallel_for(0, shape.kv_heads, grain(shape.keys * shape.width), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t head = begin; head < end; ++head) {
      pack_keys(elements<T>(k) + head * shape.width, stride, shape, packed_keys + head * key_size);
      pack_values(elements<T>(v) + head * shape.width, stride, shape, packed_values + head * value_size);
    }
  });
  const std::int64_t blocks = (shape.queries + kQueries - 1) / kQueries;
  const std::int64_t repeats = shape.heads / shape.kv_heads;
  T* mixed = mutable_elements<T>(out);
  take_turns(shape.heads * blocks, grain(kQueries * shape.keys * shape.width / 16), [&](Turns& turns) {
    Scratch<T> scratch(shape);
    for (std::int64_t i = 0; turns.take(i);) {
      const std::int64_t head = i / blocks;
      const std::int64_t kv_head = head / repeats;
      const std::int64_t first = i % blocks * kQueries;
      attend(elements<T>(q) + head * shape.width, packed_keys + kv_head * key_size,
             packed_values + kv_head * value_size, mixed + head * shape.width, shape, causal, first,
             std::min(kQueries, shape.queries - first), scratch);
    }
    release_block_product();
  });
}

}  // namespace

bool has_block_attention(const at::Tensor& q) {
  // In float32 libtorch's own attention keeps up, and overtakes where a head is as wide as the VAE's.
  const bool pays = q.scalar_type() == at::kBFloat16 || q.size(2) <= 256;
  return pays && has_row_kernels(q) && q.size(2) % 2 == 0 && has_block_product(q.scalar_type());
}

at::Tensor block_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal) {
  const Shape shape{q.size(0), k.size(0), q.size(1), k.size(1), q.size(2)};
  at::Tensor out = at::empty({shape.queries, shape.heads * shape.width}, q.options());
  with_elements(q, [&](auto zero) { run<decltype(zero)>(q, k, v, causal, shape, out); });
  return out;
}

}  // namespace zimg::engine::kernels
