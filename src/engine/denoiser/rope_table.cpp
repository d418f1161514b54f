#include "engine/denoiser/rope_table.hpp"

#include <cmath>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine {
namespace {

struct Position {
  std::int64_t axes[3];
};

// Angles in float64, rounded to float32 before the cosine is taken, as the reference does it.
void write_row(const checkpoint::TransformerConfig& config, const Position& position, float* row) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::int64_t width = config.axes_dims[axis];
    for (std::int64_t m = 0; m < width / 2; ++m) {
      const double frequency =
          1.0 / std::pow(config.rope_theta, static_cast<double>(2 * m) / static_cast<double>(width));
      const float angle = static_cast<float>(static_cast<double>(position.axes[axis]) * frequency);
      *row++ = std::cos(angle);
      *row++ = std::sin(angle);
    }
  }
}

}  // namespace

at::Tensor rope_table(const checkpoint::TransformerConfig& config, std::int64_t rows, std::int64_t columns,
                      std::int64_t caption_tokens, const Placement& placement) {
  const std::int64_t image = padded_tokens(rows * columns);
  const std::int64_t width = config.head_dim();
  at::Tensor table = at::empty({image + caption_tokens, width / 2, 2}, at::TensorOptions().dtype(at::kFloat));
  float* row = table.mutable_data_ptr<float>();
  for (std::int64_t token = 0; token < image + caption_tokens; ++token, row += width) {
    Position position{{0, 0, 0}};
    if (token < rows * columns) position = {{caption_tokens + 1, token / columns, token % columns}};
    if (token >= image) position = {{token - image + 1, 0, 0}};
    write_row(config, position, row);
  }
  return table.to(placement.device);
}

}  // namespace zimg::engine
