// What this build of zimg has, and where its engine is.
//
// Free functions; thread-safe. Nothing is opened.
#pragma once

#include <cstdint>
#include <string>

#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

enum class Feature : std::uint8_t {
  kEngine = 0,             // an engine module was built with it
  kSimplifiedChinese = 1,  // keyword lists take traditional and simplified Chinese as one
};

ZIMG_API bool has_feature(Feature feature) noexcept;

// The engine module that a Generator with this GeneratorOptions::engine_path would open. Errors: kUnsupported naming
// the places where it was not, kNotFound for an explicit path.
ZIMG_API std::string find_engine_module(const std::string& engine_path = "");

}  // namespace v0
}  // namespace zimg
