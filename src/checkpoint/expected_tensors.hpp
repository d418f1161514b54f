// Which tensors a part of a model has, by its config: names and shapes of the released layout.
//
// Free functions; they never fail for a config that config_reader accepted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/configs.hpp"
#include "checkpoint/model_folder.hpp"

namespace zimg::checkpoint {

struct ExpectedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  bool is_used = true;  // false for the last text layer and the final norm, which nothing reads
};

// In the order in which the part uses them. The VAE is its decoder alone.
std::vector<ExpectedTensor> expected_tensors(Part part, const ModelConfig& config);

}  // namespace zimg::checkpoint
