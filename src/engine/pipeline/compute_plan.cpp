#include "engine/pipeline/compute_plan.hpp"

#include <ATen/Context.h>

#include <thread>

#include "base/processor.hpp"
#include "engine/kernels/chosen_products.hpp"
#include "engine/pipeline/cuda_driver.hpp"
#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

constexpr int kAmpere = 8;  // the first compute capability with bfloat16 matrix units

bool cpu_multiplies_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

PrecisionChoice precision_on_cpu(PrecisionChoice asked) {
  if (asked == PrecisionChoice::kFp16) {
    throw Error(ErrorCode::kUnsupported, "precision fp16 needs a GPU; on the CPU use bf16 or fp32");
  }
  if (asked != PrecisionChoice::kAuto) return asked;
  return cpu_multiplies_bf16() ? PrecisionChoice::kBf16 : PrecisionChoice::kFp32;
}

PrecisionChoice precision_on_cuda(PrecisionChoice asked, const CudaDevice& device) {
  if (asked != PrecisionChoice::kAuto) return asked;
  return device.compute_major >= kAmpere ? PrecisionChoice::kBf16 : PrecisionChoice::kFp16;
}

void set_precision(ComputePlan& plan, PrecisionChoice precision) {
  plan.denoiser = precision;
  // Qwen3's activations and the VAE's leave float16's range: these two are small beside the denoiser.
  plan.text_encoder = precision == PrecisionChoice::kFp16 ? PrecisionChoice::kFp32 : precision;
  plan.vae = plan.text_encoder;
}

}  // namespace

Placement ComputePlan::placement(PrecisionChoice precision) const {
  Placement placement;
  placement.device = at::Device(device == DeviceChoice::kCuda ? at::kCUDA : at::kCPU);
  placement.dtype = precision == PrecisionChoice::kBf16   ? at::kBFloat16
                    : precision == PrecisionChoice::kFp16 ? at::kHalf
                                                          : at::kFloat;
  return placement;
}

ComputePlan resolve(std::uint32_t device, std::uint32_t precision, std::uint32_t threads) {
  if (device > 2)
    throw Error(ErrorCode::kInvalidArgument, "device is " + std::to_string(device) + "; 0 to 2 are known");
  if (precision > 3) {
    throw Error(ErrorCode::kInvalidArgument, "precision is " + std::to_string(precision) + "; 0 to 3 are known");
  }
  const auto asked_device = static_cast<DeviceChoice>(device);
  const auto asked_precision = static_cast<PrecisionChoice>(precision);
  const bool torch_has_cuda = at::globalContext().hasCUDA();
  const auto cuda = asked_device != DeviceChoice::kCpu && torch_has_cuda ? first_cuda_device() : std::nullopt;
  if (asked_device == DeviceChoice::kCuda && !cuda) {
    throw Error(ErrorCode::kUnsupported, torch_has_cuda ? "device cuda was asked for, but the driver shows no GPU"
                                                        : "device cuda was asked for, but this libtorch sees no CUDA");
  }
  ComputePlan plan;
  plan.threads = threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency());
  if (cuda) {
    plan.device = DeviceChoice::kCuda;
    plan.device_name = cuda->name + ", driver " + std::to_string(cuda->driver_version);
    set_precision(plan, precision_on_cuda(asked_precision, *cuda));
  } else {
    plan.device = DeviceChoice::kCpu;
    plan.device_name = base::processor_identity() + ";products=" + kernels::chosen_products();
    set_precision(plan, precision_on_cpu(asked_precision));
  }
  return plan;
}

}  // namespace zimg::engine
