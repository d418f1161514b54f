// Runs parts of the engine on what a JSON file asks for and writes what they give, for compare.py to hold against the
// reference.
//
//   dump_parts MODEL fp32|bf16 ORDER.json OUT.safetensors
//
// ORDER.json: {"threads": 2, "prompts": [text…], "blocks": [{"prefix", "rows", "columns", "caption"}…],
//   "latents": [[height, width]…], "schedules": [steps…], "draws": [{"prompt", "negative", "width", "height", "steps",
//   "guidance", "normalization", "truncation", "seed", "tiling"}…]}. Inputs that are not prompts are made from seeds
//   that the reference makes too: block i reads noise of seed 100 + i, latents i noise of seed 200 + i.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>

#include "base/file.hpp"
#include "base/float_below.hpp"
#include "base/json.hpp"
#include "engine/denoiser/block.hpp"
#include "engine/denoiser/rope_table.hpp"
#include "engine/pipeline/sample.hpp"
#include "engine/pipeline/torch_pipeline.hpp"
#include "engine/sampling/noise.hpp"
#include "key/schedule.hpp"
#include "tensor_file.hpp"
#include "tokenizer/tokenizer.hpp"

namespace {

using namespace zimg;
using base::Json;
using Tensors = std::map<std::string, at::Tensor>;

const engine::CheckCancelled kNeverCancelled = [] {};

class SilentObserver final : public IDrawingObserver {
 public:
  bool wants_preview() const override { return false; }
  void on_progress(const Progress&) override {}
  bool is_cancelled() const override { return false; }
};

std::string numbered(const char* kind, std::size_t index, const char* what) {
  return std::string(kind) + "." + std::to_string(index) + "." + what;
}

at::Tensor widened(const at::Tensor& tensor) {
  return tensor.to(at::kFloat).contiguous();
}

void dump_prompts(engine::ModelParts& parts, const tokenizer::Tokenizer& tokenizer, const Json& prompts, Tensors& out) {
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const auto ids = tokenizer.encode_prompt(prompts[i].get<std::string>());
    out[numbered("prompt", i, "rows")] = widened(parts.text_encoder().encode(ids, kNeverCancelled));
  }
}

// One block alone, on noise: with modulation of model time 0.3 where it has any.
void dump_blocks(engine::ModelParts& parts, const Json& blocks, Tensors& out) {
  const auto& config = parts.model().config().transformer;
  const engine::PartLoader loader(parts.model().open_weights(checkpoint::Part::kTransformer),
                                  parts.plan().placement(parts.plan().denoiser));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string prefix = blocks[i].at("prefix");
    const std::int64_t caption = blocks[i].at("caption");
    const bool modulated = !prefix.starts_with("context_refiner");
    const engine::Block block(prefix, modulated, config, loader);
    at::Tensor rope =
        engine::rope_table(config, blocks[i].at("rows"), blocks[i].at("columns"), caption, loader.placement());
    if (!modulated) rope = rope.slice(0, rope.size(0) - caption);
    const auto seed = static_cast<std::uint32_t>(100 + i);
    at::Tensor x = engine::starting_noise(seed, 1, rope.size(0), config.dim).squeeze(0).to(loader.placement().dtype);
    engine::Modulation modulation;
    if (modulated) {
      const at::Tensor embedding =
          engine::starting_noise(seed + 50, 1, 1, config.modulation_dim()).view({1, -1}).to(loader.placement().dtype);
      const at::Tensor row = block.modulations(embedding).select(0, 0);
      modulation = {row.select(0, 0), row.select(0, 1), row.select(0, 2), row.select(0, 3)};
    }
    block.run(x, rope, modulation);
    out[numbered("block", i, "x")] = widened(x);
  }
}

void dump_decodes(engine::ModelParts& parts, const Json& sizes, Tensors& out) {
  const std::int64_t channels = parts.model().config().vae.latent_channels;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const at::Tensor latents =
        engine::starting_noise(static_cast<std::uint32_t>(200 + i), channels, sizes[i][0], sizes[i][1]);
    out[numbered("decode", i, "rgb")] = parts.decoder().decode(latents, false, kNeverCancelled);
  }
}

std::vector<float> sigmas_of(const engine::ModelParts& parts, std::uint32_t steps) {
  return key::sigmas(Schedule::kLinear, steps, parts.model().config().scheduler.shift);
}

void dump_schedules(const engine::ModelParts& parts, const Json& schedules, Tensors& out) {
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    out[numbered("schedule", i, "sigmas")] = at::tensor(sigmas_of(parts, schedules[i]), at::kFloat);
  }
}

DrawingOrder order_of(const engine::ModelParts& parts, const Json& draw) {
  DrawingOrder order;
  order.prompt = draw.at("prompt");
  order.negative_prompt = draw.value("negative", "");
  order.width = draw.at("width");
  order.height = draw.at("height");
  order.sigmas = sigmas_of(parts, draw.at("steps"));
  order.guidance = draw.value("guidance", 0.0f);
  order.guidance_normalization = draw.value("normalization", 0.0f);
  order.guidance_truncation = base::float_below(draw.value("truncation", 1.0));
  order.seed = draw.at("seed");
  order.vae_tiling = draw.value("tiling", false);
  return order;
}

void dump_draws(engine::ModelParts& parts, const tokenizer::Tokenizer& tokenizer, engine::TorchPipeline& pipeline,
                const Json& draws, Tensors& out) {
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const DrawingOrder order = order_of(parts, draws[i]);
    const auto rows = [&](const std::string& prompt) {
      return parts.text_encoder().encode(tokenizer.encode_prompt(prompt), kNeverCancelled);
    };
    engine::TextRows text{rows(order.prompt), {}};
    if (order.guidance > 0) text.negative = rows(order.negative_prompt);
    out[numbered("draw", i, "latents")] = widened(engine::sample(
        parts, order, text, [](auto&&...) {}, kNeverCancelled));
    SilentObserver observer;
    const Picture picture = pipeline.draw(order, observer);
    out[numbered("draw", i, "rgb")] =
        at::tensor(picture.rgb, at::TensorOptions().dtype(at::kByte)).view({picture.height, picture.width, 3});
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: dump_parts MODEL fp32|bf16 ORDER.json OUT.safetensors\n", stderr);
    return 2;
  }
  try {
    const c10::InferenceMode no_gradients;
    const Json order = base::parse_json(base::read_file(argv[3], 1 << 26, ErrorCode::kIo), argv[3], ErrorCode::kIo);
    const std::uint32_t precision = std::string(argv[2]) == "bf16" ? 2 : 1;
    const engine::ComputePlan plan = engine::resolve(1, precision, order.value("threads", 2u));
    at::set_num_threads(static_cast<int>(plan.threads));
    engine::TorchPipeline pipeline(argv[1], plan);
    engine::ModelParts parts(checkpoint::ModelFolder::open(argv[1]), plan);
    const auto tokenizer = tokenizer::Tokenizer::open(parts.model().tokenizer_path());
    Tensors out;
    dump_prompts(parts, tokenizer, order.value("prompts", Json::array()), out);
    dump_blocks(parts, order.value("blocks", Json::array()), out);
    dump_decodes(parts, order.value("latents", Json::array()), out);
    dump_schedules(parts, order.value("schedules", Json::array()), out);
    dump_draws(parts, tokenizer, pipeline, order.value("draws", Json::array()), out);
    parity::write_tensors(argv[4], out);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "dump_parts: %s\n", e.what());
    return 1;
  }
}
