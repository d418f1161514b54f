#include "zimg/version.hpp"

#define ZIMG_TEXT_OF(x) #x
#define ZIMG_TEXT(x) ZIMG_TEXT_OF(x)

namespace zimg {
inline namespace v0 {

const char* version() noexcept {
  return ZIMG_TEXT(ZIMG_VERSION_MAJOR) "." ZIMG_TEXT(ZIMG_VERSION_MINOR) "." ZIMG_TEXT(ZIMG_VERSION_PATCH);
}

}  // namespace v0
}  // namespace zimg
