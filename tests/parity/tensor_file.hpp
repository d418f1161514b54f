// Tensors written as safetensors, for programs that compare with the reference.
#pragma once

#include <ATen/core/TensorBody.h>

#include <map>
#include <string>

namespace zimg::parity {

// Writes float32 and uint8 tensors under their names. Throws std::runtime_error when the file cannot be written.
void write_tensors(const std::string& path, const std::map<std::string, at::Tensor>& tensors);

}  // namespace zimg::parity
