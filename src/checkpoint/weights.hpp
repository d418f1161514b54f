// Weights are the tensors of one part of a model (text encoder, transformer or VAE), under the names of the released
// layout whatever the packaging: single file, shards with an index, fused or LDM naming, all-in-one.
//
// Immutable after construction, so const-safe. Files stay memory-mapped as long as the object lives; a caller that
// keeps a TensorView's data beyond a scope keeps the shared_ptr.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/tensor_view.hpp"

namespace zimg::checkpoint {

class Weights {
 public:
  virtual ~Weights() = default;

  // Throws Error kBadModel naming tensor and file when `name` is not there or has another shape than `shape`.
  virtual TensorView tensor(const std::string& name, const std::vector<std::int64_t>& shape) const = 0;
  // The tensor as it is stored, whatever its shape. Throws kBadModel when it is not there.
  virtual TensorView stored(const std::string& name) const = 0;
  virtual bool has(const std::string& name) const = 0;
  virtual std::vector<std::string> names() const = 0;
  // Gives back the memory that the tensor's octets were read into, where the system can read them again from a file.
  // Its views stay valid. Throws kBadModel when it is not there.
  virtual void release(const std::string& /*name*/) const {}
  // All of them, as stored.
  virtual std::vector<TensorView> tensors() const = 0;
};

}  // namespace zimg::checkpoint
