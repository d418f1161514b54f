#include "cache/checksum.hpp"

#define XXH_STATIC_LINKING_ONLY  // for the size of XXH3_state_t
#include <xxhash.h>
#if defined(ZIMG_XXHASH_DISPATCH)
#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxh_x86dispatch.h>
#endif

namespace zimg::cache {
namespace {

XXH3_state_t* state_of(unsigned char* storage) noexcept {
  return reinterpret_cast<XXH3_state_t*>(storage);
}

}  // namespace

static_assert(sizeof(XXH3_state_t) <= 576 && alignof(XXH3_state_t) <= 64);

Checksum::Checksum() noexcept {
  XXH3_INITSTATE(state_of(state_.data()));
  XXH3_64bits_reset(state_of(state_.data()));
}

void Checksum::update(const void* data, std::size_t size) noexcept {
  if (size == 0) return;
#if defined(ZIMG_XXHASH_DISPATCH)
  XXH3_64bits_update_dispatch(state_of(state_.data()), data, size);
#else
  XXH3_64bits_update(state_of(state_.data()), data, size);
#endif
}

std::uint64_t Checksum::digest() const noexcept {
  return XXH3_64bits_digest(reinterpret_cast<const XXH3_state_t*>(state_.data()));
}

std::uint64_t checksum(const void* data, std::size_t size) noexcept {
#if defined(ZIMG_XXHASH_DISPATCH)
  return XXH3_64bits_dispatch(data, size);
#else
  return XXH3_64bits(data, size);
#endif
}

}  // namespace zimg::cache
