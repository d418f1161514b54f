// The sigma lists of flow matching. It stands here because the key holds the list itself: the meaning of "number of
// steps" changed between releases of the reference.
#pragma once

#include <cstdint>
#include <vector>

#include "zimg/request.hpp"

namespace zimg::key {

// `steps` noise levels in float32 with each operation rounded as the reference rounds it; the closing 0 is left out.
// Source: diffusers FlowMatchEulerDiscreteScheduler.set_timesteps and pipeline_z_image.
std::vector<float> sigmas(Schedule schedule, std::uint32_t steps, double shift);

}  // namespace zimg::key
