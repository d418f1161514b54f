#include "engine/denoiser/rope_table.hpp"

#include <cmath>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace zimg::engine {
namespace {

// Of one axis at its first positions: [positions, width / 2, 2]. Angles in float64, rounded to float32 before the
// cosine is taken, as the reference does it.
at::Tensor axis_table(const checkpoint::TransformerConfig& config, std::size_t axis, std::int64_t positions) {
  const std::int64_t width = config.axes_dims[axis];
  at::Tensor table = at::empty({positions, width / 2, 2}, at::TensorOptions().dtype(at::kFloat));
  float* to = table.mutable_data_ptr<float>();
  for (std::int64_t position = 0; position < positions; ++position) {
    for (std::int64_t m = 0; m < width / 2; ++m) {
      const double frequency =
          1.0 / std::pow(config.rope_theta, static_cast<double>(2 * m) / static_cast<double>(width));
      const float angle = static_cast<float>(static_cast<double>(position) * frequency);
      *to++ = std::cos(angle);
      *to++ = std::sin(angle);
    }
  }
  return table;
}

}  // namespace

at::Tensor rope_table(const checkpoint::TransformerConfig& config, std::int64_t rows, std::int64_t columns,
                      std::int64_t caption_tokens, const Placement& placement) {
  const std::int64_t image = padded_tokens(rows * columns);
  const at::Tensor frames = axis_table(config, 0, caption_tokens + 2);
  const at::Tensor row = axis_table(config, 1, rows);
  const at::Tensor column = axis_table(config, 2, columns);

  at::Tensor table = at::empty({image + caption_tokens, config.head_dim() / 2, 2}, frames.options());
  const auto part = [&](std::int64_t first, std::int64_t last, std::size_t axis) {
    const std::int64_t before = (axis > 0 ? config.axes_dims[0] : 0) + (axis > 1 ? config.axes_dims[1] : 0);
    return table.slice(0, first, last).narrow(1, before / 2, config.axes_dims[axis] / 2);
  };
  const std::int64_t pixels = rows * columns;
  part(0, pixels, 0).copy_(frames[caption_tokens + 1]);
  part(0, pixels, 1).unflatten(0, {rows, columns}).copy_(row.unsqueeze(1));
  part(0, pixels, 2).unflatten(0, {rows, columns}).copy_(column);
  part(pixels, image, 0).copy_(frames[0]);
  part(image, image + caption_tokens, 0).copy_(frames.slice(0, 1, caption_tokens + 1));
  part(pixels, image + caption_tokens, 1).copy_(row[0]);
  part(pixels, image + caption_tokens, 2).copy_(column[0]);
  return table.to(placement.device);
}

}  // namespace zimg::engine
