#include "engine/part_loader.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/linear.hpp"
#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

// A packed matrix is a copy, made at about a gigabyte a second. A part larger than this is better used in place: it is
// there at once, and processes share it.
constexpr std::uint64_t kMostBytesToPack = std::uint64_t{1} << 30;

std::uint64_t stored_bytes(const checkpoint::Weights& weights) {
  std::uint64_t bytes = 0;
  for (const checkpoint::TensorView& tensor : weights.tensors()) bytes += tensor.size_bytes;
  return bytes;
}

}  // namespace

at::ScalarType scalar_type(checkpoint::DType dtype) {
  switch (dtype) {
    case checkpoint::DType::kF32:
      return at::kFloat;
    case checkpoint::DType::kBf16:
      return at::kBFloat16;
    case checkpoint::DType::kF16:
      return at::kHalf;
  }
  throw Error(ErrorCode::kInternal, "a tensor view has the unknown type " + std::to_string(static_cast<int>(dtype)));
}

bool may_pack(const checkpoint::Weights& weights) {
  return stored_bytes(weights) <= kMostBytesToPack;
}

PartLoader::PartLoader(std::shared_ptr<const checkpoint::Weights> weights, Placement placement,
                       CheckCancelled check_cancelled)
    : weights_(std::move(weights)),
      placement_(placement),
      check_cancelled_(std::move(check_cancelled)),
      may_pack_(may_pack(*weights_)) {}

at::Tensor PartLoader::in_file(const std::string& name, const std::vector<std::int64_t>& shape) const {
  const checkpoint::TensorView view = weights_->tensor(name, shape);
  // libtorch has no read-only tensors: nothing here ever writes into one of these, and the mapping would refuse it.
  void* data = const_cast<std::byte*>(view.data);
  auto keep_mapped = [weights = weights_](void*) {};
  at::Tensor tensor = at::from_blob(data, shape, keep_mapped, at::TensorOptions().dtype(scalar_type(view.dtype)));
  if (view.is_aligned()) return tensor;
  at::Tensor copy = at::empty(shape, tensor.options());
  std::copy_n(view.data, view.size_bytes, static_cast<std::byte*>(copy.data_ptr()));
  return copy;
}

at::Tensor PartLoader::load(const std::string& name, const std::vector<std::int64_t>& shape) const {
  if (check_cancelled_) check_cancelled_();
  return in_file(name, shape).to(placement_.device, placement_.dtype);
}

at::Tensor PartLoader::load_matrix(const std::string& name, const std::vector<std::int64_t>& shape) const {
  const at::Tensor matrix = load(name, shape);
  if (!may_pack_ || !kernels::packing_pays(matrix)) return matrix;
  at::Tensor packed = kernels::packed_weight(matrix);
  weights_->release(name);
  return packed;
}

at::Tensor PartLoader::load_as_float(const std::string& name, const std::vector<std::int64_t>& shape) const {
  return load(name, shape).to(at::kFloat);
}

}  // namespace zimg::engine
