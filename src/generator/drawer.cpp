#include "generator/drawer.hpp"

#include "base/file.hpp"
#include "generator/engine_pipeline.hpp"
#include "generator/engine_profile.hpp"
#include "zimg/model.hpp"

namespace zimg::generator {
namespace {

void check(const GeneratorOptions& options) {
  if (options.pipeline && options.pipeline_identity.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "pipeline_identity is empty; a pipeline of one's own needs one for the key");
  }
  if (options.drawings_at_once == 0) {
    throw Error(ErrorCode::kInvalidArgument, "drawings_at_once is 0; at least 1 is expected");
  }
  if (options.pending_stores == 0) {
    throw Error(ErrorCode::kInvalidArgument, "pending_stores is 0; at least 1 is expected");
  }
  if (options.threads > 1024) {
    throw Error(ErrorCode::kInvalidArgument,
                "threads is " + std::to_string(options.threads) + "; 0 (one per core) to 1024 are expected");
  }
}

key::ModelFacts facts_of(const checkpoint::ModelConfig& config) {
  key::ModelFacts facts;
  facts.default_width = config.defaults.width;
  facts.default_height = config.defaults.height;
  facts.default_steps = config.defaults.steps;
  facts.default_guidance = config.defaults.guidance;
  facts.size_step = config.size_step();
  facts.max_side = config.max_side();
  facts.shift = config.scheduler.shift;
  return facts;
}

}  // namespace

Drawer::Drawer(const GeneratorOptions& options)
    : options_((check(options), options)),
      is_builtin_(options.model.empty()),
      folder_(checkpoint::ModelFolder::open(is_builtin_ ? builtin_model_path() : options.model)),
      facts_(facts_of(folder_.config())),
      pipeline_(options.pipeline) {}

key::DrawerIdentity Drawer::identity(const CancelToken& cancel, bool may_open_engine) {
  const std::lock_guard lock(mutex_);
  if (changed_) {
    throw Error(ErrorCode::kBadModel,
                "the files of the model in '" + folder_.path() + "' have changed since it was opened; open it again");
  }
  if (!files_) {
    const std::string home = base::cache_home();
    const auto on_progress = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) {
      if (cancel.is_cancelled()) {
        throw Error(ErrorCode::kCancelled, "the request was cancelled while the model's files were hashed");
      }
      if (options_.on_hashing) options_.on_hashing(done_bytes, total_bytes);
    };
    files_ = checkpoint::identify(folder_.files(), home.empty() ? "" : home + "/digests", on_progress);
  }
  if (engine_text_.empty()) {
    if (options_.pipeline) {
      engine_text_ = "pipeline=" + options_.pipeline_identity;
    } else {
      const EngineLocation location = locate_engine(options_.engine_path, options_.torch_path);
      const auto profile = may_open_engine
                               ? engine_profile(location, options_.device, options_.precision, options_.threads)
                               : remembered_profile(location, options_.device, options_.precision, options_.threads);
      engine_text_ = fingerprint_text(profile, options_.fingerprint);
    }
  }
  return {files_->digest, engine_text_};
}

IPipeline& Drawer::pipeline() {
  const std::lock_guard lock(mutex_);
  if (!pipeline_) {
    pipeline_ = std::make_shared<EnginePipeline>(locate_engine(options_.engine_path, options_.torch_path),
                                                 folder_.path(), options_.device, options_.precision, options_.threads);
  }
  return *pipeline_;
}

bool Drawer::is_unchanged() {
  const std::lock_guard lock(mutex_);
  if (!changed_ && files_) changed_ = !checkpoint::is_unchanged(*files_, folder_.files());
  return !changed_;
}

}  // namespace zimg::generator
