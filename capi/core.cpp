#include <utility>

#include "capi/callback_scope.hpp"
#include "capi/generator.hpp"

namespace zimg::capi {
namespace {

// Draws in a scope: whoever asks the same generator for a picture from there would wait for itself.
class ScopedPipeline : public IPipeline {
 public:
  ScopedPipeline(const void* owner, std::shared_ptr<IPipeline> inner) : owner_(owner), inner_(std::move(inner)) {}

  Picture draw(const DrawingOrder& order, IDrawingObserver& observer) override {
    const CallbackScope scope(owner_);
    return inner_->draw(order, observer);
  }

 private:
  const void* const owner_;
  const std::shared_ptr<IPipeline> inner_;
};

// `options` with callbacks that run in a scope of `owner`.
GeneratorOptions scoped(GeneratorOptions options, const void* owner) {
  if (options.on_trace) {
    options.on_trace = [owner, inner = std::move(options.on_trace)](const TraceEvent& event) {
      const CallbackScope scope(owner);
      inner(event);
    };
  }
  if (options.on_hashing) {
    options.on_hashing = [owner, inner = std::move(options.on_hashing)](std::uint64_t done, std::uint64_t total) {
      const CallbackScope scope(owner);
      inner(done, total);
    };
  }
  if (options.pipeline) options.pipeline = std::make_shared<ScopedPipeline>(owner, std::move(options.pipeline));
  return options;
}

void delete_core(void* core) {
  delete static_cast<Core*>(core);
}

}  // namespace

SharedCore Core::make(const GeneratorOptions& options, std::shared_ptr<ICache> cache) {
  SharedCore core(new Core, [](Core* gone) { run_outside_of_callbacks(&delete_core, gone); });
  core->generator_ = std::make_unique<Generator>(scoped(options, core.get()), std::move(cache));
  core->model_name_ = core->generator_->model_name();
  core->is_builtin_model_ = core->generator_->is_builtin_model();
  return core;
}

void Core::refuse_in_callback(const char* doing) const {
  if (!CallbackScope::is_inside(this)) return;
  throw Error(ErrorCode::kInvalidArgument, std::string("a callback of a generator asks it to ") + doing +
                                               ", which would wait for the callback; another thread may ask");
}

Result Core::generate(const Request& request) {
  refuse_in_callback("answer a request");
  return generator_->generate(request);
}

CacheKey Core::key(const Request& request) {
  refuse_in_callback("name a picture");
  return generator_->key(request);
}

std::vector<KeyField> Core::explain_key(const Request& request) {
  refuse_in_callback("explain a key");
  return generator_->explain_key(request);
}

void Core::drain() {
  refuse_in_callback("wait for its stores");
  generator_->drain();
}

}  // namespace zimg::capi
