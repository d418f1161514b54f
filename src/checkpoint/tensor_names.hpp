// What a tensor of some packaging is called in the released layout.
//
// Known packagings: the released one, with or without Qwen's "model." prefix; the fused ("original") naming of the
// transformer; the LDM naming of the VAE; all-in-one files, which put a prefix before each. Free functions, no errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/model_folder.hpp"

namespace zimg::checkpoint {

struct ReleasedName {
  std::string name;
  int third = -1;  // which third of the rows of a fused qkv it is; -1: the whole tensor
};

// The released names of what `stored` holds: none when it is no tensor of `part`, three for a fused qkv.
// `vae_blocks` is the number of up blocks, which LDM counts backwards.
std::vector<ReleasedName> released_names(Part part, std::string_view stored, std::size_t vae_blocks);

// One of the tensors by which a file is known to hold `part`, under a released name.
const char* telltale_tensor(Part part);

// "text_encoder", "transformer" or "vae": the part's folder in the released layout.
const char* part_name(Part part);

}  // namespace zimg::checkpoint
