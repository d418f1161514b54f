#include "checkpoint/config_reader.hpp"

#include <algorithm>

#include "base/drawing_limits.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "checkpoint/config_fields.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using base::Json;

// Bounds that keep every product of two of them far from overflow.
constexpr std::int64_t kMaxWidth = 1 << 20;
constexpr std::int64_t kMaxCount = 1024;

[[noreturn]] void refuse_config(const std::string& origin, const std::string& sentence) {
  throw Error(ErrorCode::kBadModel, origin + " " + sentence);
}

// Older releases of transformers call it "type".
void expect_plain_rope(const ConfigFields& rope) {
  for (const char* key : {"rope_type", "type"}) rope.expect(key, "default");
}

// transformers 5 writes rope_parameters, older releases rope_theta and rope_scaling; it takes rope_scaling before
// rope_parameters, and what stands in them before what stands beside.
double rope_theta_of(const ConfigFields& fields) {
  constexpr double kMost = 1e12;
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const auto rope = fields.object(key);
    if (!rope) continue;
    expect_plain_rope(*rope);
    if (rope->has("rope_theta")) return rope->real("rope_theta", std::nullopt, 1, kMost);
  }
  return fields.real("rope_theta", std::nullopt, 1, kMost);
}

void check_transformer_fit(const TransformerConfig& config, const std::string& origin) {
  if (config.dim % config.n_heads != 0) {
    refuse_config(origin, "gives 'dim' " + std::to_string(config.dim) + ", which is no multiple of 'n_heads' " +
                              std::to_string(config.n_heads));
  }
  std::int64_t sum = 0;
  for (const std::int64_t width : config.axes_dims) {
    if (width % 2 != 0) refuse_config(origin, "gives 'axes_dims' with the odd width " + std::to_string(width));
    sum += width;
  }
  if (sum != config.head_dim()) {
    refuse_config(origin, "gives 'axes_dims' of together " + std::to_string(sum) + ", expected the width of a head, " +
                              std::to_string(config.head_dim()));
  }
}

void check_vae_fit(const VaeConfig& config, const std::string& origin) {
  for (const std::int64_t width : config.block_out_channels) {
    if (width % config.norm_num_groups != 0) {
      refuse_config(origin, "gives 'block_out_channels' " + std::to_string(width) + ", which is no multiple of " +
                                "'norm_num_groups' " + std::to_string(config.norm_num_groups));
    }
  }
}

void check_text_encoder_fit(const TextEncoderConfig& config, const std::string& origin) {
  if (config.num_attention_heads % config.num_key_value_heads != 0) {
    refuse_config(origin, "gives " + std::to_string(config.num_attention_heads) +
                              " attention heads, which is no multiple of " +
                              std::to_string(config.num_key_value_heads) + " key-value heads");
  }
  if (config.head_dim % 2 != 0) refuse_config(origin, "gives the odd 'head_dim' " + std::to_string(config.head_dim));
}

void check_area(const ModelDefaults& defaults, const std::string& origin) {
  const std::uint64_t area = std::uint64_t{defaults.width} * defaults.height;
  if (area <= base::kMaxPicturePixels) return;
  refuse_config(origin, "gives 'width' " + std::to_string(defaults.width) + " and 'height' " +
                            std::to_string(defaults.height) + ", " + std::to_string(area) +
                            " pixels, expected at most " + std::to_string(base::kMaxPicturePixels));
}

}  // namespace

