"""Draws pictures with a model folder in torch: the pipeline in little, a batch at a time. What goes in and comes out is in the
CPU's memory, wherever it is computed."""

from __future__ import annotations

from pathlib import Path

import torch

from checkpoint import copy_where_it_fits, read_config, read_tensors
from device import DEVICE
from model import Autoencoder, Denoiser, TextEncoder
from vocabulary import Tokenizer


class Sampler:
    def __init__(self, tokenizer: Tokenizer, text: TextEncoder, flow: Denoiser, vae: Autoencoder):
        self.tokenizer, self.text, self.flow, self.vae = tokenizer, text, flow, vae

    @classmethod
    def read(cls, folder: Path) -> Sampler:
        return cls(Tokenizer.read(folder / "tokenizer"), *(cls._part(folder, part, kind) for part, kind in (
            ("text_encoder", TextEncoder), ("transformer", Denoiser), ("vae", Autoencoder))))

    @staticmethod
    def _part(folder: Path, part: str, kind):
        module = kind(read_config(folder, part))
        left = copy_where_it_fits(module, read_tensors(folder, part))
        if left:
            raise ValueError(f"{folder / part} lacks {left[0]}")
        return module.to(DEVICE).eval().requires_grad_(False)

    def latents(self, prompts: list[str], seeds: list[int], steps: int = 8, side: int = 256) -> torch.Tensor:
        """Scaled latents, one per prompt, in their order."""
        return self.passed(prompts, seeds, steps, side)[-1]

    def passed(self, prompts: list[str], seeds: list[int], steps: int = 8, side: int = 256) -> torch.Tensor:
        """The latents at each of the steps' sigmas, and at last without noise: [steps + 1, prompts, ...]."""
        side //= 2 ** (len(self.vae.c["block_out_channels"]) - 1)
        shape = (self.vae.c["latent_channels"], side, side)
        noise = torch.stack([torch.randn(1, *shape, generator=torch.Generator().manual_seed(s))[0] for s in seeds])
        return self._denoised(noise, prompts, self.sigmas(steps))

    def retouched(self, latents: torch.Tensor, prompts: list[str], first: int) -> torch.Tensor:
        """Latents noised as before step `first` of eight, and denoised again."""
        sigmas = self.sigmas(8)[first:]
        return self._denoised(torch.lerp(latents, torch.randn_like(latents), sigmas[0]), prompts, sigmas)[-1]

    @staticmethod
    def sigmas(steps: int) -> torch.Tensor:
        u = torch.linspace(1, 1 / steps, steps)
        return torch.cat((3 * u / (1 + 2 * u), torch.zeros(1)))

    def _denoised(self, x: torch.Tensor, prompts: list[str], sigmas: torch.Tensor) -> torch.Tensor:
        ids = [self.tokenizer.encode(p) for p in prompts]
        rows = [(len(i) + 31) // 32 * 32 for i in ids]
        passed = x.repeat(len(sigmas), 1, 1, 1, 1)
        for length in set(rows):
            chosen = [i for i in range(len(ids)) if rows[i] == length]
            padded = torch.zeros(len(chosen), length, dtype=torch.long)
            for row, i in zip(padded, chosen):
                row[: len(ids[i])] = torch.tensor(ids[i])
            text, part = self.text(padded.to(DEVICE)), x[chosen].to(DEVICE)
            lengths = torch.tensor([len(ids[i]) for i in chosen]).to(DEVICE)
            for step, (sigma, after) in enumerate(zip(sigmas.to(DEVICE), sigmas[1:].to(DEVICE)), 1):
                part = part + (sigma - after) * self.flow(part, (1 - sigma).expand(len(part)), text, lengths)
                passed[step, chosen] = part.cpu()
        return passed

    def pictures(self, latents: torch.Tensor):
        """uint8 [n, h, w, 3] as a numpy array."""
        out = self.vae.decoder(self.vae.unscaled(latents.to(DEVICE)))
        return ((out / 2 + 0.5).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()

    def draw(self, prompts: list[str], seeds: list[int], batch: int = 16):
        for i in range(0, len(prompts), batch):
            yield from self.pictures(self.latents(prompts[i:i + batch], seeds[i:i + batch]))
