#include <filesystem>
#include <utility>

#include "base/json.hpp"
#include "checkpoint/config_fields.hpp"
#include "checkpoint/config_reader.hpp"
#include "checkpoint/expected_tensors.hpp"
#include "checkpoint/layout.hpp"
#include "checkpoint/shard_index.hpp"
#include "checkpoint/tensor_names.hpp"

namespace zimg::checkpoint {
namespace {

// The classes that the reference makes the parts with, whatever their own configs say.
constexpr std::pair<const char*, const char*> kClasses[] = {{"scheduler", "FlowMatchEulerDiscreteScheduler"},
                                                            {"transformer", "ZImageTransformer2DModel"},
                                                            {"vae", "AutoencoderKL"}};

void check_model_index(const std::string& path) {
  if (!is_file(path)) return;
  const ConfigFields fields = ConfigFields::open(path);
  const std::string name = fields.text("_class_name", "ZImagePipeline");
  if (name != "ZImagePipeline") fields.refuse("_class_name", "a ZImagePipeline");
  for (const auto& [part, its_class] : kClasses) fields.expect(part, base::Json::array({"diffusers", its_class}));
}

void add_weight_files(const std::string& folder, Part part, const ModelConfig& config, std::vector<RoleFile>& files) {
  std::size_t number = 0;
  const auto expected = expected_tensors(part, config);
  for (const auto& path : find_weight_files(folder + "/" + part_name(part), part, expected)) {
    files.push_back({std::string(part_name(part)) + "/weights/" + std::to_string(number++), path});
  }
}

void require_tokenizer(const std::string& folder, std::vector<RoleFile>& files) {
  if (add_tokenizer_files(folder, files)) return;
  throw Error(
      ErrorCode::kBadModel,
      "'" + folder + "' holds neither tokenizer.json nor vocab.json and merges.txt: the model folder is incomplete");
}

}  // namespace

bool add_tokenizer_files(const std::string& folder, std::vector<RoleFile>& files) {
  if (is_file(folder + "/tokenizer.json")) {
    files.push_back({"tokenizer/json", folder + "/tokenizer.json"});
  } else if (is_file(folder + "/vocab.json") && is_file(folder + "/merges.txt")) {
    files.push_back({"tokenizer/vocab", folder + "/vocab.json"});
    files.push_back({"tokenizer/merges", folder + "/merges.txt"});
  } else {
    return false;
  }
  if (is_file(folder + "/tokenizer_config.json")) {
    files.push_back({"tokenizer/config", folder + "/tokenizer_config.json"});
  }
  return true;
}

std::optional<Layout> read_released_layout(const std::string& folder, const Findings& findings) {
  if (!is_file(folder + "/model_index.json") && !is_file(folder + "/transformer/config.json")) return std::nullopt;
  Layout layout;
  layout.name = "released";
  layout.tokenizer_path = folder + "/tokenizer";
  ModelConfig& config = layout.config;
  std::vector<RoleFile>& files = layout.files;
  findings.attempt([&] { check_model_index(folder + "/model_index.json"); });

  // In the order of the roles, which is also the alphabet's.
  const auto add_config = [&](const char* name, const char* file, auto&& read) {
    const std::string path = folder + "/" + name + "/" + file;
    bool is_sound = false;
    findings.attempt([&] {
      read(path);
      files.push_back({std::string(name) + "/config", path});
      is_sound = true;
    });
    return is_sound;
  };
  bool are_parts_known = true;
  const auto add_part = [&](Part part, auto&& read) {
    if (!add_config(part_name(part), "config.json", read)) {
      are_parts_known = false;
      return;
    }
    findings.attempt([&] { add_weight_files(folder, part, config, files); });
  };
  add_config("scheduler", "scheduler_config.json",
             [&](const std::string& path) { config.scheduler = read_scheduler_config(path); });
  add_part(Part::kTextEncoder, [&](const std::string& path) { config.text_encoder = read_text_encoder_config(path); });
  findings.attempt([&] { require_tokenizer(layout.tokenizer_path, files); });
  add_part(Part::kTransformer, [&](const std::string& path) { config.transformer = read_transformer_config(path); });
  add_part(Part::kVae, [&](const std::string& path) { config.vae = read_vae_config(path); });

  if (are_parts_known) findings.attempt([&] { check_fit(config, "'" + folder + "'"); });
  const std::string name = std::filesystem::path(folder).filename().string();
  findings.attempt([&] { config.defaults = read_defaults({folder + "/zimg.json", name}, config); });
  return layout;
}

}  // namespace zimg::checkpoint
