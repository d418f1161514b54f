// The layout of the programs that keep each part in one file: a transformer such as z_image_turbo_bf16.safetensors, a
// text encoder such as qwen_3_4b.safetensors, a VAE such as ae.safetensors, side by side or in the folders
// diffusion_models, text_encoders and vae (perhaps under split_files); or all parts in one file.
//
// Files are known by their tensors, not by their names. There are no configs: numbers come from the tensors' shapes and
// the release. A scheduler_config.json beside the files decides between Turbo and base; without one the file's name
// does: z_image… without "turbo" is the base model, everything else is Turbo.
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>

#include "base/folder_listing.hpp"
#include "checkpoint/config_fields.hpp"
#include "checkpoint/config_reader.hpp"
#include "checkpoint/derived_config.hpp"
#include "checkpoint/layout.hpp"
#include "checkpoint/part_weights.hpp"
#include "checkpoint/safetensors_file.hpp"
#include "checkpoint/tensor_names.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::array<Part, 3> kParts{Part::kTextEncoder, Part::kTransformer, Part::kVae};

struct PartFile {
  std::string path;
  std::size_t vae_blocks = 0;
};
using PartFiles = std::map<Part, PartFile>;

std::vector<std::string> safetensors_files_below(const std::string& folder) {
  std::vector<std::string> paths;
  for (const char* below : {"", "/diffusion_models", "/text_encoders", "/vae", "/split_files/diffusion_models",
                            "/split_files/text_encoders", "/split_files/vae"}) {
    for (const std::string& name : base::names_in_folder(folder + below)) {
      if (name != ".safetensors" && name.ends_with(".safetensors")) paths.push_back(folder + below + "/" + name);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool holds(const StoredTensors& tensors, Part part) {
  return std::any_of(tensors.begin(), tensors.end(), [&](const auto& tensor) {
    const auto names = released_names(part, tensor.first, 0);
    return names.size() == 1 && names[0].name == telltale_tensor(part);
  });
}

// Enters `path` for every part that it holds and `files` lacks; two files for one part are refused unless the first
// was named by the caller.
void enter_file(const std::string& path, bool may_repeat, PartFiles& files) {
  const SafetensorsFile file(path);
  for (const Part part : kParts) {
    if (!holds(file.tensors(), part)) continue;
    const auto [entry, is_new] = files.emplace(part, PartFile{path, count_vae_blocks(file.tensors())});
    if (is_new || may_repeat) continue;
    throw Error(ErrorCode::kBadModel, "both '" + entry->second.path + "' and '" + path + "' hold a " + part_name(part) +
                                          ": leave one of them, or name an all-in-one file itself");
  }
}

double shift_of(const std::string& transformer_path) {
  std::string name = fs::path(transformer_path).stem().string();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return name.starts_with("z_image") && name.find("turbo") == std::string::npos ? 6.0 : 3.0;
}

void read_scheduler(const std::string& folder, const std::string& transformer_path, Layout& layout) {
  layout.config.scheduler.shift = shift_of(transformer_path);
  for (const char* below : {"/scheduler/scheduler_config.json", "/scheduler_config.json"}) {
    const std::string path = folder + below;
    if (!is_file(path)) continue;
    layout.config.scheduler = read_scheduler_config(path);
    layout.files.push_back({"scheduler/config", path});
    return;
  }
}

void find_tokenizer(const std::string& folder, const std::string& text_encoder_path, Layout& layout) {
  const std::string beside = fs::path(text_encoder_path).parent_path().string();
  for (const std::string& place : {folder + "/tokenizer", folder, beside + "/tokenizer", beside}) {
    if (!add_tokenizer_files(place, layout.files)) continue;
    layout.tokenizer_path = place;
    return;
  }
  throw Error(ErrorCode::kBadModel, "'" + folder +
                                        "' holds no tokenizer: put tokenizer.json, or vocab.json and merges.txt, and "
                                        "tokenizer_config.json of the released model into '" +
                                        folder + "/tokenizer'");
}

void read_part(Part part, const PartFiles& files, const std::string& folder, Layout& layout) {
  const auto found = files.find(part);
  if (found == files.end()) {
    const char* such = part == Part::kVae ? "ae.safetensors" : "qwen_3_4b.safetensors";
    throw Error(ErrorCode::kBadModel, "'" + folder + "' holds no " + part_name(part) + ": put a file such as " + such +
                                          " beside the transformer");
  }
  const auto& [path, vae_blocks] = found->second;
  layout.files.push_back({std::string(part_name(part)) + "/weights/0", path});
  const PartWeights weights(part, {path}, vae_blocks);
  ModelConfig& config = layout.config;
  if (part == Part::kTextEncoder) config.text_encoder = derive_text_encoder_config(weights);
  if (part == Part::kTransformer) config.transformer = derive_transformer_config(weights);
  if (part == Part::kVae) config.vae = derive_vae_config(weights);
}

}  // namespace

std::optional<Layout> read_single_file_layout(const std::string& path, const Findings& findings) {
  const bool is_named_file = !is_folder(path);
  const std::string folder = is_named_file ? fs::path(path).parent_path().string() : path;
  PartFiles files;
  if (is_named_file) findings.attempt([&] { enter_file(path, false, files); });
  for (const auto& file : safetensors_files_below(folder)) {
    if (is_named_file && files.size() == kParts.size()) break;
    if (file != path) findings.attempt([&] { enter_file(file, is_named_file, files); });
  }
  if (files.count(Part::kTransformer) == 0) return std::nullopt;

  Layout layout;
  layout.name = "single-file";
  const std::string& transformer_path = files.at(Part::kTransformer).path;
  findings.attempt([&] { read_scheduler(folder, transformer_path, layout); });
  findings.attempt([&] { read_part(Part::kTextEncoder, files, folder, layout); });
  findings.attempt([&] {
    const auto text_encoder = files.find(Part::kTextEncoder);
    find_tokenizer(folder, text_encoder == files.end() ? transformer_path : text_encoder->second.path, layout);
  });
  findings.attempt([&] { read_part(Part::kTransformer, files, folder, layout); });
  findings.attempt([&] { read_part(Part::kVae, files, folder, layout); });
  findings.attempt([&] { check_fit(layout.config, "'" + path + "'"); });
  const fs::path named(path);
  const std::string name = (is_named_file ? named.stem() : named.filename()).string();
  findings.attempt([&] { layout.config.defaults = read_defaults({folder + "/zimg.json", name}, layout.config); });
  return layout;
}

}  // namespace zimg::checkpoint
