// Letters that are read as a to z although they are others: the explicit tables of this folder.
//
// Free functions; thread-safe. Each gives `code` itself where it has nothing for it.
#pragma once

namespace zimg::filter {

// The Latin letter, in the same case, that a Cyrillic or Greek one looks like.
char32_t latin_for_foreign(char32_t code);

// The letter a to z for a Latin small letter that Unicode does not decompose (stroked, hooked, small capitals) and for
// the letters in black circles, in black squares and of flags.
char32_t latin_for_variant(char32_t code);

}  // namespace zimg::filter
