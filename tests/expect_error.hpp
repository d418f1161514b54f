// Checks that something throws zimg::Error with a code, in a sentence that names what it should.
#pragma once

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>

#include "zimg/error.hpp"

namespace zimg_test {

template <class Body>
void expect_error(zimg::ErrorCode code, std::initializer_list<std::string> words, Body&& body) {
  try {
    body();
  } catch (const zimg::Error& error) {
    const std::string sentence = error.what();
    BOOST_CHECK_MESSAGE(error.code() == code, "code " << error_code_name(error.code()) << " where "
                                                      << error_code_name(code) << " is expected: " << sentence);
    for (const std::string& word : words) {
      BOOST_CHECK_MESSAGE(sentence.find(word) != std::string::npos, "'" << word << "' is not in: " << sentence);
    }
    return;
  }
  BOOST_ERROR("nothing was thrown, expected " << error_code_name(code));
}

}  // namespace zimg_test
