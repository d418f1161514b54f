// Strings and octets at the border: what comes in is checked and copied, what goes out is a view or a handle.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "capi/handle.hpp"
#include "zimg/bytes.hpp"
#include "zimg/zimg.h"

struct zimg_text : zimg::capi::Handle<zimg_text> {
  std::string value;
};

struct zimg_bytes : zimg::capi::Handle<zimg_bytes> {
  zimg::SharedBytes value;  // never null
};

namespace zimg::capi {

// UTF-8 without NUL, and no NULL with a length.
bool is_text(const char* text, std::size_t size) noexcept;

// The string that an argument called `name` is. Errors: kInvalidArgument naming it, for NULL with a length, a NUL, or
// what is no UTF-8. Never shows the text: it may be a prompt.
std::string text_of(const char* text, std::size_t size, const char* name);

// Octets. Errors: kInvalidArgument for NULL with a length.
Bytes bytes_of(const void* data, std::size_t size, const char* name);

// A getter's answer: NULL and 0 for null.
const char* view_of(const std::string* text, std::size_t* out_size) noexcept;

// The element of `list` at `index` as a getter answers it; NULL and 0 beyond the last.
template <class List, class TextOf>
const char* view_at(const List* list, std::size_t index, std::size_t* out_size, TextOf text_of_element) {
  return view_of(list != nullptr && index < list->size() ? &text_of_element((*list)[index]) : nullptr, out_size);
}

// Text to give out; what of it is not UTF-8 is replaced by U+FFFD.
zimg_text* new_text(std::string_view value);

// A path to give out. Errors: kUnsupported for one that is not UTF-8, which would name another file if it were
// repaired.
zimg_text* new_path(const std::string& path);

}  // namespace zimg::capi
