// Writes a part's weights as the release has them: one safetensors file, or shards with an index where one would be too
// large.
//
// Free functions. Errors: Error kIo naming the file; kInvalidArgument naming the file and the tensor that
// `dtype` cannot hold.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "checkpoint/part_weights.hpp"

namespace zimg::checkpoint {

constexpr std::uint64_t kMaxShardBytes = 5'000'000'000;  // of tensor data; what the reference's writer does

// Writes every tensor of `weights` as `dtype` into the folder `folder`, which must exist, and syncs the files.
// `advance` is called with the octets written since the last call; what it throws passes through.
void write_weights(const PartWeights& weights, Part part, DType dtype, const std::string& folder,
                   const std::function<void(std::uint64_t)>& advance, std::uint64_t max_shard_bytes = kMaxShardBytes);

// The octets that write_weights writes as tensor data.
std::uint64_t written_bytes(const PartWeights& weights, DType dtype);

}  // namespace zimg::checkpoint
