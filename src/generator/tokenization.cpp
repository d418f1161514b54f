#include <vector>

#include "checkpoint/model_folder.hpp"
#include "generator/model_tokenizer.hpp"
#include "zimg/model.hpp"

namespace zimg {
inline namespace v0 {
namespace {

// A model whose weights are missing or damaged can still tell its tokens.
tokenizer::Tokenizer open_tokenizer(const std::string& path) {
  std::vector<std::string> problems;
  const auto model = checkpoint::ModelFolder::inspect(path, &problems);
  if (problems.empty()) return generator::open_model_tokenizer(model);
  if (model.layout().empty() || model.tokenizer_path().empty()) checkpoint::ModelFolder::open(path);  // throws
  return tokenizer::Tokenizer::open(model.tokenizer_path());
}

}  // namespace

class Tokenization::Impl {
 public:
  explicit Impl(const std::string& path) : tokenizer(open_tokenizer(path)) {}

  tokenizer::Tokenizer tokenizer;
};

Tokenization::Tokenization(const std::string& path) : impl_(new Impl(path)) {}

Tokenization::~Tokenization() {
  delete impl_;
}

std::vector<std::uint32_t> Tokenization::encode(const std::string& text) const {
  return impl_->tokenizer.encode(text);
}

std::vector<std::uint32_t> Tokenization::encode_prompt(const std::string& text) const {
  return impl_->tokenizer.encode_prompt(text);
}

std::string Tokenization::piece(std::uint32_t id) const {
  return impl_->tokenizer.piece(id);
}

}  // namespace v0
}  // namespace zimg
