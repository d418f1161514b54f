#include "models/formula_model.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "checkpoint/config_writer.hpp"
#include "model_fixture.hpp"
#include "models/tokenizer_files.hpp"

namespace zimg_test {
namespace {

using namespace zimg::checkpoint;

constexpr std::size_t kMerges = 200;

std::uint32_t fnv1a(const std::string& text) {
  std::uint32_t hash = 2166136261u;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619u;
  return hash;
}

// The finisher of MurmurHash3.
std::uint32_t mixed(std::uint32_t x) {
  x = (x ^ x >> 16) * 0x85EBCA6Bu;
  x = (x ^ x >> 13) * 0xC2B2AE35u;
  return x ^ x >> 16;
}

void write_part(const std::string& folder, Part part, const ModelConfig& config, const std::string& json) {
  const bool is_text_encoder = part == Part::kTextEncoder;
  write_text(folder + "/config.json", json);
  write_formula_tensors(folder + (is_text_encoder ? "/model.safetensors" : "/diffusion_pytorch_model.safetensors"),
                        expected_tensors(part, config));
}

}  // namespace

std::vector<double> formula_numbers(const std::string& name, std::size_t count) {
  std::vector<double> numbers(count);
  const std::uint32_t seed = fnv1a(name);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t bits = mixed(seed + static_cast<std::uint32_t>(i) * 0x9E3779B9u) >> 8;
    numbers[i] = (static_cast<double>(bits) - 8388608.0) / 8388608.0;
  }
  return numbers;
}

std::vector<float> formula_weights(const ExpectedTensor& tensor) {
  std::size_t count = 1;
  for (const std::int64_t extent : tensor.shape) count *= static_cast<std::size_t>(extent);
  const double fan_in = static_cast<double>(count) / static_cast<double>(tensor.shape.front());
  double centre = 0;
  double spread = 0.35;  // of a bias
  if (tensor.name.ends_with("pad_token")) {
    spread = 0.85;
  } else if (tensor.name.find("norm") != std::string::npos && tensor.name.ends_with("weight")) {
    centre = 1;
  } else if (tensor.shape.size() > 1) {
    spread = std::sqrt(3.0 / fan_in);
  }
  std::vector<float> weights;
  weights.reserve(count);
  for (const double number : formula_numbers(tensor.name, count)) {
    weights.push_back(static_cast<float>(centre + spread * number));
  }
  return weights;
}

void write_formula_tensors(const std::string& path, const std::vector<ExpectedTensor>& tensors) {
  write_safetensors(path, tensors, "F32");
  std::vector<float> data;  // of the whole file: the tensors lie there in this order, without gaps
  for (const ExpectedTensor& tensor : tensors) {
    const std::vector<float> weights = formula_weights(tensor);
    data.insert(data.end(), weights.begin(), weights.end());
  }
  const auto size = static_cast<std::streamsize>(data.size() * sizeof(float));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-size, std::ios::end);
  file.write(reinterpret_cast<const char*>(data.data()), size);
}

ModelConfig formula_config() {
  ModelConfig config;
  TextEncoderConfig& text = config.text_encoder;
  text.vocab_size = 512;
  text.hidden_size = 64;
  text.intermediate_size = 160;
  text.num_hidden_layers = 4;
  text.num_attention_heads = 4;
  text.num_key_value_heads = 2;
  text.head_dim = 32;
  TransformerConfig& transformer = config.transformer;
  transformer.dim = 96;
  transformer.n_layers = 2;
  transformer.n_heads = 3;
  transformer.cap_feat_dim = text.hidden_size;
  transformer.axes_dims = {8, 12, 12};
  transformer.axes_lens = {1536, 64, 64};
  config.vae.block_out_channels = {8, 16, 32, 32};
  config.vae.norm_num_groups = 4;
  config.vae.sample_size = 64;
  config.defaults.name = "formula";
  config.defaults.width = 128;
  config.defaults.height = 96;
  return config;
}

void write_formula_model(const std::string& folder) {
  const ModelConfig config = formula_config();
  write_part(folder + "/text_encoder", Part::kTextEncoder, config, text_encoder_json(config.text_encoder));
  write_part(folder + "/transformer", Part::kTransformer, config, transformer_json(config.transformer));
  write_part(folder + "/vae", Part::kVae, config, vae_json(config.vae));
  write_text(folder + "/scheduler/scheduler_config.json", scheduler_json(config.scheduler));
  write_text(folder + "/model_index.json", model_index_json());
  write_text(folder + "/zimg.json", defaults_json(config.defaults));
  std::filesystem::create_directory(folder + "/tokenizer");
  write_tokenizer(folder + "/tokenizer", kMerges);
}

}  // namespace zimg_test
