// Z-Image-Turbo in its released shapes without its numbers: the released configs, indexes and tokenizer, and shards
// that are holes, all zeros, and take no disk.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/expected_tensors.hpp"

namespace zimg_test {

// The tensors of the VAE's encoder in the released file, which nothing reads: 106 with the released config.
std::vector<zimg::checkpoint::ExpectedTensor> vae_encoder_tensors(const zimg::checkpoint::VaeConfig& config);

// Writes the model into `folder`, which must exist and be empty; the transformer's weights are of type `transformer`
// ("F32" as released), the others "BF16".
void write_released_model(const std::string& folder, const std::string& transformer);

}  // namespace zimg_test
