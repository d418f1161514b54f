// A predicate for BOOST_CHECK_EXCEPTION.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "zimg/error.hpp"

namespace zimg_test {

// An Error of `code` whose sentence holds `words`.
inline auto is_error(zimg::ErrorCode code, const std::string& words = "") {
  return [code, words](const zimg::Error& e) {
    const bool is_right = e.code() == code && std::string(e.what()).find(words) != std::string::npos;
    if (!is_right) BOOST_TEST_MESSAGE(zimg::error_code_name(e.code()) << ": " << e.what());
    return is_right;
  };
}

}  // namespace zimg_test
