"""Random checkpoints of Z-Image's architecture, drawn anew from a seed, and the reference pipeline over them.

Weights are such that a mistake shows: norms near 1 with spread, modulation biases and pad tokens clearly not zero.
"""
import json
import pathlib
import shutil

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, Qwen3Config, Qwen3Model

# The 26 added tokens of the released tokenizer, in the order of their ids.
ADDED_TOKENS = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
    "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>", "<|video_pad|>", "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>",
    "<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>",
    "</think>",
]
SPECIAL_TOKENS = 14
CHAT_TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)

SHAPES = {
    # Section 12 of the model's description: the smallest at which every divisibility rule holds.
    "tiny": dict(
        dim=96, heads=3, layers=2, refiners=2, axes=[8, 12, 12], text_width=64, text_layers=4, text_heads=4,
        text_kv_heads=2, text_inner=160, vae=[8, 16, 32, 32], groups=4, vae_layers=2, shift=3.0, merges=200),
    # The base model's schedule, one refiner, a VAE of five blocks and three layers.
    "deep": dict(
        dim=192, heads=6, layers=3, refiners=1, axes=[8, 12, 12], text_width=96, text_layers=3, text_heads=6,
        text_kv_heads=3, text_inner=256, vae=[8, 8, 16, 32, 32], groups=8, vae_layers=1, shift=6.0, merges=500),
    # Wider than the 256 of the modulation, heads of 128 and groups of 32 as released, the real vocabulary.
    "wide": dict(
        dim=384, heads=3, layers=2, refiners=2, axes=[32, 48, 48], text_width=128, text_layers=3, text_heads=8,
        text_kv_heads=2, text_inner=320, vae=[32, 32, 64, 64], groups=32, vae_layers=2, shift=3.0, merges=None),
}


def byte_symbols():
    kept = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    others = [byte for byte in range(256) if byte not in kept]
    return [chr(byte) for byte in kept] + [chr(256 + i) for i in range(len(others))]


def write_tokenizer(folder, merges_file, merges):
    """The first `merges` merges of the released list (all for None); ids follow from them. Returns the id end."""
    folder.mkdir(parents=True)
    lines = [line for line in merges_file.read_text(encoding="utf-8").split("\n") if line][1:][:merges]
    symbols = byte_symbols() + ["".join(line.split(" ")) for line in lines]
    first_added = len(symbols)
    (folder / "vocab.json").write_text(
        json.dumps({symbol: i for i, symbol in enumerate(symbols)}, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines) + "\n", encoding="utf-8")
    added = {
        str(first_added + i): dict(content=token, lstrip=False, normalized=False, rstrip=False, single_word=False,
                                   special=i < SPECIAL_TOKENS)
        for i, token in enumerate(ADDED_TOKENS)
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(
        tokenizer_class="Qwen2Tokenizer", add_bos_token=False, add_prefix_space=False, added_tokens_decoder=added,
        bos_token=None, eos_token="<|im_end|>", pad_token="<|endoftext|>", unk_token=None, errors="replace",
        clean_up_tokenization_spaces=False, split_special_tokens=False, model_max_length=131072,
        chat_template=CHAT_TEMPLATE)), encoding="utf-8")
    return first_added + len(ADDED_TOKENS)


def randomize(module, seed):
    noise = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in module.named_parameters():
            drawn = torch.randn(tensor.shape, generator=noise)
            if name.endswith("pad_token"):
                tensor.copy_(drawn * 0.5)
            elif "norm" in name and name.endswith("weight"):
                tensor.copy_(1 + 0.2 * drawn)
            elif tensor.ndim == 1:
                tensor.copy_(0.2 * drawn)
            else:
                fan_in = tensor[0].numel()
                tensor.copy_(drawn / fan_in**0.5)


def build(folder, shape, seed, merges_file):
    """Writes a checkpoint of SHAPES[shape] in float32 and the released layout into `folder`."""
    folder = pathlib.Path(folder)
    s = SHAPES[shape]
    id_end = write_tokenizer(folder / "tokenizer", merges_file, s["merges"])
    transformer = ZImageTransformer2DModel(
        dim=s["dim"], n_heads=s["heads"], n_kv_heads=s["heads"], n_layers=s["layers"], n_refiner_layers=s["refiners"],
        axes_dims=s["axes"], axes_lens=[1536, 64, 64], cap_feat_dim=s["text_width"], in_channels=16)
    text_encoder = Qwen3Model(Qwen3Config(
        hidden_size=s["text_width"], num_hidden_layers=s["text_layers"], num_attention_heads=s["text_heads"],
        num_key_value_heads=s["text_kv_heads"], head_dim=32, intermediate_size=s["text_inner"],
        vocab_size=(id_end + 63) // 64 * 64, rms_norm_eps=1e-6, rope_theta=1e6, max_position_embeddings=1024,
        tie_word_embeddings=True))
    blocks = len(s["vae"])
    vae = AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=16, block_out_channels=s["vae"],
        down_block_types=["DownEncoderBlock2D"] * blocks, up_block_types=["UpDecoderBlock2D"] * blocks,
        layers_per_block=s["vae_layers"], norm_num_groups=s["groups"], sample_size=64, scaling_factor=0.3611,
        shift_factor=0.1159, use_quant_conv=False, use_post_quant_conv=False, mid_block_add_attention=True)
    for offset, module in enumerate((transformer, text_encoder, vae)):
        randomize(module, seed * 10 + offset)
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=s["shift"]), vae=vae,
        text_encoder=text_encoder, tokenizer=AutoTokenizer.from_pretrained(folder / "tokenizer"),
        transformer=transformer).save_pretrained(folder / "saved")
    for part in (folder / "saved").iterdir():  # all but the tokenizer, whose files are already as released
        if part.name != "tokenizer":
            shutil.move(part, folder / part.name)
    shutil.rmtree(folder / "saved")


