#include "checkpoint/model_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/system_error.hpp"
#include "checkpoint/config_fields.hpp"
#include "checkpoint/layout.hpp"
#include "checkpoint/part_weights.hpp"
#include "checkpoint/shard_index.hpp"
#include "checkpoint/tensor_names.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

namespace fs = std::filesystem;

// Absolute, without "." and ".." and a trailing slash, so that the last component names the model.
std::string absolute_path(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::canonical(path, error);
  if (error) {
    const bool is_missing = path.empty() || error.value() == ENOENT || error.value() == ENOTDIR;
    throw base::system_error(is_missing ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot open model", path,
                             error.value());
  }
  return absolute.string();
}

}  // namespace

ModelFolder ModelFolder::open(const std::string& path) {
  return inspect(path, nullptr);
}

ModelFolder ModelFolder::inspect(const std::string& path, std::vector<std::string>* problems) {
  const Findings findings(problems);
  ModelFolder folder;
  folder.path_ = absolute_path(path);
  std::optional<Layout> layout = read_released_layout(folder.path_, findings);
  if (!layout) layout = read_single_file_layout(folder.path_, findings);
  if (!layout) {
    findings.attempt([&] {
      throw Error(ErrorCode::kBadModel, "'" + folder.path_ +
                                            "' holds no model: expected model_index.json and the folders it names, or "
                                            "a safetensors file with a Z-Image transformer");
    });
    return folder;
  }
  folder.layout_ = std::move(layout->name);
  folder.tokenizer_path_ = std::move(layout->tokenizer_path);
  folder.config_ = std::move(layout->config);
  folder.files_ = std::move(layout->files);
  return folder;
}

std::vector<std::string> ModelFolder::weight_files(Part part) const {
  const std::string role = std::string(part_name(part)) + "/weights/";
  std::vector<std::string> paths;
  for (const auto& file : files_) {
    if (file.role.starts_with(role)) paths.push_back(file.path);
  }
  return paths;
}

std::vector<std::string> ModelFolder::stored_weight_files(Part part) const {
  std::vector<std::string> paths = weight_files(part);
  if (layout_ != "released") return paths;
  for (const auto& path : present_shards(path_ + "/" + part_name(part), part)) {
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

std::shared_ptr<const Weights> ModelFolder::open_weights(Part part) const {
  const auto weights = std::make_shared<PartWeights>(part, weight_files(part), config_.vae.block_out_channels.size());
  weights->keep_used(
      expected_tensors(part, config_));  // tells a config of other dimensions before anything is computed
  return weights;
}

}  // namespace zimg::checkpoint
