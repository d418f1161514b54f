#include "base/random_bits.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "zimg/error.hpp"

namespace zimg::base {

std::uint32_t random_bits() {
  std::uint32_t bits = 0;
  if (::getentropy(&bits, sizeof(bits)) == 0) return bits;
  throw Error(ErrorCode::kIo, std::string("the system gives no random number: ") + std::strerror(errno));
}

}  // namespace zimg::base
