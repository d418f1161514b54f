#include "engine/pipeline/compute_plan.hpp"

#include <boost/test/unit_test.hpp>

#include "engine/kernels/cpu_features.hpp"
#include "engine/kernels/tile_product.hpp"
#include "engine/kernels/vector_product.hpp"
#include "zimg/error.hpp"

namespace {

using zimg::Error;
using zimg::ErrorCode;
using namespace zimg::engine;

constexpr auto kFp32 = PrecisionChoice::kFp32;
constexpr auto kBf16 = PrecisionChoice::kBf16;
constexpr auto kFp16 = PrecisionChoice::kFp16;

FindGpu gpu_of(int compute_major) {
  return [compute_major] {
    CudaDevice gpu;
    gpu.name = "Some GPU";
    gpu.compute_major = compute_major;
    gpu.driver_version = 13000;
    gpu.memory = 16'000'000'000;
    return GpuSearch{gpu, ", CUDA 12060, cuDNN 90501", ""};
  };
}

GpuSearch no_gpu() {
  return {std::nullopt, "", "there is none today"};
}

ComputePlan on(int compute_major, PrecisionChoice asked) {
  return resolve(0, static_cast<std::uint32_t>(asked), 1, gpu_of(compute_major));
}

void check(const ComputePlan& plan, PrecisionChoice text, PrecisionChoice denoiser, PrecisionChoice vae) {
  BOOST_TEST((plan.device == DeviceChoice::kCuda));
  BOOST_TEST((plan.text_encoder == text));
  BOOST_TEST((plan.denoiser == denoiser));
  BOOST_TEST((plan.vae == vae));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compute_plan_test)

BOOST_AUTO_TEST_CASE(auto_is_bfloat16_on_a_cpu_that_multiplies_it_or_widens_it_as_fast) {
  const ComputePlan plan = resolve(1, static_cast<std::uint32_t>(PrecisionChoice::kAuto), 1, no_gpu);
  const bool has_vectors = kernels::has_tile_product() || kernels::has_vector_product();
  const bool widens = kernels::has_avx2() && !kernels::has_avx512();
  BOOST_TEST((plan.denoiser == (has_vectors || widens ? kBf16 : kFp32)));
  BOOST_TEST((plan.text_encoder == plan.denoiser && plan.vae == plan.denoiser));
}

BOOST_AUTO_TEST_CASE(auto_is_the_type_that_the_gpu_multiplies_fastest) {
  check(on(6, PrecisionChoice::kAuto), kFp32, kFp16, kFp32);
  check(on(7, PrecisionChoice::kAuto), kBf16, kFp16, kFp32);
  check(on(8, PrecisionChoice::kAuto), kBf16, kBf16, kBf16);
  check(on(12, PrecisionChoice::kAuto), kBf16, kBf16, kBf16);
}

BOOST_AUTO_TEST_CASE(what_was_asked_for_is_taken) {
  check(on(9, kFp32), kFp32, kFp32, kFp32);
  check(on(7, kBf16), kBf16, kBf16, kBf16);
  check(on(9, kFp16), kBf16, kFp16, kFp32);
}

BOOST_AUTO_TEST_CASE(a_gpu_is_named_with_what_rounds_on_it) {
  const ComputePlan plan = on(9, kBf16);
  BOOST_TEST(plan.device_name == "Some GPU, driver 13000, CUDA 12060, cuDNN 90501");
  BOOST_TEST(plan.device_memory == 16'000'000'000u);
}

BOOST_AUTO_TEST_CASE(without_a_gpu_auto_is_the_cpu) {
  const ComputePlan plan = resolve(0, 1, 1, no_gpu);
  BOOST_TEST((plan.device == DeviceChoice::kCpu));
  BOOST_TEST(plan.device_memory == 0u);
  BOOST_CHECK_THROW(resolve(0, 3, 1, no_gpu), Error);  // fp16
}

BOOST_AUTO_TEST_CASE(cuda_says_why_it_is_refused) {
  BOOST_CHECK_EXCEPTION(resolve(2, 0, 1, no_gpu), Error, [](const Error& e) {
    return e.code() == ErrorCode::kUnsupported &&
           std::string(e.what()) == "device cuda was asked for, but there is none today";
  });
}

BOOST_AUTO_TEST_CASE(the_cpu_asks_for_no_gpu) {
  const auto never = []() -> GpuSearch { throw std::logic_error("asked"); };
  BOOST_TEST((resolve(1, 1, 1, never).device == DeviceChoice::kCpu));
}

BOOST_AUTO_TEST_SUITE_END()
