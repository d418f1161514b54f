// A Layout is what was found where a model lies: its configs and the files that are loaded. Two readers make one: the
// released layout of the reference (folders text_encoder, tokenizer, transformer, vae, scheduler), and the single-file
// layout that other programs use.
//
// Free functions. Errors: Error kBadModel naming file and field, kUnsupported, kIo; those that `findings` collect leave
// what they concern at its defaults.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/configs.hpp"
#include "checkpoint/findings.hpp"
#include "checkpoint/model_folder.hpp"

namespace zimg::checkpoint {

struct Layout {
  std::string name;  // "released" or "single-file"
  std::string tokenizer_path;
  ModelConfig config;
  std::vector<RoleFile> files;
};

// nullopt when `folder` is not of the released layout.
std::optional<Layout> read_released_layout(const std::string& folder, const Findings& findings);

// `path` is a folder or an all-in-one file. nullopt when there is no safetensors file with a Z-Image transformer.
std::optional<Layout> read_single_file_layout(const std::string& path, const Findings& findings);

// Appends the files that the tokenizer in `folder` is read from: tokenizer.json, else vocab.json and merges.txt, and
// tokenizer_config.json where there is one. False when there is no tokenizer.
bool add_tokenizer_files(const std::string& folder, std::vector<RoleFile>& files);

}  // namespace zimg::checkpoint