def renamed(name, pairs):
    for released, original in pairs:
        name = name.replace(released, original)
    return name


def original_transformer(tensors):
    """By the names of the original program, with the three matrices of an attention in one."""
    named = {}
    for name, tensor in tensors.items():
        if name.endswith("to_q.weight"):
            before = name.removesuffix("to_q.weight")
            named[before + "qkv.weight"] = torch.cat([tensors[before + part + ".weight"] for part in ("to_q", "to_k", "to_v")])
        elif not name.endswith(("to_k.weight", "to_v.weight")):
            named[renamed(name, (("to_out.0", "out"), ("norm_q", "q_norm"), ("norm_k", "k_norm"), ("all_x_embedder.2-1", "x_embedder"),
                                 ("all_final_layer.2-1", "final_layer")))] = tensor.flatten() if "pad_token" in name else tensor
    return {"model.diffusion_model." + name: tensor.contiguous() for name, tensor in named.items()}


def original_decoder(tensors, blocks):
    """By the names of latent diffusion, whose blocks count from the other end and whose attention is of 1x1 convolutions."""
    named = {}
    for name, tensor in tensors.items():
        if not name.startswith("decoder."):
            continue
        for i in range(blocks):
            name = name.replace(f"up_blocks.{i}.", f"UP.{blocks - 1 - i}.")
        name = renamed(name, (
            ("mid_block.resnets.0.", "mid.block_1."), ("mid_block.resnets.1.", "mid.block_2."), ("mid_block.attentions.0.group_norm", "mid.attn_1.norm"),
            ("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out"), ("mid_block.attentions.0.to_", "mid.attn_1."), ("UP.", "up."),
            ("resnets.", "block."), ("upsamplers.0.conv", "upsample.conv"), ("conv_shortcut", "nin_shortcut"), ("conv_norm_out", "norm_out")))
        named[name] = tensor[:, :, None, None] if ".attn_1." in name and tensor.ndim == 2 else tensor
    return named


def write_single_files(model, folder):
    """The weights of a model in the released layout as programs keep them that have one file for each part."""
    model, folder = pathlib.Path(model), pathlib.Path(folder)

    def of(part):
        (path,) = (model / part).glob("*.safetensors")
        return load_file(path)
    blocks = len(json.loads((model / "vae/config.json").read_text())["block_out_channels"])
    save_file(original_transformer(of("transformer")), folder / "z_image_turbo.safetensors")
    save_file({"model." + name.removeprefix("model."): tensor for name, tensor in of("text_encoder").items()}, folder / "qwen_3.safetensors")
    save_file(original_decoder(of("vae"), blocks), folder / "ae.safetensors")
    shutil.copytree(model / "tokenizer", folder / "tokenizer")


def sum_in_float32(convolution):
    """Products of bfloat16, summed in float32 and rounded once: what a CPU with instructions for bfloat16 does."""
    if convolution.padding_mode != "zeros":
        raise ValueError(f"a convolution pads with {convolution.padding_mode}; zeros are expected")

    def forward(x):
        weight, bias = (parameter.float() for parameter in (convolution.weight, convolution.bias))
        return torch.nn.functional.conv2d(x.float(), weight, bias, convolution.stride, convolution.padding,
                                          convolution.dilation, convolution.groups).to(x.dtype)
    convolution.forward = forward


def load(folder, dtype=torch.float32):
    """The reference pipeline; in bfloat16 on a CPU without it, torch's own convolutions make a picture take eight times as long."""
    pipe = ZImagePipeline.from_pretrained(str(folder), torch_dtype=dtype)
    pipe.set_progress_bar_config(disable=True)
    if dtype == torch.bfloat16 and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        for module in pipe.vae.modules():
            if isinstance(module, torch.nn.Conv2d):
                sum_in_float32(module)
    return pipe
