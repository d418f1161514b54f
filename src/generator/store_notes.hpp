// Those sentences of Report::store_note that prewarm() asks for: whether there is a point in drawing on.
#pragma once

namespace zimg::generator {

// A keyword list says so of this prompt, and nothing of the next.
inline constexpr const char* kWithheld = "the prompt holds a word that a keyword list keeps from being stored";

// Of this picture; a smaller one may be kept.
inline constexpr const char* kTooLarge = "the picture is larger than the cache would hold";

// The cache was not asked: it may well keep the next.
inline constexpr const char* kDropped = "too many pictures were waiting to be stored";

}  // namespace zimg::generator
