"""The configs of the small model, and a whole model folder from its parts."""

from __future__ import annotations

import json
from pathlib import Path

from checkpoint import copy_folder, write_json, write_part
from vocabulary import ROOM

NAME = "zimg-builtin-18"
VERSION = "0.42.1"


def text_config(width: int, layers: int) -> dict:
    return {
        "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "attention_bias": False, "attention_dropout": 0.0,
        "head_dim": 32, "hidden_act": "silu", "hidden_size": width, "initializer_range": 0.02, "intermediate_size": 256,
        "max_position_embeddings": 512, "max_window_layers": layers, "num_attention_heads": width // 32,
        "num_hidden_layers": layers, "num_key_value_heads": 1, "rms_norm_eps": 1e-6, "rope_scaling": None,
        "rope_theta": 1000000, "sliding_window": None, "tie_word_embeddings": True, "torch_dtype": "bfloat16",
        "use_cache": True, "use_sliding_window": False, "vocab_size": ROOM}


def flow_config(dim: int, heads: int, layers: int, text_width: int, channels: int) -> dict:
    per_head = dim // heads
    row = per_head * 3 // 8 // 2 * 2
    return {
        "_class_name": "ZImageTransformer2DModel", "_diffusers_version": VERSION, "all_f_patch_size": [1],
        "all_patch_size": [2], "axes_dims": [per_head - 2 * row, row, row], "axes_lens": [544, 64, 64],
        "cap_feat_dim": text_width, "dim": dim, "in_channels": channels, "n_heads": heads, "n_kv_heads": heads,
        "n_layers": layers, "n_refiner_layers": 1, "norm_eps": 1e-5, "qk_norm": True, "rope_theta": 256.0, "t_scale": 1000.0}


def write(out: Path, text: dict, text_tensors: dict, flow: dict, flow_tensors: dict, vae: Path, tokenizer: Path) -> None:
    write_part(out, "text_encoder", text, text_tensors)
    write_part(out, "transformer", flow, flow_tensors)
    copy_folder(vae, out / "vae")
    copy_folder(tokenizer, out / "tokenizer")
    write_json(out / "scheduler" / "scheduler_config.json", {
        "_class_name": "FlowMatchEulerDiscreteScheduler", "_diffusers_version": VERSION, "num_train_timesteps": 1000,
        "shift": 3.0, "use_dynamic_shifting": False})
    write_json(out / "model_index.json", {
        "_class_name": "ZImagePipeline", "_diffusers_version": VERSION,
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"], "text_encoder": ["transformers", "Qwen3Model"],
        "tokenizer": ["transformers", "Qwen2Tokenizer"], "transformer": ["diffusers", "ZImageTransformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"]})
    settings = {"name": NAME, "width": 256, "height": 256, "steps": 8, "guidance": 0}
    (out / "zimg.json").write_text(json.dumps(settings, separators=(",", ":")) + "\n")
