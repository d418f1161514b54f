#include "generator/drawer.hpp"

#include "base/file.hpp"
#include "base/scope_exit.hpp"
#include "generator/cancel_poll.hpp"
#include "generator/engine_pipeline.hpp"
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
  if (options.fingerprint != Fingerprint::kPortable && options.fingerprint != Fingerprint::kStrict) {
    throw Error(ErrorCode::kInvalidArgument, "the fingerprint is " +
                                                 std::to_string(static_cast<int>(options.fingerprint)) +
                                                 "; 0 (portable) or 1 (strict) is expected");
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
  if (!config.vae.can_tile()) {
    facts.tiling_problem = "the 'sample_size' in the model's vae/config.json is " +
                           std::to_string(config.vae.sample_size) + "; a multiple of " +
                           std::to_string(config.vae.tile_step()) + " is expected";
  }
  return facts;
}

// Other files, or the same in other roles, even where those that were there still are.
bool has_other_files(const checkpoint::ModelFolder& folder) {
  try {
    return checkpoint::ModelFolder::open(folder.path()).files() != folder.files();
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

Drawer::Drawer(const GeneratorOptions& options)
    : options_((check(options), options)),
      is_builtin_(options.model.empty()),
      folder_(checkpoint::ModelFolder::open(is_builtin_ ? builtin_model_path() : options.model)),
      facts_(facts_of(folder_.config())),
      pipeline_(options.pipeline) {}

checkpoint::ModelIdentity Drawer::hash_files(const CancelToken& cancel) const {
  const std::string home = base::cache_home();
  const auto on_progress = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) {
    if (cancel.is_cancelled()) {
      throw Error(ErrorCode::kCancelled, "the request was cancelled while the model's files were hashed");
    }
    if (options_.on_hashing) options_.on_hashing(done_bytes, total_bytes);
  };
  return checkpoint::identify(folder_.files(), home.empty() ? "" : home + "/digests", on_progress);
}

std::string Drawer::engine_text(bool may_open_engine) const {
  if (options_.pipeline) return "pipeline=" + options_.pipeline_identity;
  const EngineLocation location = locate_engine(options_.engine_path, options_.torch_path);
  const auto find_profile = may_open_engine ? engine_profile : remembered_profile;
  try {
    return fingerprint_text(find_profile(location, options_.device, options_.precision, options_.threads),
                            options_.fingerprint);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnsupported) throw;
    // Its libtorch is gone or not the one it was built with: what it drew before can still be found.
    const auto last = last_profile(location, options_.device, options_.precision, options_.threads);
    if (!last) throw;
    return fingerprint_text(*last, options_.fingerprint);
  }
}

key::DrawerIdentity Drawer::identity(const CancelToken& cancel, bool may_open_engine) {
  std::unique_lock lock(mutex_);
  while (seeker_ != std::thread::id()) {
    if (seeker_ == std::this_thread::get_id()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "on_hashing asks its generator for a picture or a key, which would wait for the callback; another "
                  "thread may ask");
    }
    if (cancel.is_cancelled()) {
      throw Error(ErrorCode::kCancelled,
                  "the request was cancelled while another looked into the model's files and the engine");
    }
    found_.wait_for(lock, kCancelPoll);
  }
  if (changed_) {
    throw Error(ErrorCode::kBadModel,
                "the files of the model in '" + folder_.path() + "' have changed since it was opened; open it again");
  }
  if (!files_ || engine_text_.empty()) {
    seeker_ = std::this_thread::get_id();
    const base::ScopeExit tell_others([this] {
      seeker_ = {};
      found_.notify_all();
    });
    const auto unlocked = [&lock](const auto& seek) {
      lock.unlock();
      const base::ScopeExit lock_again([&lock] { lock.lock(); });
      return seek();
    };
    if (!files_) files_ = unlocked([&] { return hash_files(cancel); });
    if (engine_text_.empty()) engine_text_ = unlocked([&] { return engine_text(may_open_engine); });
  }
  return {files_->digest, engine_text_};
}

// A remembered profile may be of a day with another GPU, and the folder may have got files since it was looked at, or
// be another in its place.
void Drawer::learn_from_opened_engine(const EngineProfile& profile) {
  const bool has_changed = has_other_files(folder_) || !has_hashed_files();
  const std::lock_guard lock(mutex_);
  engine_text_ = fingerprint_text(profile, options_.fingerprint);
  changed_ = changed_ || has_changed;
}

IPipeline& Drawer::pipeline() {
  const std::lock_guard lock(mutex_);
  if (!pipeline_) {
    pipeline_ = std::make_shared<EnginePipeline>(
        locate_engine(options_.engine_path, options_.torch_path), folder_.path(), options_.device, options_.precision,
        options_.threads, [this](const EngineProfile& profile) { learn_from_opened_engine(profile); });
  }
  return *pipeline_;
}

// Before anything is hashed, there is no key for other files to be wrong for.
bool Drawer::has_hashed_files() {
  const std::lock_guard lock(mutex_);
  return !files_ || checkpoint::is_unchanged(*files_, folder_.files());
}

// The engine opens weights by their paths, when it needs them, and keeps them: a folder that stood in the place of the
// model's may have given them and be gone when a picture is stored. So the files are looked at before and after
// whatever may have loaded some, also where the picture failed or is not kept. A folder that comes and goes in the time
// of one drawing is not seen.
Picture Drawer::draw(const DrawingOrder& order, IDrawingObserver& observer) {
  IPipeline& drawing = pipeline();
  const bool had_files = has_hashed_files();
  const auto look_again = [&] {
    if (had_files && has_hashed_files()) return;
    const std::lock_guard lock(mutex_);
    changed_ = true;
  };
  try {
    Picture picture = drawing.draw(order, observer);
    if (picture.load_ms > 0) look_again();
    return picture;
  } catch (...) {
    look_again();
    throw;
  }
}

std::string Drawer::objection_to(const key::DrawerIdentity& identity) {
  const std::lock_guard lock(mutex_);
  if (!changed_ && files_) changed_ = !checkpoint::is_unchanged(*files_, folder_.files());
  if (changed_) return "the model's files changed while the picture was drawn";
  if (engine_text_ == identity.engine) return "";
  return "the engine draws with '" + engine_text_ + "' where '" + identity.engine + "' was remembered";
}

}  // namespace zimg::generator
