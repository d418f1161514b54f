// Traditional Chinese characters as simplified ones, one by one: enough for comparing words, not for writing them.
#pragma once

namespace zimg::filter {

// The simplified form of `code`; `code` itself where it has none. Doing it twice changes nothing. Thread-safe.
char32_t simplified(char32_t code);

}  // namespace zimg::filter
