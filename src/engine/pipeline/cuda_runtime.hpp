// What the engine asks of libtorch's CUDA half beyond its operations. By declarations that every libtorch has: CUDA's
// own headers need the toolkit. On other devices these do nothing.
#pragma once

#include <ATen/core/TensorBody.h>
#include <c10/util/Exception.h>

#include <optional>
#include <string>

#include "engine/pipeline/cuda_driver.hpp"

namespace zimg::engine {

// The one that is drawn on, whichever a host has made current: the first that CUDA_VISIBLE_DEVICES leaves.
inline const at::Device kGpu{at::kCUDA, 0};

struct GpuSearch {
  std::optional<CudaDevice> gpu;
  std::string libraries;  // ", CUDA 13000, cuDNN 92000": what libtorch computes with on it
  std::string why_none;   // a clause, where there is no GPU
};

// The first GPU, where libtorch can compute on it: tried with one number, because libtorch may have no code for the
// card, or want a newer driver. A GPU that is merely full can be used.
GpuSearch usable_gpu();

// Whether an error of libtorch says that a device's memory would not do, and whether it may have come of that: cuDNN
// and cuBLAS say of a handle or a kernel that there is none, whatever it is for want of.
bool means_out_of_memory(const c10::Error& error);
bool may_mean_out_of_memory(const c10::Error& error);

// What the error says, without the backtrace and the advice that follow in further lines.
std::string first_line_of(const c10::Error& error);

// Waits until the device has done what it was given. Errors: c10::Error, of operations that failed since.
void wait_for(at::Device device);

// Gives the memory that no tensor has back to the device, for what does not ask libtorch: cuDNN, cuBLAS, other
// processes.
void give_back_memory(at::Device device);

}  // namespace zimg::engine
