// A Delivery is a picture that was written to a file, told to people or to programs.
#pragma once

#include <string>

#include "base/json.hpp"
#include "zimg/result.hpp"

namespace zimg::app {

struct Delivery {
  std::string path;
  bool is_spliced = false;  // parameters stand in the file
};

// One JSON object; docs and scripts rely on its fields.
base::Json delivery_json(const Result& result, const Delivery& delivery);

// "out.png  256x256  drawn in 0.42 s, stored  seed 42".
std::string delivery_line(const Result& result, const Delivery& delivery);

}  // namespace zimg::app
