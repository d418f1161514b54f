#include "capi/error.hpp"

#include <memory>

#include "capi/guard.hpp"
#include "capi/text.hpp"

namespace zimg::capi {
namespace {

template <ErrorCode kCode, zimg_status kStatus>
constexpr bool kIsSame = static_cast<zimg_status>(kCode) == kStatus;
static_assert(kIsSame<ErrorCode::kInvalidArgument, ZIMG_STATUS_INVALID_ARGUMENT>);
static_assert(kIsSame<ErrorCode::kNotFound, ZIMG_STATUS_NOT_FOUND>);
static_assert(kIsSame<ErrorCode::kBadModel, ZIMG_STATUS_BAD_MODEL>);
static_assert(kIsSame<ErrorCode::kUnsupported, ZIMG_STATUS_UNSUPPORTED>);
static_assert(kIsSame<ErrorCode::kOutOfMemory, ZIMG_STATUS_OUT_OF_MEMORY>);
static_assert(kIsSame<ErrorCode::kDevice, ZIMG_STATUS_DEVICE>);
static_assert(kIsSame<ErrorCode::kIo, ZIMG_STATUS_IO>);
static_assert(kIsSame<ErrorCode::kCache, ZIMG_STATUS_CACHE>);
static_assert(kIsSame<ErrorCode::kCancelled, ZIMG_STATUS_CANCELLED>);
static_assert(kIsSame<ErrorCode::kRefused, ZIMG_STATUS_REFUSED>);
static_assert(kIsSame<ErrorCode::kClosed, ZIMG_STATUS_CLOSED>);
static_assert(kIsSame<ErrorCode::kInternal, ZIMG_STATUS_INTERNAL>);

bool is_failure(zimg_status status) {
  return status >= ZIMG_STATUS_INVALID_ARGUMENT && status <= ZIMG_STATUS_INTERNAL;
}

}  // namespace

zimg_status fail(zimg_error** out_error, ErrorCode code, const char* sentence) noexcept {
  const auto status = static_cast<zimg_status>(code);
  if (out_error != nullptr) *out_error = zimg_error_create(status, sentence, std::char_traits<char>::length(sentence));
  return status;
}

void check_callback(zimg_status status, const CallbackError& error, const char* name) {
  if (status == ZIMG_STATUS_OK) return;
  if (!is_failure(status)) {
    throw Error(ErrorCode::kInternal,
                std::string(name) + " answered with the status " + std::to_string(status) + ", which is none");
  }
  throw Error(static_cast<ErrorCode>(status), error.value != nullptr
                                                  ? error.value->message
                                                  : std::string(name) + " failed (" + zimg_status_name(status) + ")");
}

}  // namespace zimg::capi

using namespace zimg::capi;

const char* zimg_status_name(zimg_status status) {
  return status == ZIMG_STATUS_OK ? "ok" : zimg::error_code_name(static_cast<zimg::ErrorCode>(status));
}

zimg_error* zimg_error_create(zimg_status status, const char* message, size_t size) {
  if (!is_failure(status)) return nullptr;
  std::unique_ptr<zimg_error> error;
  guarded(nullptr, [&] {
    auto made = std::make_unique<zimg_error>();
    made->status = status;
    made->message = is_text(message, size) ? std::string(message, size) : "the message is no UTF-8 text";
    error = std::move(made);
  });
  return error.release();
}

zimg_status zimg_error_status(const zimg_error* error) {
  return alive(error) == nullptr ? ZIMG_STATUS_OK : error->status;
}

const char* zimg_error_message(const zimg_error* error, size_t* out_size) {
  return view_of(alive(error) == nullptr ? nullptr : &error->message, out_size);
}

void zimg_error_destroy(zimg_error* error) {
  destroy(error);
}
