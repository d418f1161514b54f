#include "engine/pipeline/cuda_runtime.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include <algorithm>
#include <initializer_list>

#include "engine/pipeline/runtime_compiler.hpp"

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

bool says_one_of(const c10::Error& error, std::initializer_list<const char*> signs) {
  const std::string text = error.what_without_backtrace();
  return std::any_of(signs.begin(), signs.end(),
                     [&](const char* sign) { return text.find(sign) != std::string::npos; });
}

// libtorch's reason; empty where it can compute.
std::string why_it_cannot_compute() {
  try {
    const c10::InferenceMode no_gradients;
    const at::Tensor two = at::ones({1}, at::TensorOptions().device(kGpu)) + 1;
    const float sum = two.item<float>();
    return sum == 2 ? "" : "1 + 1 came to " + std::to_string(sum);
  } catch (const c10::Error& e) {
    return means_out_of_memory(e) ? "" : first_line_of(e);
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
  if (gpu) load_runtime_compiler();
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
  return says_one_of(error, {"CUDA out of memory", "CUDA error: out of memory", "CUDA driver error: out of memory",
                             "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED"});
}

bool may_mean_out_of_memory(const c10::Error& error) {
  return means_out_of_memory(error) ||
         says_one_of(error, {"CUBLAS_STATUS_NOT_INITIALIZED", "GET was unable to find an engine",
                             "CUDNN_STATUS_INTERNAL_ERROR", "CUDNN_STATUS_NOT_INITIALIZED"});
}

std::string first_line_of(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return text.substr(0, text.find('\n'));
}

void wait_for(at::Device device) {
  if (device.is_cuda()) hooks().deviceSynchronize(kGpu.index());
}

void give_back_memory([[maybe_unused]] at::Device device) {
#if ZIMG_HAS_DEVICE_ALLOCATOR
  if (device.is_cuda()) c10::getDeviceAllocator(at::kCUDA)->emptyCache();
#endif
}

}  // namespace zimg::engine
