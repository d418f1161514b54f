"""The architecture of Z-Image in plain torch, written for training: tensor names are those of the released files.

TextEncoder is Qwen3 without its last layer's work, Denoiser is ZImageTransformer2DModel, Autoencoder is AutoencoderKL.
Each is built from the dictionary that stands in its folder's config.json.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import nn

from group_norm import GroupNorm


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        inverse = torch.rsqrt(x.square().mean(-1, keepdim=True, dtype=torch.float32) + self.eps)
        return x * inverse.to(x.dtype) * self.weight.to(x.dtype)


def attend(q, k, v, mask=None):
    """Plain matrix products: on the CPU their backward pass is faster than the fused kernel's."""
    scores = torch.matmul(q * (q.shape[-1] ** -0.5), k.transpose(-1, -2))
    if mask is not None:
        scores = scores + mask
    return torch.matmul(torch.softmax(scores, -1, dtype=torch.float32).to(v.dtype), v)


# ---- text encoder -----------------------------------------------------------------------------------------------------


class TextAttention(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        self.heads, self.groups, self.width = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        hidden = c["hidden_size"]
        self.q_proj = nn.Linear(hidden, self.heads * self.width, bias=False)
        self.k_proj = nn.Linear(hidden, self.groups * self.width, bias=False)
        self.v_proj = nn.Linear(hidden, self.groups * self.width, bias=False)
        self.o_proj = nn.Linear(self.heads * self.width, hidden, bias=False)
        self.q_norm = RMSNorm(self.width, c["rms_norm_eps"])
        self.k_norm = RMSNorm(self.width, c["rms_norm_eps"])

    def forward(self, x, cos, sin, mask):
        b, n, _ = x.shape
        split = lambda y, heads: y.view(b, n, heads, self.width).transpose(1, 2)
        turn = lambda y: y * cos + torch.cat((-y[..., self.width // 2:], y[..., : self.width // 2]), -1) * sin
        q = turn(self.q_norm(split(self.q_proj(x), self.heads)))
        k = turn(self.k_norm(split(self.k_proj(x), self.groups)))
        v = split(self.v_proj(x), self.groups)
        repeat = self.heads // self.groups
        y = attend(q, k.repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1), mask)
        return self.o_proj(y.transpose(1, 2).reshape(b, n, -1))


class TextMlp(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        self.gate_proj = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.up_proj = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.down_proj = nn.Linear(c["intermediate_size"], c["hidden_size"], bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class TextLayer(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        self.self_attn, self.mlp = TextAttention(c), TextMlp(c)
        self.input_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])

    def forward(self, x, *rope_and_mask):
        x = x + self.self_attn(self.input_layernorm(x), *rope_and_mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class TextEncoder(nn.Module):
    """ids [B, n] -> [B, n, hidden]: what the last layer but one gives, as the pipeline uses it."""

    def __init__(self, c: dict):
        super().__init__()
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList(TextLayer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.width, self.theta = c["head_dim"], c["rope_theta"]

    def forward(self, ids):
        n = ids.shape[1]
        x = self.embed_tokens(ids)
        frequencies = self.theta ** -(torch.arange(0, self.width, 2, device=ids.device) / self.width)
        angles = torch.arange(n, device=ids.device)[:, None] * frequencies
        angles = torch.cat((angles, angles), -1)
        mask = torch.full((n, n), -1e9, device=ids.device).triu(1)
        for layer in self.layers[:-1]:
            x = layer(x, angles.cos().to(x.dtype), angles.sin().to(x.dtype), mask)
        return x


# ---- denoiser ---------------------------------------------------------------------------------------------------------


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = (nn.Linear(dim, dim, bias=False) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(dim, dim, bias=False)])
        self.norm_q, self.norm_k = RMSNorm(dim // heads, 1e-5), RMSNorm(dim // heads, 1e-5)

    def forward(self, x, rope):
        b, n, _ = x.shape
        split = lambda y: y.view(b, n, self.heads, -1).transpose(1, 2)
        q, k = (turn_pairs(norm(split(to(x))), rope) for norm, to in ((self.norm_q, self.to_q), (self.norm_k, self.to_k)))
        return self.to_out[0](attend(q, k, split(self.to_v(x))).transpose(1, 2).reshape(b, n, -1))


def turn_pairs(x, rope):
    """Turns adjacent pairs (a, b) into (a cos - b sin, b cos + a sin)."""
    cos, sin = (table.to(x.dtype) for table in rope)
    swapped = x.unflatten(-1, (-1, 2)).flip(-1).flatten(-2)
    return x * cos + swapped * sin


class FeedForward(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        hidden = int(dim / 3 * 8)
        self.w1, self.w3 = nn.Linear(dim, hidden, bias=False), nn.Linear(dim, hidden, bias=False)
        self.w2 = nn.Linear(hidden, dim, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Block(nn.Module):
    def __init__(self, c: dict, modulated: bool):
        super().__init__()
        dim, eps = c["dim"], c["norm_eps"]
        self.attention, self.feed_forward = Attention(dim, c["n_heads"]), FeedForward(dim)
        self.attention_norm1, self.attention_norm2 = RMSNorm(dim, eps), RMSNorm(dim, eps)
        self.ffn_norm1, self.ffn_norm2 = RMSNorm(dim, eps), RMSNorm(dim, eps)
        if modulated:
            self.adaLN_modulation = nn.ModuleList([nn.Linear(min(dim, 256), 4 * dim)])

    def forward(self, x, rope, condition=None):
        if condition is None:
            x = x + self.attention_norm2(self.attention(self.attention_norm1(x), rope))
            return x + self.ffn_norm2(self.feed_forward(self.ffn_norm1(x)))
        scale_a, gate_a, scale_f, gate_f = self.adaLN_modulation[0](condition)[:, None].chunk(4, -1)
        x = x + gate_a.tanh() * self.attention_norm2(self.attention(self.attention_norm1(x) * (1 + scale_a), rope))
        return x + gate_f.tanh() * self.ffn_norm2(self.feed_forward(self.ffn_norm1(x) * (1 + scale_f)))


class TimeEmbedder(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(256, 1024), nn.SiLU(), nn.Linear(1024, width))

    def forward(self, t):
        frequencies = torch.exp(-math.log(10000) * torch.arange(128, device=t.device) / 128)
        angles = t[:, None].float() * frequencies
        return self.mlp(torch.cat((angles.cos(), angles.sin()), -1))


class FinalLayer(nn.Module):
    def __init__(self, dim: int, out: int):
        super().__init__()
        self.linear = nn.Linear(dim, out)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(min(dim, 256), dim))

    def forward(self, x, condition):
        return self.linear(F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + self.adaLN_modulation(condition)[:, None]))


class Denoiser(nn.Module):
    """(latents [B, C, h, w], t in [0, 1] [B], text rows [B, L, width], lengths [B]) -> data minus noise [B, C, h, w].

    L is a multiple of 32, and so is h * w / 4: then no sample of a batch needs a mask.
    """

    def __init__(self, c: dict):
        super().__init__()
        self.c, dim = c, c["dim"]
        patch = c["in_channels"] * 4
        self.all_x_embedder = nn.ModuleDict({"2-1": nn.Linear(patch, dim)})
        self.all_final_layer = nn.ModuleDict({"2-1": FinalLayer(dim, patch)})
        self.noise_refiner = nn.ModuleList(Block(c, True) for _ in range(c["n_refiner_layers"]))
        self.context_refiner = nn.ModuleList(Block(c, False) for _ in range(c["n_refiner_layers"]))
        self.t_embedder = TimeEmbedder(min(dim, 256))
        self.cap_embedder = nn.Sequential(RMSNorm(c["cap_feat_dim"], c["norm_eps"]), nn.Linear(c["cap_feat_dim"], dim))
        self.x_pad_token = nn.Parameter(torch.zeros(1, dim))
        self.cap_pad_token = nn.Parameter(torch.zeros(1, dim))
        self.layers = nn.ModuleList(Block(c, True) for _ in range(c["n_layers"]))
        self.tables = {}

    def rope(self, length: int, rows: int, columns: int):
        """(cos, sin) for the image tokens and for the caption tokens."""
        key = (length, rows, columns)
        if key not in self.tables:
            row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
            image = torch.stack((torch.full_like(row, length + 1), row, column), -1).view(-1, 3)
            caption = torch.zeros(length, 3, dtype=torch.long)
            caption[:, 0] = torch.arange(1, length + 1)
            device = self.x_pad_token.device
            self.tables[key] = [tuple(t.to(device) for t in self._angles(p)) for p in (image, caption)]
        return self.tables[key]

    def _angles(self, positions):
        angles = []
        for axis, width in enumerate(self.c["axes_dims"]):
            inverse = self.c["rope_theta"] ** -(torch.arange(0, width, 2, dtype=torch.float64) / width)
            angles.append((positions[:, axis, None] * inverse).float())
        angles = torch.cat(angles, -1)
        signs = torch.tensor([-1.0, 1.0]).repeat(angles.shape[-1])
        angles = angles.repeat_interleave(2, -1)
        return angles.cos(), angles.sin() * signs

    def forward(self, latents, t, text, lengths):
        b, channels, h, w = latents.shape
        rows, columns, length = h // 2, w // 2, text.shape[1]
        image_rope, caption_rope = self.rope(length, rows, columns)
        condition = self.t_embedder(t * self.c["t_scale"])
        x = latents.view(b, channels, rows, 2, columns, 2).permute(0, 2, 4, 3, 5, 1).reshape(b, rows * columns, -1)
        x = self.all_x_embedder["2-1"](x)
        for block in self.noise_refiner:
            x = block(x, image_rope, condition)
        real = (torch.arange(length, device=lengths.device) < lengths[:, None])[..., None]
        caption = self.cap_embedder(text)
        caption = torch.where(real, caption, self.cap_pad_token.to(caption.dtype))
        for block in self.context_refiner:
            caption = block(caption, caption_rope)
        both = tuple(torch.cat(pair) for pair in zip(image_rope, caption_rope))
        x = torch.cat((x, caption.to(x.dtype)), 1)
        for block in self.layers:
            x = block(x, both, condition)
        y = self.all_final_layer["2-1"](x[:, : rows * columns], condition)
        return y.view(b, rows, columns, 2, 2, channels).permute(0, 5, 1, 3, 2, 4).reshape(b, channels, h, w)


# ---- autoencoder ------------------------------------------------------------------------------------------------------


class Resnet(nn.Module):
    def __init__(self, i: int, o: int, groups: int):
        super().__init__()
        self.norm1, self.conv1 = GroupNorm(groups, i, 1e-6), nn.Conv2d(i, o, 3, padding=1)
        self.norm2, self.conv2 = GroupNorm(groups, o, 1e-6), nn.Conv2d(o, o, 3, padding=1)
        if i != o:
            self.conv_shortcut = nn.Conv2d(i, o, 1)

    def forward(self, x):
        y = self.conv1(F.silu(self.norm1(x)))
        y = self.conv2(F.silu(self.norm2(y)))
        return (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x) + y


class SpatialAttention(nn.Module):
    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.group_norm = GroupNorm(groups, channels, 1e-6)
        self.to_q, self.to_k, self.to_v = (nn.Linear(channels, channels) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x):
        tokens = self.group_norm(x).flatten(2).transpose(1, 2)
        y = self.to_out[0](attend(self.to_q(tokens), self.to_k(tokens), self.to_v(tokens)))
        return x + y.transpose(1, 2).view(x.shape)


class MidBlock(nn.Module):
    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(channels, channels, groups) for _ in range(2))
        self.attentions = nn.ModuleList([SpatialAttention(channels, groups)])

    def forward(self, x):
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class Sampler(nn.Module):
    def __init__(self, channels: int, down: bool):
        super().__init__()
        self.down = down
        self.conv = nn.Conv2d(channels, channels, 3, 2, 0) if down else nn.Conv2d(channels, channels, 3, 1, 1)

    def forward(self, x):
        return self.conv(F.pad(x, (0, 1, 0, 1)) if self.down else F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    def __init__(self, i: int, o: int, resnets: int, groups: int, sampler: str | None):
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(i if j == 0 else o, o, groups) for j in range(resnets))
        if sampler:
            setattr(self, sampler, nn.ModuleList([Sampler(o, sampler == "downsamplers")]))
        self.sampler = sampler

    def forward(self, x):
        for resnet in self.resnets:
            x = resnet(x)
        return getattr(self, self.sampler)[0](x) if self.sampler else x


class Encoder(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        widths, groups = c["block_out_channels"], c["norm_num_groups"]
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList(
            Level(widths[max(i - 1, 0)], w, c["layers_per_block"], groups, "downsamplers" if i < len(widths) - 1 else None)
            for i, w in enumerate(widths))
        self.mid_block = MidBlock(widths[-1], groups)
        self.conv_norm_out = GroupNorm(groups, widths[-1], 1e-6)
        self.conv_out = nn.Conv2d(widths[-1], 2 * c["latent_channels"], 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for block in self.down_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(self.mid_block(x))))


class Decoder(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        widths, groups = c["block_out_channels"][::-1], c["norm_num_groups"]
        self.conv_in = nn.Conv2d(c["latent_channels"], widths[0], 3, padding=1)
        self.mid_block = MidBlock(widths[0], groups)
        self.up_blocks = nn.ModuleList(
            Level(widths[max(i - 1, 0)], w, c["layers_per_block"] + 1, groups, "upsamplers" if i < len(widths) - 1 else None)
            for i, w in enumerate(widths))
        self.conv_norm_out = GroupNorm(groups, widths[-1], 1e-6)
        self.conv_out = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, z):
        x = self.mid_block(self.conv_in(z))
        for block in self.up_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class Autoencoder(nn.Module):
    """Pictures are [-1, 1]; latents here are the autoencoder's own, before scaling_factor and shift_factor."""

    def __init__(self, c: dict):
        super().__init__()
        self.c = c
        self.encoder, self.decoder = Encoder(c), Decoder(c)

    def encode(self, pictures):
        return self.encoder(pictures).chunk(2, 1)[0]

    def scaled(self, latents):
        return (latents - self.c["shift_factor"]) * self.c["scaling_factor"]

    def unscaled(self, latents):
        return latents / self.c["scaling_factor"] + self.c["shift_factor"]
