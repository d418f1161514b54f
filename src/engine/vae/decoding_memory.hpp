// How much memory a decoding on the CPU takes for its images at the most: there no allocation fails, and the system
// ends the process instead.
#pragma once

#include <cstdint>

#include "checkpoint/configs.hpp"
#include "engine/placement.hpp"

namespace zimg::engine {

// A size in latents.
struct LatentSize {
  std::int64_t height, width;
};

// Octets, beside those of the weights. What single threads and small images take is left out: a picture that would fit
// must not be refused.
std::uint64_t octets_to_decode(const checkpoint::VaeConfig& config, const Placement& placement, LatentSize size,
                               bool tiling);

}  // namespace zimg::engine
