// Error is what zimg throws, besides std::bad_alloc; what a caller's own callback throws is passed on as it is.
//
// what() is one English sentence in UTF-8 that names the file, field or key, what was found and what is expected. It
// never holds a prompt or a secret. code() is what a program branches on; its numbers are fixed for ever.
#pragma once

#include <stdexcept>
#include <string>

#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

enum class ErrorCode : int {
  kInvalidArgument = 1,  // the caller's input is wrong; nothing was done
  kNotFound = 2,         // a file, a key, or (only if cached) a picture that is not there
  kBadModel = 3,         // a model folder that is incomplete, inconsistent or damaged
  kUnsupported = 4,      // sound input that this build or machine cannot serve
  kOutOfMemory = 5,      // host or device memory would not do
  kDevice = 6,           // the device failed or produced NaN or infinite latents
  kIo = 7,               // the operating system refused a read or write
  kCache = 8,            // a cache that the caller addressed directly failed
  kCancelled = 9,        // the caller asked to stop
  kRefused = 10,         // a keyword list refuses the prompt
  kClosed = 11,          // a handle used after close or in a forked child
  kInternal = 12,        // a defect of zimg
};

// The code's name in snake case, for example "bad_model"; "unknown" for a number outside the enumeration.
ZIMG_API const char* error_code_name(ErrorCode code) noexcept;

class ZIMG_API Error : public std::runtime_error {
 public:
  // What of `sentence` is not UTF-8, such as the name of a file, is replaced by U+FFFD.
  Error(ErrorCode code, const std::string& sentence);
  ~Error() override;

  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace v0
}  // namespace zimg
