// Will a part fit into the machine's memory once it is loaded? Asked before loading, so that the answer is a sentence
// and not the kernel's out-of-memory killer.
#pragma once

#include <cstdint>
#include <string>

#include "checkpoint/weights.hpp"
#include "engine/placement.hpp"

namespace zimg::engine {

// Bytes that the tensors of `weights` take in the placement's type.
std::uint64_t bytes_in_all(const checkpoint::Weights& weights, const Placement& placement);

// Bytes of anonymous memory that loading `weights` takes, by their shapes and types: what lies in its file as it is
// used takes none.
std::uint64_t bytes_to_load(const checkpoint::Weights& weights, const Placement& placement);

// Whether `needed` bytes may be taken of `available`; 0 available is taken for unknown, and allows it.
bool fits(std::uint64_t needed, std::uint64_t available);

// Errors: kOutOfMemory naming `part`, what it needs, what there is, and what helps.
void require_memory(const std::string& part, std::uint64_t needed, std::uint64_t available);

// The same of decoding a picture of `size`, such as "1024x1024", where `may_tile` says whether tiles would help.
void require_memory_to_decode(const std::string& size, std::uint64_t needed, std::uint64_t available, bool may_tile);

// The same of a GPU that has `memory` bytes in all, for a part that is alone on it.
void require_device_memory(const std::string& part, std::uint64_t needed, std::uint64_t memory);

}  // namespace zimg::engine
