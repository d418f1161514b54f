#include "capi/text.hpp"

#include <cstring>
#include <string_view>

#include "base/utf8.hpp"

namespace zimg::capi {
namespace {

// An offset beyond any address space: a length that was computed wrongly, to be told before it is read.
constexpr std::size_t kLengthLimit = static_cast<std::size_t>(1) << 47;

void check_range(const void* data, std::size_t size, const char* name) {
  if (data == nullptr && size != 0) {
    throw Error(ErrorCode::kInvalidArgument, std::string("the argument '") + name + "' is NULL and its length is " +
                                                 std::to_string(size) + "; a pointer to so many bytes is expected");
  }
  if (size >= kLengthLimit) {
    throw Error(ErrorCode::kInvalidArgument, std::string("the length of the argument '") + name + "' is " +
                                                 std::to_string(size) + " bytes, more than a process can hold");
  }
}

}  // namespace

bool is_text(const char* text, std::size_t size) noexcept {
  if (text == nullptr || size >= kLengthLimit) return size == 0;
  return std::memchr(text, 0, size) == nullptr && !base::find_invalid_utf8({text, size});
}

std::string text_of(const char* text, std::size_t size, const char* name) {
  check_range(text, size, name);
  if (size == 0) return "";
  const std::string_view view(text, size);
  if (const auto nul = view.find('\0'); nul != std::string_view::npos) {
    throw Error(ErrorCode::kInvalidArgument, std::string("the argument '") + name + "' has a NUL at byte " +
                                                 std::to_string(nul) + "; text without NUL is expected");
  }
  if (const auto wrong = base::find_invalid_utf8(view)) {
    throw Error(ErrorCode::kInvalidArgument, std::string("the argument '") + name + "' is not UTF-8 at byte " +
                                                 std::to_string(*wrong) + "; UTF-8 is expected");
  }
  return std::string(view);
}

Bytes bytes_of(const void* data, std::size_t size, const char* name) {
  check_range(data, size, name);
  const auto* begin = static_cast<const std::uint8_t*>(data);
  return size == 0 ? Bytes() : Bytes(begin, begin + size);
}

const char* view_of(const std::string* text, std::size_t* out_size) noexcept {
  if (out_size != nullptr) *out_size = text == nullptr ? 0 : text->size();
  return text == nullptr ? nullptr : text->c_str();
}

zimg_text* new_text(std::string_view value) {
  auto text = std::make_unique<zimg_text>();
  text->value = base::repaired_utf8(value);
  return text.release();
}

zimg_text* new_path(const std::string& path) {
  if (const auto wrong = base::find_invalid_utf8(path)) {
    throw Error(ErrorCode::kUnsupported, "the path '" + path + "' is not UTF-8 at byte " + std::to_string(*wrong) +
                                             "; UTF-8 is expected of what is given out");
  }
  return new_text(path);
}

}  // namespace zimg::capi

using namespace zimg::capi;

const char* zimg_text_data(const zimg_text* text, size_t* out_size) {
  return view_of(alive(text) == nullptr ? nullptr : &text->value, out_size);
}

void zimg_text_destroy(zimg_text* text) {
  destroy(text);
}

const uint8_t* zimg_bytes_data(const zimg_bytes* bytes, size_t* out_size) {
  const bool is_there = alive(bytes) != nullptr;
  if (out_size != nullptr) *out_size = is_there ? bytes->value->size() : 0;
  return is_there ? bytes->value->data() : nullptr;
}

void zimg_bytes_destroy(zimg_bytes* bytes) {
  destroy(bytes);
}
