// The tokenizer of a model folder, checked against its text encoder.
#pragma once

#include "checkpoint/model_folder.hpp"
#include "tokenizer/tokenizer.hpp"

namespace zimg::generator {

// Errors: kBadModel naming file and field, also when the tokenizer has ids that the text encoder does not embed.
tokenizer::Tokenizer open_model_tokenizer(const checkpoint::ModelFolder& model);

}  // namespace zimg::generator
