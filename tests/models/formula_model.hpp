// A tiny model in the released layout whose weights are a formula of their names, so that a script in another language
// makes the same one: tests/parity/write_reference_numbers.py holds the twin of this file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checkpoint/configs.hpp"
#include "checkpoint/expected_tensors.hpp"

namespace zimg_test {

// Numbers in [-1, 1) that `name` begins: equal everywhere, unlike for unlike names.
std::vector<double> formula_numbers(const std::string& name, std::size_t count);

// What a weight of the model holds: norms near 1, biases and pad tokens clearly not 0, matrices that keep a row's size.
std::vector<float> formula_weights(const zimg::checkpoint::ExpectedTensor& tensor);

// Writes a safetensors file of such weights in float32.
void write_formula_tensors(const std::string& path, const std::vector<zimg::checkpoint::ExpectedTensor>& tensors);

// Section 12 of the model's description: the smallest at which every divisibility rule holds.
zimg::checkpoint::ModelConfig formula_config();

// Writes the model in float32 into `folder`, which must exist and be empty.
void write_formula_model(const std::string& folder);

}  // namespace zimg_test
