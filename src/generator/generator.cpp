#include "zimg/generator.hpp"

#include <utility>

#include "generator/generator_impl.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

// What a method works on.
template <class Impl>
Impl& opened(const std::unique_ptr<Impl>& impl) {
  if (!impl) throw Error(ErrorCode::kClosed, "this Generator has been moved from");
  if (impl->is_in_forked_child()) {
    throw Error(ErrorCode::kClosed, "this Generator belongs to the parent process; open another after fork()");
  }
  return *impl;
}

}  // namespace

Generator::Generator(const GeneratorOptions& options, std::shared_ptr<ICache> cache)
    : impl_(std::make_unique<Impl>(options, std::move(cache))) {}
Generator::~Generator() {
  // A forked child has none of the threads that the queues wait for, and their locks may be held for ever.
  if (impl_ && impl_->is_in_forked_child()) static_cast<void>(impl_.release());
}
Generator::Generator(Generator&&) noexcept = default;
Generator& Generator::operator=(Generator&& other) noexcept {
  const Generator old(std::move(*this));  // goes as the destructor lets it go
  impl_ = std::move(other.impl_);
  return *this;
}

Result Generator::generate(const Request& request) {
  return opened(impl_).generate(request);
}

CacheKey Generator::key(const Request& request) {
  return opened(impl_).key(request);
}

std::vector<KeyField> Generator::explain_key(const Request& request) {
  return opened(impl_).explain_key(request);
}

Metrics Generator::metrics() const {
  return opened(impl_).metrics();
}

void Generator::drain() {
  opened(impl_).drain();
}

std::string Generator::model_name() const {
  return opened(impl_).model_name();
}

bool Generator::is_builtin_model() const {
  return opened(impl_).is_builtin_model();
}

}  // namespace v0
}  // namespace zimg
