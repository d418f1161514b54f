// PartLoader turns the tensors of a checkpoint part into tensors of libtorch: in place on the CPU where the stored type
// is the computed one, cast (round to nearest even) or copied to the device otherwise.
//
// A tensor that lies in place keeps the checkpoint's file mapped. Of one that was copied nothing stays in memory but
// the copy.
#pragma once

#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/weights.hpp"
#include "engine/cancellation.hpp"
#include "engine/placement.hpp"

namespace zimg::engine {

// The type of libtorch's that is `dtype`.
at::ScalarType scalar_type(checkpoint::DType dtype);

// Whether a part of these weights is small enough to be packed.
bool may_pack(const checkpoint::Weights& weights);

class PartLoader {
 public:
  // `check_cancelled`, where given, is asked before each tensor: a large part takes many seconds.
  PartLoader(std::shared_ptr<const checkpoint::Weights> weights, Placement placement,
             CheckCancelled check_cancelled = {});

  // In the placement's type. Errors: those of Weights::tensor and `check_cancelled`, kOutOfMemory.
  at::Tensor load(const std::string& name, const std::vector<std::int64_t>& shape) const;

  // The same, for kernels::linear: packed where that pays and the part is small.
  at::Tensor load_matrix(const std::string& name, const std::vector<std::int64_t>& shape) const;

  // Rounded to the placement's type, then held in float32: norm weights and biases, which fused kernels read as such.
  at::Tensor load_as_float(const std::string& name, const std::vector<std::int64_t>& shape) const;

  bool has(const std::string& name) const { return weights_->has(name); }
  const Placement& placement() const { return placement_; }

 private:
  at::Tensor in_file(const std::string& name, const std::vector<std::int64_t>& shape) const;

  std::shared_ptr<const checkpoint::Weights> weights_;
  Placement placement_;
  CheckCancelled check_cancelled_;
  bool may_pack_;
};

}  // namespace zimg::engine
