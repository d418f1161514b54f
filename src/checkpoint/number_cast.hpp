// Rewrites numbers from one weight type to another, to nearest with ties to even, as libtorch does.
//
// Free functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "checkpoint/tensor_view.hpp"

namespace zimg::checkpoint {

float float_of_bf16(std::uint16_t bits);
float float_of_f16(std::uint16_t bits);
std::uint16_t bf16_of(float value);  // NaN stays NaN
std::uint16_t f16_of(float value);   // infinite where the value is too large

// Casts `count` numbers. False when a finite number became infinite; the output is complete all the same. The ranges
// must not overlap; neither needs to be aligned.
bool cast_numbers(const std::byte* from, DType from_type, std::byte* to, DType to_type, std::size_t count);

}  // namespace zimg::checkpoint
