// Numbers of bytes as people write them: 512MiB, 10GB, 65536.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zimg::base {

// Units: B, kB, MB, GB, TB, KiB, MiB, GiB, TiB; none is bytes. Errors: kInvalidArgument naming `field`, what
// was found and what is expected.
std::uint64_t parse_byte_size(const std::string& field, std::string_view text);

}  // namespace zimg::base
