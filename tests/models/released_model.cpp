#include "models/released_model.hpp"

#include <filesystem>
#include <map>

#include "base/file.hpp"
#include "base/json.hpp"
#include "checkpoint/config_reader.hpp"
#include "checkpoint/shard_index.hpp"
#include "model_fixture.hpp"
#include "models/tokenizer_files.hpp"

namespace zimg_test {
namespace {

namespace fs = std::filesystem;
using namespace zimg::checkpoint;

const std::string kReleased = std::string(ZIMG_TEST_DATA) + "/z-image-turbo";

void add_with_bias(std::vector<ExpectedTensor>& tensors, const std::string& name, std::vector<std::int64_t> shape) {
  const std::int64_t width = shape.front();
  tensors.push_back({name + ".weight", std::move(shape), false});
  tensors.push_back({name + ".bias", {width}, false});
}

void add_residual_block(std::vector<ExpectedTensor>& tensors, const std::string& name, std::int64_t in,
                        std::int64_t out) {
  add_with_bias(tensors, name + ".norm1", {in});
  add_with_bias(tensors, name + ".conv1", {out, in, 3, 3});
  add_with_bias(tensors, name + ".norm2", {out});
  add_with_bias(tensors, name + ".conv2", {out, out, 3, 3});
  if (in != out) add_with_bias(tensors, name + ".conv_shortcut", {out, in, 1, 1});
}

// The shards that the released index names, each with what it places there.
void write_shards(const std::string& folder, Part part, const std::string& index, const ModelConfig& config,
                  const std::string& dtype) {
  const std::string text = zimg::base::read_file(index, 1 << 24, zimg::ErrorCode::kIo);
  std::map<std::string, std::vector<ExpectedTensor>> shards;
  const auto files = parse_shard_index(text, index);
  for (const ExpectedTensor& tensor : expected_tensors(part, config)) {
    shards[files.at(tensor.name)].push_back(tensor);
  }
  for (const auto& [file, tensors] : shards) write_safetensors(folder + "/" + file, tensors, dtype);
}

}  // namespace

std::vector<ExpectedTensor> vae_encoder_tensors(const VaeConfig& config) {
  std::vector<ExpectedTensor> tensors;
  std::int64_t in = config.block_out_channels.front();
  add_with_bias(tensors, "encoder.conv_in", {in, 3, 3, 3});
  for (std::size_t i = 0; i < config.block_out_channels.size(); ++i) {
    const std::string block = "encoder.down_blocks." + std::to_string(i) + ".";
    const std::int64_t out = config.block_out_channels[i];
    for (std::int64_t j = 0; j < config.layers_per_block; ++j, in = out) {
      add_residual_block(tensors, block + "resnets." + std::to_string(j), in, out);
    }
    if (i + 1 < config.block_out_channels.size()) {
      add_with_bias(tensors, block + "downsamplers.0.conv", {out, out, 3, 3});
    }
  }
  add_residual_block(tensors, "encoder.mid_block.resnets.0", in, in);
  add_with_bias(tensors, "encoder.mid_block.attentions.0.group_norm", {in});
  for (const char* name : {"to_q", "to_k", "to_v", "to_out.0"}) {
    add_with_bias(tensors, std::string("encoder.mid_block.attentions.0.") + name, {in, in});
  }
  add_residual_block(tensors, "encoder.mid_block.resnets.1", in, in);
  add_with_bias(tensors, "encoder.conv_norm_out", {in});
  add_with_bias(tensors, "encoder.conv_out", {2 * config.latent_channels, in, 3, 3});
  return tensors;
}

void write_released_model(const std::string& folder, const std::string& transformer) {
  for (const char* part : {"scheduler", "text_encoder", "tokenizer", "transformer", "vae"}) {
    fs::create_directory(folder + "/" + part);
  }
  for (const char* file : {"model_index.json", "scheduler/scheduler_config.json", "text_encoder/config.json",
                           "text_encoder/model.safetensors.index.json", "transformer/config.json",
                           "transformer/diffusion_pytorch_model.safetensors.index.json", "vae/config.json"}) {
    fs::copy_file(kReleased + "/" + file, folder + "/" + file);
  }
  write_tokenizer(folder + "/tokenizer");
  ModelConfig config;
  config.text_encoder = read_text_encoder_config(folder + "/text_encoder/config.json");
  config.transformer = read_transformer_config(folder + "/transformer/config.json");
  config.vae = read_vae_config(folder + "/vae/config.json");
  write_shards(folder + "/text_encoder", Part::kTextEncoder, folder + "/text_encoder/model.safetensors.index.json",
               config, "BF16");
  write_shards(folder + "/transformer", Part::kTransformer,
               folder + "/transformer/diffusion_pytorch_model.safetensors.index.json", config, transformer);
  std::vector<ExpectedTensor> vae = expected_tensors(Part::kVae, config);
  const std::vector<ExpectedTensor> encoder = vae_encoder_tensors(config.vae);
  vae.insert(vae.end(), encoder.begin(), encoder.end());
  write_safetensors(folder + "/vae/diffusion_pytorch_model.safetensors", vae, "BF16");
}

}  // namespace zimg_test
