// A small sound model in the released layout, to be spoilt by tests, and the safetensors files it is made of.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "checkpoint/config_writer.hpp"
#include "checkpoint/expected_tensors.hpp"
#include "checkpoint/tensor_names.hpp"
#include "temporary_folder.hpp"

namespace zimg_test {

namespace checkpoint = zimg::checkpoint;

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void write_text(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// A header as a safetensors file begins with it: its length, the JSON, blanks up to a multiple of 8.
inline std::string safetensors_header(std::string json) {
  json.resize((json.size() + 7) / 8 * 8, ' ');
  std::string length(8, '\0');
  for (unsigned i = 0; i < 8; ++i) length[i] = static_cast<char>(json.size() >> (8 * i) & 0xFF);
  return length + json;
}

// Writes `tensors` as `dtype` (of two octets, or F32); the octets of the data are those of the counter 0, 1, 2, … in
// 16 bits when `is_counted`, else zeros that take no disk.
inline void write_safetensors(const std::string& path, const std::vector<checkpoint::ExpectedTensor>& tensors,
                              const std::string& dtype = "BF16", bool is_counted = false) {
  const std::uint64_t width = dtype == "F32" ? 4 : 2;
  nlohmann::json header{{"__metadata__", {{"format", "pt"}}}};
  std::uint64_t at = 0;
  for (const auto& [name, shape, is_used] : tensors) {
    std::uint64_t size = width;
    for (const auto extent : shape) size *= static_cast<std::uint64_t>(extent);
    header[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {at, at + size}}};
    at += size;
  }
  const std::string begin = safetensors_header(header.dump());
  std::string data;
  for (std::uint64_t i = 0; is_counted && i < at / 2; ++i) {
    data += static_cast<char>(i & 0xFF);
    data += static_cast<char>(i >> 8 & 0xFF);
  }
  write_text(path, begin + data);
  std::filesystem::resize_file(path, begin.size() + at);
}

inline checkpoint::ModelConfig tiny_config() {
  checkpoint::ModelConfig config;
  config.text_encoder = {846, 64, 160, 3, 4, 2, 32, 1e-6, 1e6};
  config.transformer.dim = 96;
  config.transformer.n_layers = 2;
  config.transformer.n_refiner_layers = 1;
  config.transformer.n_heads = 3;
  config.transformer.cap_feat_dim = 64;
  config.transformer.axes_dims = {8, 12, 12};
  config.transformer.axes_lens = {1536, 512, 512};
  config.vae.block_out_channels = {32, 32, 64, 64};
  config.vae.layers_per_block = 1;
  return config;
}

// A small one: 846 ids.
inline std::string tokenizer_folder() {
  return std::string(ZIMG_TEST_DATA) + "/tokenizer";
}

inline void copy_tokenizer(const std::string& to) {
  std::filesystem::create_directories(std::filesystem::path(to).parent_path());
  std::filesystem::copy(tokenizer_folder(), to, std::filesystem::copy_options::recursive);
}

// The folder of a model; gone with the scope.
class ModelFixture {
 public:
  explicit ModelFixture(const checkpoint::ModelConfig& numbers = tiny_config()) : config(numbers) {
    write_text(path("model_index.json"), checkpoint::model_index_json());
    write_text(path("scheduler/scheduler_config.json"), checkpoint::scheduler_json(config.scheduler));
    write_text(path("text_encoder/config.json"), checkpoint::text_encoder_json(config.text_encoder));
    write_text(path("transformer/config.json"), checkpoint::transformer_json(config.transformer));
    write_text(path("vae/config.json"), checkpoint::vae_json(config.vae));
    copy_tokenizer(path("tokenizer"));
    write_safetensors(path("text_encoder/model.safetensors"), expected(checkpoint::Part::kTextEncoder));
    write_safetensors(path("transformer/diffusion_pytorch_model.safetensors"),
                      expected(checkpoint::Part::kTransformer));
    write_safetensors(path("vae/diffusion_pytorch_model.safetensors"), expected(checkpoint::Part::kVae));
  }

  std::vector<checkpoint::ExpectedTensor> expected(checkpoint::Part part) const {
    return checkpoint::expected_tensors(part, config);
  }
  std::string path() const { return folder_.path() + "/model"; }
  std::string path(const std::string& name) const { return path() + "/" + name; }

  // Sets one value of a config; null removes it.
  void set(const std::string& file, const std::string& key, const nlohmann::json& value) const {
    auto json = nlohmann::json::parse(read_text(path(file)));
    if (value.is_null()) {
      json.erase(key);
    } else {
      json[key] = value;
    }
    write_text(path(file), json.dump());
  }

  // Puts the text encoder into two shards with an index; the second holds just what nothing reads.
  void shard_text_encoder() const {
    std::vector<checkpoint::ExpectedTensor> used;
    std::vector<checkpoint::ExpectedTensor> unused;
    nlohmann::json map;
    for (const auto& tensor : expected(checkpoint::Part::kTextEncoder)) {
      (tensor.is_used ? used : unused).push_back(tensor);
      map[tensor.name] = tensor.is_used ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors";
    }
    std::filesystem::remove(path("text_encoder/model.safetensors"));
    write_safetensors(path("text_encoder/model-00001-of-00002.safetensors"), used);
    write_safetensors(path("text_encoder/model-00002-of-00002.safetensors"), unused);
    write_text(path("text_encoder/model.safetensors.index.json"), nlohmann::json{{"weight_map", map}}.dump());
  }

  const checkpoint::ModelConfig config;

 private:
  TemporaryFolder folder_;
};

}  // namespace zimg_test
