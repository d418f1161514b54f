#include "engine/pipeline/cuda_runtime.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

// Before 2.9 only CUDA's own headers declare what empties the cache.
#define ZIMG_HAS_DEVICE_ALLOCATOR (TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 209)
#if ZIMG_HAS_DEVICE_ALLOCATOR
#include <c10/core/CachingDeviceAllocator.h>
#endif

namespace zimg::engine {
namespace {

const at::CUDAHooksInterface& hooks() {
  return at::detail::getCUDAHooks();
}

std::string libraries() {
  std::string text = ", CUDA " + std::to_string(hooks().versionCUDART());
  if (hooks().hasCuDNN()) text += ", cuDNN " + std::to_string(hooks().versionCuDNN());
  return text;
}

// libtorch's reason, without the backtrace and the advice that follow in further lines; empty where it can compute.
std::string why_it_cannot_compute() {
  try {
    const c10::InferenceMode no_gradients;
    const at::Tensor two = at::ones({1}, at::TensorOptions().device(at::kCUDA)) + 1;
    const float sum = two.item<float>();
    return sum == 2 ? "" : "1 + 1 came to " + std::to_string(sum);
  } catch (const c10::Error& e) {
    if (means_out_of_memory(e)) return "";
    const std::string text = e.what_without_backtrace();
    return text.substr(0, text.find('\n'));
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace

GpuSearch usable_gpu() {
  GpuSearch search;
  if (!hooks().hasCUDART()) {
    search.why_none = "this libtorch sees no CUDA: it is a build for the CPU";
    return search;
  }
  const auto gpu = first_cuda_device();
  if (!gpu) {
    search.why_none = "the driver shows no GPU";
  } else if (!hooks().hasCUDA()) {
    search.why_none = "the driver of " + gpu->name + " is for CUDA " + std::to_string(gpu->driver_version) +
                      ", which is too old for this libtorch of CUDA " + std::to_string(hooks().versionCUDART());
  } else if (const std::string reason = why_it_cannot_compute(); !reason.empty()) {
    search.why_none = "libtorch cannot compute on " + gpu->name + ": " + reason;
  } else {
    search.gpu = gpu;
    search.libraries = libraries();
  }
  return search;
}

bool means_out_of_memory(const c10::Error& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  const std::string text = error.what_without_backtrace();
  // cuDNN says the last two, and cuBLAS its last, where it cannot make its handle for want of memory.
  for (const char* sign :
       {"CUDA error: out of memory", "CUDA driver error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED",
        "CUBLAS_STATUS_NOT_INITIALIZED", "GET was unable to find an engine", "CUDNN_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_INTERNAL_ERROR", "CUDNN_STATUS_NOT_INITIALIZED"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

void wait_for(at::Device device) {
  if (device.is_cuda()) hooks().deviceSynchronize(hooks().current_device());
}

void give_back_memory([[maybe_unused]] at::Device device) {
#if ZIMG_HAS_DEVICE_ALLOCATOR
  if (device.is_cuda()) c10::getDeviceAllocator(at::kCUDA)->emptyCache();
#endif
}

}  // namespace zimg::engine
