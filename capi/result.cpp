#include "capi/result.hpp"

#include <cstring>
#include <string>

#include "capi/guard.hpp"
#include "capi/text.hpp"

using namespace zimg::capi;

const uint8_t* zimg_result_bytes(const zimg_result* result, size_t* out_size) {
  const bool is_there = alive(result) != nullptr;
  if (out_size != nullptr) *out_size = is_there ? result->value.bytes->size() : 0;
  return is_there ? result->value.bytes->data() : nullptr;
}

zimg_status zimg_result_share_bytes(const zimg_result* result, zimg_bytes** out_bytes, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg_result& shared = required(result, "result");
    create(out_bytes, "out_bytes");
    (*out_bytes)->value = shared.value.bytes;
  });
}

zimg_status zimg_result_copy_bytes(const zimg_result* result, void* buffer, size_t capacity, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg::Bytes& bytes = *required(result, "result").value.bytes;
    required_pointer(buffer, "buffer");
    if (capacity < bytes.size()) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument, "the argument 'capacity' is " + std::to_string(capacity) +
                                                               "; the picture's " + std::to_string(bytes.size()) +
                                                               " bytes are expected at least");
    }
    std::memcpy(buffer, bytes.data(), bytes.size());
  });
}

zimg_image_format zimg_result_format(const zimg_result* result) {
  return alive(result) == nullptr ? 0 : static_cast<zimg_image_format>(result->value.format);
}

uint32_t zimg_result_width(const zimg_result* result) {
  return alive(result) == nullptr ? 0 : result->value.width;
}

uint32_t zimg_result_height(const zimg_result* result) {
  return alive(result) == nullptr ? 0 : result->value.height;
}

const zimg_report* zimg_result_report(const zimg_result* result) {
  return alive(result) == nullptr ? nullptr : &result->report;
}

zimg_status zimg_result_refresh_stored(zimg_result* result, zimg_error** out_error) {
  return guarded(out_error, [&] { required(result, "result").value.report.refresh_stored(); });
}

void zimg_result_destroy(zimg_result* result) {
  destroy(result);
}
