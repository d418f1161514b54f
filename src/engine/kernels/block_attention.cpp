#include "engine/kernels/block_attention.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include "engine/kernels/block_product.hpp"
#include "engine/kernels/element_type.hpp"
#include "engine/kernels/grain.hpp"
#include "engine/kernels/row_kernels.hpp"
#include "engine/kernels/turns.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kQueries = 64;      // rows of scores at a time
constexpr std::int64_t kKeyColumns = 512;  // columns of one block product

struct Shape {
  std::int64_t queries, keys, heads, kv_heads, width;
  std::int64_t padded_keys() const { return keys + keys % 2; }  // bfloat16 products take their inner side in pairs
};

// One head's keys as the right side of q k^T: float32 [width, keys]; bfloat16 in pairs, [width / 2, keys, 2].
template <class T>
void pack_keys(const T* keys, std::int64_t stride, const Shape& shape, T* packed) {
  constexpr std::int64_t kPair = std::is_same_v<T, float> ? 1 : 2;
  for (std::int64_t d = 0; d < shape.width; d += kPair) {
    T* row = packed + d * shape.keys;
    for (std::int64_t key = 0; key < shape.keys; ++key) {
      for (std::int64_t i = 0; i < kPair; ++i) row[key * kPair + i] = keys[key * stride + d + i];
    }
  }
}

// One head's values as the right side of p v: float32 [keys, width]; bfloat16 in pairs, [keys / 2, width, 2].
template <class T>
void pack_values(const T* values, std::int64_t stride, const Shape& shape, T* packed) {
  constexpr std::int64_t kPair = std::is_same_v<T, float> ? 1 : 2;
  for (std::int64_t key = 0; key < shape.padded_keys(); key += kPair) {
    for (std::int64_t i = 0; i < kPair; ++i) {
      T* row = packed + key * shape.width + i;
      const T* value = key + i < shape.keys ? values + (key + i) * stride : nullptr;
      for (std::int64_t d = 0; d < shape.width; ++d) row[d * kPair] = value != nullptr ? value[d] : T{0};
    }
  }
}

template <class T>
struct Scratch {
  explicit Scratch(const Shape& shape)
      : scores(static_cast<std::size_t>(kQueries * shape.keys)),
        weights(static_cast<std::size_t>(kQueries * shape.padded_keys())),
        mixed(static_cast<std::size_t>(kQueries * shape.width)) {}

  std::vector<float> scores;
  std::vector<T> weights;
  std::vector<float> mixed;
};

// Rows first … first + rows of one head: scores, softmax numerators, their mix of values, divided by their sums.
template <class T>
void attend(const T* q, const T* packed_keys, const T* packed_values, T* out, const Shape& shape, bool causal,
            std::int64_t first, std::int64_t rows, Scratch<T>& scratch) {
  constexpr std::int64_t kPair = std::is_same_v<T, float> ? 1 : 2;
  const std::int64_t stride = shape.heads * shape.width;
  const std::int64_t seen = causal ? std::min(shape.keys, first + rows) : shape.keys;
  for (std::int64_t key = 0; key < seen; key += kKeyColumns) {
    block_product(q + first * stride, stride, packed_keys + key * kPair, shape.keys, scratch.scores.data() + key,
                  shape.keys, rows, std::min(kKeyColumns, seen - key), shape.width, false);
  }
  const std::int64_t padded = shape.padded_keys();
  const float scale = 1.0f / std::sqrt(static_cast<float>(shape.width));
  float sums[kQueries];
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t visible = causal ? first + row + 1 : shape.keys;
    T* weights = scratch.weights.data() + row * padded;
    sums[row] = exp_row(scratch.scores.data() + row * shape.keys, scale, weights, visible);
    std::fill(weights + visible, weights + padded, T{0});
  }
  block_product(scratch.weights.data(), padded, packed_values, shape.width, scratch.mixed.data(), shape.width, rows,
                shape.width, seen + seen % kPair, false);
  for (std::int64_t row = 0; row < rows; ++row) {
    scale_row(scratch.mixed.data() + row * shape.width, 1.0f / sums[row], out + (first + row) * stride, shape.width);
  }
}

template <class T>
void run(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal, const Shape& shape,
         at::Tensor& out) {
  const std::int64_t stride = shape.kv_heads * shape.width;
  const std::int64_t key_size = shape.keys * shape.width;
  const std::int64_t value_size = shape.padded_keys() * shape.width;
  at::Tensor packed = at::empty({shape.kv_heads * (key_size + value_size)}, q.options());
  T* packed_keys = mutable_elements<T>(packed);
  T* packed_values = packed_keys + shape.kv_heads * key_size;
  at::parallel_for(0, shape.kv_heads, grain(key_size), [&](std::int64_t begin, std::int64_t end) {
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
