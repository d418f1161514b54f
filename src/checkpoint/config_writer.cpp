#include "checkpoint/config_writer.hpp"

#include "base/json.hpp"

namespace zimg::checkpoint {
namespace {

using base::Json;

std::string text_of(const Json& json) {
  return base::dump(json, 2) + "\n";
}

}  // namespace

std::string model_index_json() {
  return text_of({{"_class_name", "ZImagePipeline"},
                  {"scheduler", {"diffusers", "FlowMatchEulerDiscreteScheduler"}},
                  {"text_encoder", {"transformers", "Qwen3Model"}},
                  {"tokenizer", {"transformers", "Qwen2Tokenizer"}},
                  {"transformer", {"diffusers", "ZImageTransformer2DModel"}},
                  {"vae", {"diffusers", "AutoencoderKL"}}});
}

std::string text_encoder_json(const TextEncoderConfig& config) {
  return text_of({{"architectures", Json::array({"Qwen3ForCausalLM"})},
                  {"model_type", "qwen3"},
                  {"vocab_size", config.vocab_size},
                  {"hidden_size", config.hidden_size},
                  {"intermediate_size", config.intermediate_size},
                  {"num_hidden_layers", config.num_hidden_layers},
                  {"num_attention_heads", config.num_attention_heads},
                  {"num_key_value_heads", config.num_key_value_heads},
                  {"head_dim", config.head_dim},
                  {"hidden_act", "silu"},
                  {"attention_bias", false},
                  {"use_sliding_window", false},
                  {"tie_word_embeddings", true},
                  {"max_position_embeddings", 40960},
                  {"rms_norm_eps", config.rms_norm_eps},
                  {"rope_scaling", nullptr},
                  {"rope_theta", config.rope_theta}});
}

std::string transformer_json(const TransformerConfig& config) {
  return text_of({{"_class_name", "ZImageTransformer2DModel"},
                  {"all_patch_size", Json::array({2})},
                  {"all_f_patch_size", Json::array({1})},
                  {"in_channels", config.in_channels},
                  {"dim", config.dim},
                  {"n_layers", config.n_layers},
                  {"n_refiner_layers", config.n_refiner_layers},
                  {"n_heads", config.n_heads},
                  {"n_kv_heads", config.n_heads},
                  {"norm_eps", config.norm_eps},
                  {"qk_norm", true},
                  {"cap_feat_dim", config.cap_feat_dim},
                  {"rope_theta", config.rope_theta},
                  {"t_scale", config.t_scale},
                  {"axes_dims", config.axes_dims},
                  {"axes_lens", config.axes_lens}});
}

std::string vae_json(const VaeConfig& config) {
  const std::size_t blocks = config.block_out_channels.size();
  return text_of({{"_class_name", "AutoencoderKL"},
                  {"act_fn", "silu"},
                  {"in_channels", 3},
                  {"out_channels", 3},
                  {"latent_channels", config.latent_channels},
                  {"block_out_channels", config.block_out_channels},
                  {"down_block_types", std::vector<std::string>(blocks, "DownEncoderBlock2D")},
                  {"up_block_types", std::vector<std::string>(blocks, "UpDecoderBlock2D")},
                  {"layers_per_block", config.layers_per_block},
                  {"norm_num_groups", config.norm_num_groups},
                  {"sample_size", config.sample_size},
                  {"scaling_factor", config.scaling_factor},
                  {"shift_factor", config.shift_factor},
                  {"mid_block_add_attention", config.mid_block_add_attention},
                  {"use_quant_conv", config.use_post_quant_conv},
                  {"use_post_quant_conv", config.use_post_quant_conv}});
}

std::string scheduler_json(const SchedulerConfig& config) {
  return text_of({{"_class_name", "FlowMatchEulerDiscreteScheduler"},
                  {"num_train_timesteps", 1000},
                  {"use_dynamic_shifting", false},
                  {"shift", config.shift}});
}

std::string defaults_json(const ModelDefaults& defaults) {
  return text_of({{"name", defaults.name},
                  {"width", defaults.width},
                  {"height", defaults.height},
                  {"steps", defaults.steps},
                  {"guidance", defaults.guidance}});
}

}  // namespace zimg::checkpoint
