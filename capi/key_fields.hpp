// zimg_key_fields: the fields of a picture key, for people.
#pragma once

#include <utility>
#include <vector>

#include "capi/handle.hpp"
#include "zimg/generator.hpp"
#include "zimg/zimg.h"

struct zimg_key_fields : zimg::capi::Handle<zimg_key_fields> {
  explicit zimg_key_fields(std::vector<zimg::KeyField> fields) : value(std::move(fields)) {}
  std::vector<zimg::KeyField> value;
};
