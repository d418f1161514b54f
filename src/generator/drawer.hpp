// A Drawer is who draws for a Generator, and what of it stands in the key: the model's files and the engine, or a
// pipeline that the host brought.
//
// Thread-safe. Identity and engine are looked into when first asked for; a failure is not remembered.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "checkpoint/model_folder.hpp"
#include "checkpoint/model_identity.hpp"
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

  // Hashes the model's files where no remembered digest holds. Errors: kIo, kUnsupported (no engine), kCancelled while
  // it hashes, kBadModel once the files have been seen to change, and kNotFound where only the engine could tell and it
  // may not be opened.
  key::DrawerIdentity identity(const CancelToken& cancel, bool may_open_engine);

  // Errors: kUnsupported.
  IPipeline& pipeline();

  // Whether the model's files are still those that the identity stands for. Once false it stays so.
  bool is_unchanged();

 private:
  const GeneratorOptions options_;
  const bool is_builtin_;
  const checkpoint::ModelFolder folder_;
  const key::ModelFacts facts_;
  std::mutex mutex_;
  std::optional<checkpoint::ModelIdentity> files_;
  std::string engine_text_;  // the engine's part of the key; empty until known
  std::shared_ptr<IPipeline> pipeline_;
  bool changed_ = false;
};

}  // namespace zimg::generator
