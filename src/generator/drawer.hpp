// A Drawer is who draws for a Generator, and what of it stands in the key: the model's files and the engine, or a
// pipeline that the host brought.
//
// Thread-safe. Identity and engine are looked into when first asked for; a failure is not remembered.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "checkpoint/model_folder.hpp"
#include "checkpoint/model_identity.hpp"
#include "generator/engine_profile.hpp"
#include "key/canonical_request.hpp"
#include "key/picture_key.hpp"
#include "zimg/generator.hpp"

namespace zimg::generator {

class Drawer {
 public:
  // Errors: kInvalidArgument (an option), kNotFound, kBadModel.
  explicit Drawer(const GeneratorOptions& options);

  const key::ModelFacts& facts() const { return facts_; }
  const std::string& model_name() const { return folder_.config().defaults.name; }
  bool is_builtin() const { return is_builtin_; }

  // Hashes the model's files where no remembered digest holds, and opens the engine where no remembered profile does;
  // who comes meanwhile waits for it. Errors: kIo, kUnsupported (no engine), kCancelled while it hashes or waits,
  // kInvalidArgument from within on_hashing, kBadModel once the files have been seen to change, and kNotFound where
  // only the engine could tell and it may not be opened.
  key::DrawerIdentity identity(const CancelToken& cancel, bool may_open_engine);

  // Notices where the model's files are not those of the key while weights are loaded, and remembers it as a change.
  // Errors: kUnsupported, those of the pipeline.
  Picture draw(const DrawingOrder& order, IDrawingObserver& observer);

  // Why what is drawn now is not the picture that `identity` stands for, one sentence: the model's files have changed
  // since, or the engine, once open, draws with another device or precision than was remembered. Empty where it is.
  std::string objection_to(const key::DrawerIdentity& identity);

 private:
  checkpoint::ModelIdentity hash_files(const CancelToken& cancel) const;
  std::string engine_text(bool may_open_engine) const;
  void learn_from_opened_engine(const EngineProfile& profile);
  IPipeline& pipeline();
  bool has_hashed_files();

  const GeneratorOptions options_;
  const bool is_builtin_;
  const checkpoint::ModelFolder folder_;
  const key::ModelFacts facts_;
  std::mutex mutex_;
  std::condition_variable found_;
  // Looks into files and engine without the lock, so that others may still be cancelled; of no thread: none does.
  std::thread::id seeker_;
  std::optional<checkpoint::ModelIdentity> files_;
  std::string engine_text_;  // the engine's part of the key; empty until known
  std::shared_ptr<IPipeline> pipeline_;
  bool changed_ = false;
};

}  // namespace zimg::generator
