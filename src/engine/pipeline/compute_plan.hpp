// What a drawing runs on: device, number of threads, precision of each part. What "auto" comes to on this machine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/pipeline/cuda_runtime.hpp"
#include "engine/placement.hpp"

namespace zimg::engine {

// Numbers of zimg::Device and zimg::Precision, which cross the C table.
enum class DeviceChoice : std::uint32_t { kAuto = 0, kCpu = 1, kCuda = 2 };
enum class PrecisionChoice : std::uint32_t { kAuto = 0, kFp32 = 1, kBf16 = 2, kFp16 = 3 };

struct ComputePlan {
  DeviceChoice device = DeviceChoice::kCpu;
  PrecisionChoice text_encoder = PrecisionChoice::kFp32;
  PrecisionChoice denoiser = PrecisionChoice::kFp32;
  PrecisionChoice vae = PrecisionChoice::kFp32;
  std::uint32_t threads = 1;
  std::string device_name;          // what tells this CPU, and what is used of it, or this GPU from others
  std::uint64_t device_memory = 0;  // bytes that the GPU has in all; 0 on the CPU and where they are not known

  Placement placement(PrecisionChoice precision) const;
};

// Asked only where a GPU would be taken.
using FindGpu = std::function<GpuSearch()>;

// "auto" is the GPU where libtorch can compute on it, else the CPU; it looks at no model, because keys have the device
// in them. Errors: kInvalidArgument (numbers outside the enumerations), kUnsupported (CUDA that libtorch or the machine
// lacks, fp16 on the CPU).
ComputePlan resolve(std::uint32_t device, std::uint32_t precision, std::uint32_t threads,
                    const FindGpu& find_gpu = usable_gpu);

}  // namespace zimg::engine
