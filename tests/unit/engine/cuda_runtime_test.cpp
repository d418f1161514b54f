#include "engine/pipeline/cuda_runtime.hpp"

#include <ATen/Context.h>

#include <boost/test/unit_test.hpp>

namespace {

using namespace zimg::engine;

bool is_of_memory(const std::string& text) {
  return means_out_of_memory(c10::Error({"f", "f.cpp", 1}, text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_runtime_test)

BOOST_AUTO_TEST_CASE(each_library_says_in_its_own_words_that_memory_ran_out) {
  BOOST_TEST(means_out_of_memory(c10::OutOfMemoryError({"f", "f.cpp", 1}, "Tried to allocate 2.00 GiB")));
  BOOST_TEST(is_of_memory("CUDA error: out of memory\nCUDA kernel errors might be reported asynchronously"));
  BOOST_TEST(is_of_memory("CUDA driver error: out of memory"));
  BOOST_TEST(is_of_memory("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"));
  BOOST_TEST(is_of_memory("CUDA out of memory. Tried to allocate 2.00 GiB"));
  BOOST_TEST(!is_of_memory("cuDNN error: CUDNN_STATUS_BAD_PARAM"));
}

BOOST_AUTO_TEST_CASE(other_errors_are_not_of_memory) {
  BOOST_TEST(!is_of_memory("mat1 and mat2 shapes cannot be multiplied (1x2 and 3x4)"));
  BOOST_TEST(!is_of_memory("CUDA error: no kernel image is available for execution on the device"));
  BOOST_TEST(!is_of_memory("CUDA error: an illegal memory access was encountered"));
  BOOST_TEST(!is_of_memory(""));
}

BOOST_AUTO_TEST_CASE(what_a_library_could_not_make_is_tried_again_and_not_put_down_to_memory) {
  for (const char* text : {"CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`",
                           "GET was unable to find an engine to execute this computation",
                           "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"}) {
    const c10::Error error({"f", "f.cpp", 1}, text);
    BOOST_TEST(may_mean_out_of_memory(error));
    BOOST_TEST(!means_out_of_memory(error));
    BOOST_TEST(first_line_of(error) == text);
  }
  BOOST_TEST(may_mean_out_of_memory(c10::OutOfMemoryError({"f", "f.cpp", 1}, "Tried to allocate 2.00 GiB")));
}

BOOST_AUTO_TEST_CASE(a_machine_without_a_gpu_says_why) {
  if (at::globalContext().hasCUDA()) return;
  const GpuSearch search = usable_gpu();
  BOOST_TEST(!search.gpu);
  BOOST_TEST(search.why_none != "");
}

BOOST_AUTO_TEST_CASE(the_cpu_is_not_waited_for) {
  BOOST_CHECK_NO_THROW(wait_for(at::Device(at::kCPU)));
  BOOST_CHECK_NO_THROW(give_back_memory(at::Device(at::kCPU)));
}

BOOST_AUTO_TEST_SUITE_END()
