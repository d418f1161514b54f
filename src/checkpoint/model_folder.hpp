// A ModelFolder is a model on disk, known without tensors: which files it has, what its configs say, what its defaults
// are.
//
// Const-safe after construction. Weights are opened part by part on demand.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/configs.hpp"
#include "checkpoint/weights.hpp"

namespace zimg::checkpoint {

enum class Part : std::uint8_t { kTextEncoder, kTransformer, kVae };

// A file that is loaded, with the role under which it enters the model identity.
struct RoleFile {
  std::string role;  // for example "transformer/weights/0"; docs/key-format.md lists them in order
  std::string path;  // absolute

  bool operator==(const RoleFile&) const = default;
};

class ModelFolder {
 public:
  // Reads and checks the configs and finds the files; opens no weights.
  // Errors: kNotFound (no such folder), kBadModel (naming file and field).
  static ModelFolder open(const std::string& path);

  // The same, but what is wrong goes into `problems` and what it concerns stays at its defaults. Errors: kNotFound.
  static ModelFolder inspect(const std::string& path, std::vector<std::string>* problems);

  const std::string& path() const { return path_; }
  const std::string& layout() const { return layout_; }  // "released" or "single-file"
  const ModelConfig& config() const { return config_; }
  // Just the files that are loaded, in the documented order of roles.
  const std::vector<RoleFile>& files() const { return files_; }
  const std::string& tokenizer_path() const {
    return tokenizer_path_;
  }  // the folder with vocab.json + merges.txt or tokenizer.json

  // Those of files() that hold the part's weights, in order.
  std::vector<std::string> weight_files(Part part) const;

  // These, and the shards of the part that hold only what nothing reads and that need not be there.
  std::vector<std::string> stored_weight_files(Part part) const;

  // Maps the part's files and checks headers. It holds just the tensors that are used, each of the shape that the
  // config asks for. Errors: kBadModel, kUnsupported (a dtype), kIo, kOutOfMemory.
  std::shared_ptr<const Weights> open_weights(Part part) const;

 private:
  std::string path_;
  std::string layout_;
  std::string tokenizer_path_;
  ModelConfig config_;
  std::vector<RoleFile> files_;
};

}  // namespace zimg::checkpoint
