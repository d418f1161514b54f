// Writes safetensors files for tests: with values, or with holes that read as zeros and take no disk.
//
// Free functions. Errors: std::runtime_error naming the file.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "checkpoint/expected_tensors.hpp"
#include "checkpoint/tensor_view.hpp"

namespace zimg_test {

using zimg::checkpoint::DType;
using zimg::checkpoint::ExpectedTensor;

// A file as long as `tensors` of type `dtype` are, whose data is a hole.
void write_zeros(const std::string& path, const std::vector<ExpectedTensor>& tensors, DType dtype);

// Float32 tensors of the values that `values` gives, row-major.
void write_values(const std::string& path, const std::vector<ExpectedTensor>& tensors,
                  const std::function<std::vector<float>(const ExpectedTensor&)>& values);

}  // namespace zimg_test
