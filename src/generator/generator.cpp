#include "zimg/generator.hpp"

#include <utility>

#include "generator/generator_impl.hpp"

namespace zimg {
inline namespace v0 {

Generator::Generator(const GeneratorOptions& options, std::shared_ptr<ICache> cache)
    : impl_(std::make_unique<Impl>(options, std::move(cache))) {}
Generator::~Generator() {
  // A forked child has none of the threads that the queues wait for, and their locks may be held for ever.
  if (impl_ && impl_->is_in_forked_child()) static_cast<void>(impl_.release());
}
Generator::Generator(Generator&&) noexcept = default;
Generator& Generator::operator=(Generator&&) noexcept = default;

Result Generator::generate(const Request& request) {
  return impl_->generate(request);
}

CacheKey Generator::key(const Request& request) {
  return impl_->key(request);
}

std::vector<KeyField> Generator::explain_key(const Request& request) {
  return impl_->explain_key(request);
}

void Generator::drain() {
  impl_->drain();
}

std::string Generator::model_name() const {
  return impl_->drawer().model_name();
}

bool Generator::is_builtin_model() const {
  return impl_->drawer().is_builtin();
}

}  // namespace v0
}  // namespace zimg
