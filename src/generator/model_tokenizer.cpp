#include "generator/model_tokenizer.hpp"

#include "zimg/error.hpp"

namespace zimg::generator {

tokenizer::Tokenizer open_model_tokenizer(const checkpoint::ModelFolder& model) {
  tokenizer::Tokenizer tokenizer = tokenizer::Tokenizer::open(model.tokenizer_path());
  const std::int64_t embedded = model.config().text_encoder.vocab_size;
  if (std::int64_t{tokenizer.id_end()} > embedded) {
    throw Error(ErrorCode::kBadModel, "the tokenizer in '" + model.tokenizer_path() + "' has ids up to " +
                                          std::to_string(tokenizer.id_end() - 1) +
                                          ", but the text encoder embeds only " + std::to_string(embedded) +
                                          " ('vocab_size')");
  }
  return tokenizer;
}

}  // namespace zimg::generator
