// How many tasks of a loop are worth waking a thread for.
#pragma once

#include <algorithm>
#include <cstdint>

namespace zimg::engine::kernels {

// Tasks of `elements` numbers each: fewer at a time cost more to hand over than to do.
inline std::int64_t grain(std::int64_t elements) {
  constexpr std::int64_t kFewest = 32768;
  return std::max<std::int64_t>(1, kFewest / std::max<std::int64_t>(1, elements));
}

}  // namespace zimg::engine::kernels
