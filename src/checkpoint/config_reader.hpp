// Reads the config files of a model, each into the values of configs.hpp, and checks that they fit together.
//
// Free functions. Errors: Error kBadModel naming file and key, kUnsupported for a model that zimg does not implement.
#pragma once

#include <string>

#include "checkpoint/configs.hpp"

namespace zimg::checkpoint {

// What is known of the picture's defaults besides zimg.json.
struct DefaultSources {
  std::string json_path;  // zimg.json; need not be there
  std::string name;       // when zimg.json gives none
};

TextEncoderConfig read_text_encoder_config(const std::string& path);
TransformerConfig read_transformer_config(const std::string& path);
VaeConfig read_vae_config(const std::string& path);
SchedulerConfig read_scheduler_config(const std::string& path);

// The defaults of a model with the numbers of `config`, whose own defaults are not read.
ModelDefaults read_defaults(const DefaultSources& sources, const ModelConfig& config);

// Throws kBadModel, naming `origin`, when the parts cannot work together: widths that do not divide, caption features
// of another width than the text encoder's, latents of another depth than the VAE's.
void check_fit(const ModelConfig& config, const std::string& origin);

}  // namespace zimg::checkpoint
