// The configs of a model as JSON, as the released layout has them: for models that come without.
//
// Free functions, no errors. What config_reader reads from these texts is what they were made of.
#pragma once

#include <string>

#include "checkpoint/configs.hpp"

namespace zimg::checkpoint {

std::string model_index_json();
std::string text_encoder_json(const TextEncoderConfig& config);
std::string transformer_json(const TransformerConfig& config);
std::string vae_json(const VaeConfig& config);
std::string scheduler_json(const SchedulerConfig& config);
std::string defaults_json(const ModelDefaults& defaults);

}  // namespace zimg::checkpoint
