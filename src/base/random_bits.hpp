// 32 bits from the operating system's source of randomness.
#pragma once

#include <cstdint>

namespace zimg::base {

// From any thread. Errors: kIo.
std::uint32_t random_bits();

}  // namespace zimg::base
