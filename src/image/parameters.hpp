// What a picture says about how it was drawn: the texts that are spliced into it at delivery.
//
// They depend on the canonical request and the entry's own facts alone, never on a path, the time or the release of
// zimg, so that a hit and a miss deliver the same octets.
#pragma once

#include <cstdint>
#include <string>

#include "image/image_writer.hpp"

namespace zimg::image {

struct PictureParameters {
  std::string prompt;           // UTF-8, canonical
  std::string negative_prompt;  // empty where guidance is off
  std::uint32_t width = 0;      // pixels
  std::uint32_t height = 0;     // pixels
  std::uint32_t steps = 0;
  std::uint32_t seed = 0;
  float guidance = 0;  // the reference's scale: 0 is off
  float guidance_normalization = 0;
  float guidance_truncation = 1;
  bool vae_tiling = false;
  std::string schedule;        // its name, such as "legacy-zero-end"
  std::string model;           // its name
  std::string model_identity;  // 64 hex digits
};

// "parameters", the text that A1111 and its relatives read and write, and "zimg", the same and more as JSON.
TextChunks parameter_texts(const PictureParameters& parameters);

}  // namespace zimg::image
