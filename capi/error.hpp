// zimg_error: a status and a sentence; and what a foreign callback reported, as an exception.
#pragma once

#include <string>

#include "capi/handle.hpp"
#include "zimg/error.hpp"
#include "zimg/zimg.h"

struct zimg_error : zimg::capi::Handle<zimg_error> {
  zimg_status status = ZIMG_STATUS_INTERNAL;
  std::string message;
};

namespace zimg::capi {

// The error that a callback may make; it goes with this where nobody takes it.
struct CallbackError {
  CallbackError() = default;
  CallbackError(const CallbackError&) = delete;
  CallbackError& operator=(const CallbackError&) = delete;
  ~CallbackError() { zimg_error_destroy(value); }
  zimg_error* value = nullptr;
};

// Throws what a callback called `name` answered with `status` and, if it made one, `error`. Returns
// where the status is ZIMG_STATUS_OK. A status that is none is kInternal.
void check_callback(zimg_status status, const CallbackError& error, const char* name);

// Calls a function of the host, called `name`, with `arguments` and room for an error, and throws what it reports.
template <class Function, class... Arguments>
void call_host(const char* name, Function function, Arguments... arguments) {
  CallbackError error;
  const zimg_status status = function(arguments..., &error.value);
  check_callback(status, error, name);
}

}  // namespace zimg::capi
