// Dropping what cannot be seen.
#pragma once

#include <string>
#include <string_view>

namespace zimg::key {

// `text` without zero-width, control and bidi characters. Joiners stay in emoji sequences and after letters of scripts
// that change shape; variation selectors stay after emoji, keycaps, symbols, ideographs and such letters; tags stay in
// flags.
std::u32string drop_invisible(std::u32string_view text);

}  // namespace zimg::key
