// Puts the fields of a case into the values of the C++ API.
#pragma once

#include <optional>
#include <string>

#include "../c/case.h"
#include "zimg/zimg.hpp"

namespace conformance {

// What belongs to a request besides its fields.
struct Seen {
  int steps = 0;  // that the progress callback saw
  int previews = 0;
  bool is_to_be_cancelled = false;  // before the drawing
};

// The text of a field; nullopt where there is none.
std::optional<std::string> text_of(const Case& subject, const char* name);

// These throw std::runtime_error for a field that they do not know.
void fill(const Case& subject, zimg::GeneratorOptions& options);
void fill(const Case& subject, zimg::Request& request, Seen& seen);
void fill(const Case& subject, zimg::CacheEntry& entry);

}  // namespace conformance