TextEncoderConfig read_text_encoder_config(const std::string& path) {
  const ConfigFields fields = ConfigFields::open(path);
  fields.expect("model_type", "qwen3");
  fields.expect("hidden_act", "silu");
  fields.expect("attention_bias", false);
  fields.expect("use_sliding_window", false);
  TextEncoderConfig config;
  config.vocab_size = fields.integer("vocab_size", std::nullopt, 1, 1 << 24);
  config.hidden_size = fields.integer("hidden_size", std::nullopt, 1, kMaxWidth);
  config.intermediate_size = fields.integer("intermediate_size", std::nullopt, 1, kMaxWidth);
  config.num_hidden_layers = fields.integer("num_hidden_layers", std::nullopt, 2, kMaxCount);
  config.num_attention_heads = fields.integer("num_attention_heads", std::nullopt, 1, kMaxCount);
  config.num_key_value_heads = fields.integer("num_key_value_heads", std::nullopt, 1, kMaxCount);
  config.head_dim = fields.integer("head_dim", 128, 2, kMaxWidth);
  config.rms_norm_eps = fields.real("rms_norm_eps", 1e-6, 0, 1);
  config.rope_theta = rope_theta_of(fields);
  check_text_encoder_fit(config, fields.origin());
  return config;
}

TransformerConfig read_transformer_config(const std::string& path) {
  const ConfigFields fields = ConfigFields::open(path);
  fields.expect("_class_name", "ZImageTransformer2DModel");
  fields.expect("all_patch_size", Json::array({2}));
  fields.expect("all_f_patch_size", Json::array({1}));
  fields.expect("qk_norm", true);
  fields.expect("siglip_feat_dim", nullptr);  // the Omni variant
  TransformerConfig config;
  config.in_channels = fields.integer("in_channels", config.in_channels, 1, kMaxCount);
  config.dim = fields.integer("dim", config.dim, 1, kMaxWidth);
  config.n_layers = fields.integer("n_layers", config.n_layers, 1, kMaxCount);
  config.n_refiner_layers = fields.integer("n_refiner_layers", config.n_refiner_layers, 0, kMaxCount);
  config.n_heads = fields.integer("n_heads", config.n_heads, 1, kMaxCount);
  config.cap_feat_dim = fields.integer("cap_feat_dim", config.cap_feat_dim, 1, kMaxWidth);
  config.norm_eps = fields.real("norm_eps", config.norm_eps, 0, 1);
  config.rope_theta = fields.real("rope_theta", config.rope_theta, 1, 1e12);
  config.t_scale = fields.real("t_scale", config.t_scale, 1e-6, 1e9);
  const auto three = [&](const char* key, const std::array<std::int64_t, 3>& fallback) {
    const auto numbers =
        fields.integers(key, std::vector<std::int64_t>(fallback.begin(), fallback.end()), 1, kMaxWidth);
    if (numbers.size() != 3) fields.refuse(key, "three integers");
    return std::array<std::int64_t, 3>{numbers[0], numbers[1], numbers[2]};
  };
  config.axes_dims = three("axes_dims", config.axes_dims);
  config.axes_lens = three("axes_lens", config.axes_lens);
  check_transformer_fit(config, fields.origin());
  return config;
}

VaeConfig read_vae_config(const std::string& path) {
  const ConfigFields fields = ConfigFields::open(path);
  fields.expect("_class_name", "AutoencoderKL");
  fields.expect("act_fn", "silu");
  fields.expect("out_channels", 3);
  VaeConfig config;
  config.latent_channels = fields.integer("latent_channels", std::nullopt, 1, kMaxCount);
  config.block_out_channels = fields.integers("block_out_channels", std::nullopt, 1, kMaxWidth);
  if (config.block_out_channels.size() > 8) fields.refuse("block_out_channels", "at most 8 blocks");
  fields.expect("up_block_types", Json(std::vector<std::string>(config.block_out_channels.size(), "UpDecoderBlock2D")));
  config.layers_per_block = fields.integer("layers_per_block", 1, 1, kMaxCount);
  config.norm_num_groups = fields.integer("norm_num_groups", 32, 1, kMaxWidth);
  config.sample_size = fields.integer("sample_size", 32, 1, kMaxWidth);
  config.scaling_factor = fields.real("scaling_factor", std::nullopt, 1e-6, 1e6);
  config.shift_factor = fields.real("shift_factor", 0.0, -1e6, 1e6);
  config.mid_block_add_attention = fields.boolean("mid_block_add_attention", true);
  config.use_post_quant_conv = fields.boolean("use_post_quant_conv", true);
  check_vae_fit(config, fields.origin());
  return config;
}

