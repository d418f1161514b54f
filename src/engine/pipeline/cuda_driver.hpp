// What the CUDA driver says of its first visible device. Asked through libcuda itself, because libtorch's CUDA headers
// need the toolkit, which a machine with a CUDA-built libtorch need not have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace zimg::engine {

struct CudaDevice {
  std::string name;
  int compute_major = 0;
  std::uint64_t memory = 0;  // bytes in all, also those that are taken; 0 where the driver does not say
  int driver_version = 0;
};

// nullopt where there is no driver or no visible device.
std::optional<CudaDevice> first_cuda_device();

}  // namespace zimg::engine
