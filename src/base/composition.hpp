// Canonical composition (Unicode NFC's last step), as utf8proc makes it but for what its release 2.8 drops.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zimg::base {

// Composes `count` decomposed code points in canonical order, in place, and returns how many are left. U+11A7, the
// number before the first trailing consonant of Hangul, stays behind a syllable: utf8proc takes it for a consonant that
// is not there, and drops it. Errors: kInternal for what is no text.
std::size_t compose(std::int32_t* codes, std::size_t count);

}  // namespace zimg::base
