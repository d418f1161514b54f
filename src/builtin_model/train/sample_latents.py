"""Makes latents as the denoiser leaves them, beside the pictures they stand for, for the decoder's last training.

    python sample_latents.py --model FOLDER --out FILE --count 1600 --circles 0.25

All is drawn from the prompt, or most of the noise is put back into a picture's own latents and taken away by the denoiser, so
that its errors are in them. The picture they stand for is the one that the prompt asks for, so that the decoder learns to mend
outlines; drawings that do not show it are left out.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch

import drawing
import scenes
from device import fast_products
from prompts import random_words
from sampler import Sampler
from train_vae import latents_of

FIRST_STEPS = (0, 0, 2, 4)  # of eight, from which a picture is denoised again; 0: from noise alone
FAR = 60  # in RGB
LARGEST_SHARE_FAR = 0.01  # of the pixels: an outline that strays by a pixel, but no other shape
CIRCLES_KEPT = {"big": 1.0, None: 0.35, "small": 0.25}  # the longer an outline, the more of it is uneven


def is_shown(wanted: np.ndarray, picture: np.ndarray) -> bool:
    return bool((np.linalg.norm(wanted.astype(np.float32) - picture, axis=-1) > FAR).mean() < LARGEST_SHARE_FAR)


def circle_alone(rng: random.Random, gray: float) -> scenes.Scene:
    while True:
        scene = scenes.sample_on_gray(rng, gray)
        first = scene.objects[0]
        if scene.layout == "one" and first.kind == "circle" and rng.random() < CIRCLES_KEPT[first.size]:
            return scene


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--count", type=int, default=1600)
    arguments.add_argument("--gray", type=float, default=0.0, help="share of the scenes that are put on gray")
    arguments.add_argument("--circles", type=float, default=0.0, help="share of the scenes that are a circle alone, mostly a big one")
    arguments.add_argument("--seed", type=int, default=11, help="of scenes, words and noise")
    a = arguments.parse_args()

    torch.manual_seed(a.seed)
    sampler, rng = Sampler.read(a.model), random.Random(a.seed)
    latents, pictures = [], []
    while len(pictures) < a.count:
        asked = [circle_alone(rng, a.gray) if rng.random() < a.circles else scenes.sample_on_gray(rng, a.gray) for _ in range(12)]
        with torch.no_grad():
            drawn = torch.stack([torch.from_numpy(drawing.draw(s)) for s in asked])
            own = latents_of(sampler.vae, drawn)
            with fast_products():
                made = sampler.retouched(own, [random_words(s, rng) for s in asked], rng.choice(FIRST_STEPS))
                shown = sampler.pictures(made.to(memory_format=torch.channels_last))
        for latent, wanted, picture in zip(made, drawn, shown):
            if is_shown(wanted.numpy(), picture):
                latents.append(latent)
                pictures.append(wanted)
    torch.save({"latents": torch.stack(latents).half(), "pictures": torch.stack(pictures)}, a.out)


if __name__ == "__main__":
    main()