SchedulerConfig read_scheduler_config(const std::string& path) {
  const ConfigFields fields = ConfigFields::open(path);
  fields.expect("_class_name", "FlowMatchEulerDiscreteScheduler");
  for (const char* key : {"use_dynamic_shifting", "invert_sigmas", "stochastic_sampling", "use_karras_sigmas",
                          "use_exponential_sigmas", "use_beta_sigmas"}) {
    fields.expect(key, false);
  }
  fields.expect("shift_terminal", nullptr);
  fields.expect("num_train_timesteps", 1000);
  SchedulerConfig config;
  config.shift = fields.real("shift", 1.0, 1e-3, 1e3);
  return config;
}

// A folder's name may be any octets and, repaired, longer than the entries of a cache take a name.
std::string as_model_name(const std::string& folder) {
  std::string name = base::repaired_utf8(folder);
  if (name.size() <= base::kLongestModelName) return name;
  std::size_t end = base::kLongestModelName;
  while ((static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // within a character
  return name.substr(0, end);
}

ModelDefaults read_defaults(const DefaultSources& sources, const ModelConfig& config) {
  ModelDefaults defaults;
  defaults.name = as_model_name(sources.name);
  const bool is_base = config.scheduler.shift > 4.5;  // 3: Turbo, 6: base
  defaults.steps = is_base ? 50 : 8;
  defaults.guidance = is_base ? 4 : 0;
  const std::int64_t step = config.size_step();
  const std::int64_t most = config.max_side();
  const std::int64_t side = std::min<std::int64_t>(1024 / step * step, most);
  defaults.width = defaults.height = static_cast<std::uint32_t>(std::max(side, step));
  if (!is_file(sources.json_path)) return defaults;

  const ConfigFields fields = ConfigFields::open(sources.json_path);
  const auto side_of = [&](const char* key, std::uint32_t fallback) {
    const std::int64_t value = fields.integer(key, fallback, step, most);
    if (value % step != 0) fields.refuse(key, "a multiple of " + std::to_string(step));
    return static_cast<std::uint32_t>(value);
  };
  defaults.name = fields.text("name", defaults.name);
  if (defaults.name.find('\0') != std::string::npos) fields.refuse("name", "a string without NUL");  // no PNG takes it
  if (defaults.name.size() > base::kLongestModelName)
    fields.refuse("name", "at most " + std::to_string(base::kLongestModelName) + " bytes");
  defaults.width = side_of("width", defaults.width);
  defaults.height = side_of("height", defaults.height);
  check_area(defaults, fields.origin());
  defaults.steps = static_cast<std::uint32_t>(fields.integer("steps", defaults.steps, 1, base::kMaxSteps));
  defaults.guidance = fields.real("guidance", defaults.guidance, 0, base::kMaxGuidance);
  return defaults;
}

void check_fit(const ModelConfig& config, const std::string& origin) {
  check_transformer_fit(config.transformer, origin);
  check_vae_fit(config.vae, origin);
  check_text_encoder_fit(config.text_encoder, origin);
  if (config.transformer.cap_feat_dim != config.text_encoder.hidden_size) {
    refuse_config(origin, "holds a transformer for caption features of width " +
                              std::to_string(config.transformer.cap_feat_dim) +
                              " ('cap_feat_dim'), its text encoder gives " +
                              std::to_string(config.text_encoder.hidden_size) + " ('hidden_size')");
  }
  if (config.transformer.in_channels != config.vae.latent_channels) {
    refuse_config(origin, "holds a transformer for latents of " + std::to_string(config.transformer.in_channels) +
                              " channels ('in_channels'), its VAE reads " + std::to_string(config.vae.latent_channels) +
                              " ('latent_channels')");
  }
}

}  // namespace zimg::checkpoint
