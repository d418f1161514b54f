#include "engine/pipeline/cuda_driver.hpp"

#include <dlfcn.h>

#include <cstddef>

namespace zimg::engine {
namespace {

// Signatures and numbers of the CUDA driver API, which are fixed for ever.
using Init = int (*)(unsigned);
using GetDevice = int (*)(int*, int);
using GetName = int (*)(char*, int, int);
using GetAttribute = int (*)(int*, int, int);
using GetVersion = int (*)(int*);
using GetTotalMemory = int (*)(std::size_t*, int);
constexpr int kComputeCapabilityMajor = 75;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR

template <class Function>
Function symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(::dlsym(library, name));
}

}  // namespace

std::optional<CudaDevice> first_cuda_device() {
  void* library = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);  // never closed: the driver does not unload cleanly
  if (library == nullptr) return std::nullopt;
  const auto init = symbol<Init>(library, "cuInit");
  const auto get_device = symbol<GetDevice>(library, "cuDeviceGet");
  const auto get_name = symbol<GetName>(library, "cuDeviceGetName");
  const auto get_attribute = symbol<GetAttribute>(library, "cuDeviceGetAttribute");
  const auto get_version = symbol<GetVersion>(library, "cuDriverGetVersion");
  if (!init || !get_device || !get_name || !get_attribute || !get_version) return std::nullopt;
  int device = 0;
  char name[256] = {};
  CudaDevice found;
  if (init(0) != 0 || get_device(&device, 0) != 0 || get_name(name, sizeof(name), device) != 0 ||
      get_attribute(&found.compute_major, kComputeCapabilityMajor, device) != 0 ||
      get_version(&found.driver_version) != 0) {
    return std::nullopt;
  }
  std::size_t memory = 0;
  const auto get_memory = symbol<GetTotalMemory>(library, "cuDeviceTotalMem_v2");
  if (get_memory != nullptr && get_memory(&memory, device) == 0) found.memory = memory;
  found.name = name;
  return found;
}

}  // namespace zimg::engine
