// A zlib stream out of a file that anyone may have written: never grows beyond a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace zimg::image {

// nullopt when the stream is damaged, cut, or inflates to more than `max_bytes`.
std::optional<std::string> inflate(const std::uint8_t* data, std::size_t size, std::size_t max_bytes);

}  // namespace zimg::image
