// What the engine asks of libtorch's CUDA half beyond its operations. By declarations that every libtorch has: CUDA's
// own headers need the toolkit. On other devices these do nothing.
#pragma once

#include <ATen/core/TensorBody.h>
#include <c10/util/Exception.h>

#include <optional>
#include <string>

#include "engine/pipeline/cuda_driver.hpp"

namespace zimg::engine {

struct GpuSearch {
  std::optional<CudaDevice> gpu;
  std::string libraries;  // ", CUDA 13000, cuDNN 92000": what libtorch computes with on it
  std::string why_none;   // a clause, where there is no GPU
};

// The first GPU, where libtorch can compute on it: tried with one number, because libtorch may have no code for the
// card, or want a newer driver. A GPU that is merely full can be used.
GpuSearch usable_gpu();

// Whether an error of libtorch says that a device's memory would not do. CUDA's libraries have several ways to say so.
bool means_out_of_memory(const c10::Error& error);

// Waits until the device has done what it was given. Errors: c10::Error, of operations that failed since.
void wait_for(at::Device device);

// Gives the memory that no tensor has back to the device, for what does not ask libtorch: cuDNN, cuBLAS, other
// processes.
void give_back_memory(at::Device device);

}  // namespace zimg::engine
