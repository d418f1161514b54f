// From a tensor's type to the element type of the row kernels.
#pragma once

#include <ATen/core/TensorBody.h>

#include "engine/kernels/row_kernels.hpp"

namespace zimg::engine::kernels {

inline bool has_row_kernels(const at::Tensor& x) {
  return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

// Whether rows of channels can be written into `image`. False for an undefined tensor.
inline bool takes_rows(const at::Tensor& image) {
  return image.defined() && image.is_contiguous(at::MemoryFormat::ChannelsLast);
}

// Calls `body` with a zero of the element type: float or Bf16.
template <class Body>
void with_elements(const at::Tensor& x, Body&& body) {
  if (x.scalar_type() == at::kFloat) {
    body(float{});
  } else {
    body(Bf16{});
  }
}

template <class T>
const T* elements(const at::Tensor& x) {
  return static_cast<const T*>(x.const_data_ptr());
}

template <class T>
T* mutable_elements(at::Tensor& x) {
  return static_cast<T*>(x.mutable_data_ptr());
}

}  // namespace zimg::engine::kernels
