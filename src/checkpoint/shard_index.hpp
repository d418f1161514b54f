// Which safetensors files a part of the released layout is made of: one file, or the shards that an index names.
//
// Free functions. Errors: Error kBadModel naming file and tensor.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/expected_tensors.hpp"

namespace zimg::checkpoint {

// The weight_map of an index: tensor to file name. Refuses names that lead out of the index's folder, and pickles.
std::map<std::string, std::string> parse_shard_index(std::string_view content, const std::string& origin);

// The files in `folder` that hold those tensors of `expected` that are used, sorted by name. Each is there.
std::vector<std::string> find_weight_files(const std::string& folder, Part part,
                                           const std::vector<ExpectedTensor>& expected);

// The shards that the index in `folder` names, as far as they are there; none without an index or with an unsound one.
std::vector<std::string> present_shards(const std::string& folder, Part part);

}  // namespace zimg::checkpoint
