// Bytes are an encoded picture or any other octets; SharedBytes are the same, immutable and shared between threads.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace zimg {
inline namespace v0 {

using Bytes = std::vector<std::uint8_t>;
using SharedBytes = std::shared_ptr<const Bytes>;

}  // namespace v0
}  // namespace zimg
