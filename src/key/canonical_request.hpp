// A CanonicalRequest is what both the key and the pipeline read: a Request after folding and defaults.
//
// A plain value. Equal canonical requests give equal pixels from engines of one fingerprint, whatever Request they came
// from; canonicalising the canonical form again changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "zimg/pipeline.hpp"
#include "zimg/request.hpp"

namespace zimg::key {

class Synonyms;

// What of the model a request is checked and completed against.
struct ModelFacts {
  std::uint32_t default_width = 1024;   // pixels
  std::uint32_t default_height = 1024;  // pixels
  std::uint32_t default_steps = 8;
  double default_guidance = 0;
  std::uint32_t size_step = 16;   // pixels
  std::uint32_t max_side = 8192;  // pixels
  double shift = 3;
  std::string tiling_problem;  // what of the model keeps its VAE from decoding in tiles; empty where nothing does
};

struct CanonicalRequest {
  std::string name_space;
  DrawingOrder order;  // its negative prompt is empty where guidance is off
  Schedule schedule = Schedule::kLinear;
  std::uint32_t steps = 0;          // as asked; the sigma list in `order` is what counts
  std::vector<std::string> folded;  // what was changed, one phrase each
};

// Errors: kInvalidArgument naming the field, what was found and what is expected (UTF-8, sizes, steps, guidance,
// namespace, quality, a prompt over 1 MiB, tiles that the model cannot have). `synonyms` may be null. A random seed
// must have been drawn before: `seed` is read as it stands.
CanonicalRequest canonicalize(const Request& request, const ModelFacts& model, const Synonyms* synonyms = nullptr);

}  // namespace zimg::key
