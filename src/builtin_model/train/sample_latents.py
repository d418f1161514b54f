"""Makes latents as the denoiser leaves them, beside the pictures they stand for, for the decoder's last training.

    python sample_latents.py --model FOLDER --out FILE --count 600

Half the noise of a picture's own latents is put back and taken away by the denoiser, so that its errors are in the latents
while every object stays where it was.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch

import drawing
import scenes
from prompts import random_words
from sampler import Sampler
from train_vae import to_signal


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--count", type=int, default=600)
    a = arguments.parse_args()

    sampler, rng = Sampler(a.model), random.Random(11)
    latents, pictures = [], []
    while len(pictures) < a.count:
        asked = [scenes.sample(rng) for _ in range(12)]
        drawn = [torch.from_numpy(drawing.draw(s, rng)) for s in asked]
        with torch.no_grad():
            own = sampler.vae.scaled(sampler.vae.encode(to_signal(torch.stack(drawn))))
        latents += sampler.retouched(own, [random_words(s, rng) for s in asked])
        pictures += drawn
    torch.save({"latents": torch.stack(latents).half(), "pictures": torch.stack(pictures)}, a.out)


if __name__ == "__main__":
    main()
