"""Latents as the denoiser itself passes through them while it draws, beside those of the picture it should end at.

Trained on nothing but mixtures of pictures and noise, a denoiser never meets the errors of its own first steps, and keeps
them to the end: circles with corners. Only drawings that show what was asked for are kept (fitting.py).
"""

from __future__ import annotations

import random

import torch

import drawing
import scenes
from device import fast_products
from fitting import as_shown
from prompts import random_words
from sampler import Sampler
from train_vae import latents_of

STEPS = (8, 8, 8, 8, 6, 10, 12)
SETTLED = 0.65  # the sigma from which on a latent is more than noise: that of the last three of eight steps
LONGEST = 32  # tokens of a prompt
AT_ONCE = 16  # pictures drawn together


class Rollouts:
    """A store of drawings; the oldest make room for new ones."""

    def __init__(self, sampler: Sampler, rng: random.Random, room: int):
        self.sampler, self.rng, self.room, self.kept, self.next = sampler, rng, room, [], 0

    def add(self, count: int = AT_ONCE) -> None:
        """Draws `count` scenes of the training set and keeps those that show what was asked for."""
        asked = []
        while len(asked) < count:
            scene = scenes.sample(self.rng)
            text = random_words(scene, self.rng)
            if text and len(self.sampler.tokenizer.encode(text)) <= LONGEST:
                asked.append((scene, text))
        with torch.no_grad(), fast_products():
            sigmas = self.sampler.sigmas(self.rng.choice(STEPS))
            passed = self.sampler.passed([text for _, text in asked], [self.rng.getrandbits(60) for _ in asked], len(sigmas) - 1)
            shown = self.sampler.pictures(passed[-1].to(memory_format=torch.channels_last))
        right = [i for i, ((scene, _), picture) in enumerate(zip(asked, shown)) if as_shown(scene, picture)]
        if not right:
            return
        drawn = torch.stack([torch.from_numpy(drawing.draw(asked[i][0])) for i in right])
        last = [step for step, sigma in enumerate(sigmas) if 0 < sigma < SETTLED]
        for i, end in zip(right, latents_of(self.sampler.vae, drawn)):
            at = self.next % self.room
            self.kept[at:at + 1] = [(self.sampler.tokenizer.encode(asked[i][1]), sigmas[last], passed[last, i].clone(), end)]
            self.next += 1

    def put_into(self, count: int, ids, lengths, sigma, mixed, velocity) -> None:
        """Replaces the last `count` rows of a batch, in place, where its prompts are as short as these and some were kept."""
        if ids.shape[1] != LONGEST or not self.kept:
            return
        for row, (tokens, sigmas, passed, end) in enumerate(self.rng.choices(self.kept, k=count), len(ids) - count):
            step = self.rng.randrange(len(sigmas))
            ids[row], lengths[row] = 0, len(tokens)
            ids[row, :len(tokens)] = torch.tensor(tokens)
            sigma[row], mixed[row] = sigmas[step], passed[step]
            velocity[row] = (end - mixed[row]) / sigma[row]
