// Octets as lower-case hexadecimal digits and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "zimg/bytes.hpp"

namespace zimg::base {

std::string to_hex(const std::uint8_t* data, std::size_t size);

// nullopt unless `hex` is an even number of hexadecimal digits of either case.
std::optional<Bytes> from_hex(std::string_view hex);

}  // namespace zimg::base
