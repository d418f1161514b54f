// The pipeline of the conformance suite, which README.md describes, behind the C++ API.
#pragma once

#include <memory>
#include <string>

#include "zimg/pipeline.hpp"

namespace conformance {

// `kind` is "paints", "fails" or "lies".
std::shared_ptr<zimg::IPipeline> make_painter(const std::string& kind);

}  // namespace conformance
