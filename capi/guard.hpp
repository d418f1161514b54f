// The one place where exceptions end: what C++ throws becomes a zimg_status and a zimg_error, or waits until C++ is
// reached again. There is no other try block in capi/.
#pragma once

#include <exception>
#include <new>
#include <utility>

#include "zimg/error.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

// Puts an error with `sentence` into `out_error`, which may be NULL, and returns its status. Where there is no memory
// for the error, NULL is put there.
zimg_status fail(zimg_error** out_error, ErrorCode code, const char* sentence) noexcept;

// Runs `body`, and translates what it throws. The body writes to out-parameters when nothing can fail any more.
template <class Body>
zimg_status guarded(zimg_error** out_error, Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
    return ZIMG_STATUS_OK;
  } catch (const Error& error) {
    return fail(out_error, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(out_error, ErrorCode::kOutOfMemory, "there is not enough memory");
  } catch (const std::exception& error) {
    return fail(out_error, ErrorCode::kInternal, error.what());
  } catch (...) {
    return fail(out_error, ErrorCode::kInternal, "what was thrown is no std::exception");
  }
}

// What `body` throws, for std::rethrow_exception() on the other side of a stretch of C; null for nothing.
template <class Body>
std::exception_ptr failure_of(Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace zimg::capi
