#include "checkpoint/tensor_names.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace zimg::checkpoint {
namespace {

using Rename = std::pair<std::string_view, std::string_view>;

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

template <std::size_t kCount>
bool begins_with_one_of(std::string_view text, const std::array<std::string_view, kCount>& beginnings) {
  for (const auto& beginning : beginnings) {
    if (text.starts_with(beginning)) return true;
  }
  return false;
}

std::vector<ReleasedName> text_encoder_names(std::string_view stored) {
  static constexpr std::array<std::string_view, 3> kRoots{"embed_tokens.", "layers.", "norm."};
  for (const auto& prefix : {"text_encoders.qwen3_4b.transformer.", "text_encoders.llm."}) {
    if (strip_prefix(stored, prefix)) break;
  }
  strip_prefix(stored, "model.");
  if (!begins_with_one_of(stored, kRoots)) return {};
  return {{"model." + std::string(stored)}};
}

std::vector<ReleasedName> transformer_names(std::string_view stored) {
  static constexpr std::array<std::string_view, 11> kRoots{
      "all_x_embedder.", "x_embedder.",   "all_final_layer.", "final_layer.",     "cap_embedder.", "t_embedder.",
      "x_pad_token",     "cap_pad_token", "noise_refiner.",   "context_refiner.", "layers."};
  if (!strip_prefix(stored, "model.diffusion_model.")) strip_prefix(stored, "diffusion_model.");
  if (!begins_with_one_of(stored, kRoots)) return {};  // among them norm_final, a left-over that nothing reads
  std::string name(stored);
  if (name.starts_with("x_embedder.")) name.replace(0, 10, "all_x_embedder.2-1");
  if (name.starts_with("final_layer.")) name.replace(0, 11, "all_final_layer.2-1");
  for (const auto& [from, to] : std::array<Rename, 3>{{{".attention.out.weight", ".attention.to_out.0.weight"},
                                                       {".attention.q_norm.", ".attention.norm_q."},
                                                       {".attention.k_norm.", ".attention.norm_k."}}}) {
    replace_all(name, from, to);
  }
  const std::size_t fused = name.find(".attention.qkv.weight");
  if (fused == std::string::npos) return {{name}};
  const std::string attention = name.substr(0, fused) + ".attention.";
  return {{attention + "to_q.weight", 0}, {attention + "to_k.weight", 1}, {attention + "to_v.weight", 2}};
}

// "up.3.block.1.x" of four blocks becomes "up_blocks.0.resnets.1.x".
void turn_up_blocks(std::string& name, std::size_t vae_blocks) {
  constexpr std::string_view kUp = "decoder.up.";
  if (!name.starts_with(kUp)) return;
  std::size_t index = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + kUp.size(), end, index);
  if (error != std::errc{} || index >= vae_blocks) return;
  name = "decoder.up_blocks." + std::to_string(vae_blocks - 1 - index) + std::string(rest, end);
  replace_all(name, ".block.", ".resnets.");
  replace_all(name, ".upsample.conv.", ".upsamplers.0.conv.");
}

void rename_down_blocks(std::string& name) {
  constexpr std::string_view kDown = "encoder.down.";
  if (!name.starts_with(kDown)) return;
  name.replace(0, kDown.size(), "encoder.down_blocks.");
  replace_all(name, ".block.", ".resnets.");
  replace_all(name, ".downsample.conv.", ".downsamplers.0.conv.");
}

std::vector<ReleasedName> vae_names(std::string_view stored, std::size_t vae_blocks) {
  static constexpr std::array<std::string_view, 4> kRoots{"decoder.", "encoder.", "quant_conv.", "post_quant_conv."};
  if (!strip_prefix(stored, "vae.")) strip_prefix(stored, "first_stage_model.");
  if (!begins_with_one_of(stored, kRoots)) return {};
  std::string name(stored);
  turn_up_blocks(name, vae_blocks);
  rename_down_blocks(name);
  for (const auto& [from, to] : std::array<Rename, 9>{{{".mid.block_1.", ".mid_block.resnets.0."},
                                                       {".mid.block_2.", ".mid_block.resnets.1."},
                                                       {".mid.attn_1.norm.", ".mid_block.attentions.0.group_norm."},
                                                       {".mid.attn_1.q.", ".mid_block.attentions.0.to_q."},
                                                       {".mid.attn_1.k.", ".mid_block.attentions.0.to_k."},
                                                       {".mid.attn_1.v.", ".mid_block.attentions.0.to_v."},
                                                       {".mid.attn_1.proj_out.", ".mid_block.attentions.0.to_out.0."},
                                                       {".nin_shortcut.", ".conv_shortcut."},
                                                       {"coder.norm_out.", "coder.conv_norm_out."}}}) {
    replace_all(name, from, to);
  }
  return {{name}};
}

}  // namespace

std::vector<ReleasedName> released_names(Part part, std::string_view stored, std::size_t vae_blocks) {
  switch (part) {
    case Part::kTextEncoder:
      return text_encoder_names(stored);
    case Part::kTransformer:
      return transformer_names(stored);
    case Part::kVae:
      return vae_names(stored, vae_blocks);
  }
  return {};
}

const char* telltale_tensor(Part part) {
  switch (part) {
    case Part::kTextEncoder:
      return "model.layers.0.self_attn.q_norm.weight";
    case Part::kTransformer:
      return "cap_embedder.0.weight";
    case Part::kVae:
      return "decoder.conv_in.weight";
  }
  return "";
}

const char* part_name(Part part) {
  switch (part) {
    case Part::kTextEncoder:
      return "text_encoder";
    case Part::kTransformer:
      return "transformer";
    case Part::kVae:
      return "vae";
  }
  return "";
}

}  // namespace zimg::checkpoint
