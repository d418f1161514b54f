"""Draws pictures with a model folder in torch: the pipeline in little, a batch at a time."""

from __future__ import annotations

from pathlib import Path

import torch

from checkpoint import copy_where_it_fits, read_config, read_tensors
from model import Autoencoder, Denoiser, TextEncoder
from vocabulary import Tokenizer


class Sampler:
    def __init__(self, folder: Path):
        self.tokenizer = Tokenizer.read(folder / "tokenizer")
        self.text, self.flow, self.vae = (self._read(folder, part, kind) for part, kind in (
            ("text_encoder", TextEncoder), ("transformer", Denoiser), ("vae", Autoencoder)))

    @staticmethod
    def _read(folder: Path, part: str, kind):
        module = kind(read_config(folder, part))
        left = copy_where_it_fits(module, read_tensors(folder, part))
        if left:
            raise ValueError(f"{folder / part} lacks {left[0]}")
        return module.eval().requires_grad_(False)

    def latents(self, prompts: list[str], seeds: list[int], steps: int = 8, side: int = 256) -> torch.Tensor:
        """Scaled latents, one per prompt, in their order."""
        ids = [self.tokenizer.encode(p) for p in prompts]
        side //= 2 ** (len(self.vae.c["block_out_channels"]) - 1)
        shape = (self.vae.c["latent_channels"], side, side)
        result = torch.stack([torch.randn(1, *shape, generator=torch.Generator().manual_seed(s))[0] for s in seeds])
        rows = lambda i: (len(ids[i]) + 31) // 32 * 32
        for length in {rows(i) for i in range(len(ids))}:
            chosen = [i for i in range(len(ids)) if rows(i) == length]
            padded = torch.zeros(len(chosen), length, dtype=torch.long)
            for row, i in zip(padded, chosen):
                row[: len(ids[i])] = torch.tensor(ids[i])
            result[chosen] = self._denoise(result[chosen], self.text(padded), torch.tensor([len(ids[i]) for i in chosen]), steps)
        return result

    def _denoise(self, x, text, lengths, steps):
        u = torch.linspace(1, 1 / steps, steps)
        sigmas = [*(3 * u / (1 + 2 * u)), torch.tensor(0.0)]
        for sigma, after in zip(sigmas, sigmas[1:]):
            x = x + (sigma - after) * self.flow(x, (1 - sigma).expand(len(x)), text, lengths)
        return x

    def pictures(self, latents: torch.Tensor):
        """uint8 [n, h, w, 3] as a numpy array."""
        out = self.vae.decoder(self.vae.unscaled(latents))
        return ((out / 2 + 0.5).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()

    def draw(self, prompts: list[str], seeds: list[int], batch: int = 16):
        for i in range(0, len(prompts), batch):
            yield from self.pictures(self.latents(prompts[i:i + batch], seeds[i:i + batch]))
