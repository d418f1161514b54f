#include "engine/pipeline/compute_plan.hpp"

#include <thread>

#include "base/processor.hpp"
#include "engine/kernels/chosen_products.hpp"
#include "engine/kernels/float_product.hpp"
#include "engine/kernels/vector_product.hpp"
#include "engine/pipeline/host_settings.hpp"
#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

// Compute capabilities: the first with matrix units, for which libtorch multiplies bfloat16 too, and the first whose
// units take bfloat16.
constexpr int kVolta = 7;
constexpr int kAmpere = 8;

// Where the CPU has instructions for it or, as fast as float32 at half the memory, none wider than AVX2
// (kernels/float_linear.hpp).
bool bf16_pays_on_cpu() {
  return kernels::has_vector_product() || kernels::has_narrow_product_alone();
}

PrecisionChoice precision_on_cpu(PrecisionChoice asked) {
  if (asked == PrecisionChoice::kFp16) {
    throw Error(ErrorCode::kUnsupported, "precision fp16 needs a GPU; on the CPU use bf16 or fp32");
  }
  if (asked != PrecisionChoice::kAuto) return asked;
  return bf16_pays_on_cpu() ? PrecisionChoice::kBf16 : PrecisionChoice::kFp32;
}

void take_cpu(ComputePlan& plan, PrecisionChoice asked) {
  plan.device = DeviceChoice::kCpu;
  plan.device_name = base::processor_identity() + ";products=" + kernels::chosen_products();
  plan.text_encoder = plan.denoiser = plan.vae = precision_on_cpu(asked);
}

void take_gpu(ComputePlan& plan, PrecisionChoice asked, const GpuSearch& search) {
  const CudaDevice& gpu = *search.gpu;
  plan.device = DeviceChoice::kCuda;
  plan.device_name = gpu.name + ", driver " + std::to_string(gpu.driver_version) + search.libraries;
  plan.device_memory = gpu.memory;
  plan.denoiser = asked;
  if (asked == PrecisionChoice::kAuto) {
    plan.denoiser = gpu.compute_major >= kAmpere ? PrecisionChoice::kBf16 : PrecisionChoice::kFp16;
  }
  plan.text_encoder = plan.vae = plan.denoiser;
  if (plan.denoiser != PrecisionChoice::kFp16) return;
  // Qwen3's activations and the VAE's leave float16's range. The VAE is small; the text encoder in float32 would take
  // as much as such a GPU has.
  plan.text_encoder = gpu.compute_major >= kVolta ? PrecisionChoice::kBf16 : PrecisionChoice::kFp32;
  plan.vae = PrecisionChoice::kFp32;
}

}  // namespace

Placement ComputePlan::placement(PrecisionChoice precision) const {
  Placement placement;
  placement.device = device == DeviceChoice::kCuda ? kGpu : at::Device(at::kCPU);
  placement.dtype = precision == PrecisionChoice::kBf16   ? at::kBFloat16
                    : precision == PrecisionChoice::kFp16 ? at::kHalf
                                                          : at::kFloat;
  return placement;
}

ComputePlan resolve(std::uint32_t device, std::uint32_t precision, std::uint32_t threads, const FindGpu& find_gpu) {
  if (device > 2)
    throw Error(ErrorCode::kInvalidArgument, "device is " + std::to_string(device) + "; 0 to 2 are known");
  if (precision > 3) {
    throw Error(ErrorCode::kInvalidArgument, "precision is " + std::to_string(precision) + "; 0 to 3 are known");
  }
  const auto asked_device = static_cast<DeviceChoice>(device);
  const auto asked_precision = static_cast<PrecisionChoice>(precision);
  const GpuSearch search = asked_device == DeviceChoice::kCpu ? GpuSearch{} : find_gpu();
  if (asked_device == DeviceChoice::kCuda && !search.gpu) {
    throw Error(ErrorCode::kUnsupported, "device cuda was asked for, but " + search.why_none);
  }
  ComputePlan plan;
  plan.threads = threads_of_a_drawing(threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency()));
  if (search.gpu) {
    take_gpu(plan, asked_precision, search);
  } else {
    take_cpu(plan, asked_precision);
  }
  return plan;
}

}  // namespace zimg::engine
