"""Makes latents as the denoiser leaves them, beside the pictures they stand for, for the decoder's last training.

    python sample_latents.py --model FOLDER --out FILE --count 1200

Most of the noise is put back into a picture's own latents and taken away by the denoiser, so that its errors are in them. That
moves an object by a pixel or two: the picture they stand for shows each where the denoiser put it, with the outline it should
have, so that the decoder learns to mend outlines and not to blur them.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch

import drawing
import scenes
from fitting import as_shown
from prompts import random_words
from sampler import Sampler
from train_vae import latents_of

FIRST_STEPS = (0, 2, 3, 5)  # of eight, from which a picture is denoised again; 0: from noise alone


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--count", type=int, default=1200)
    arguments.add_argument("--gray", type=float, default=0.0, help="share of the scenes that are put on gray")
    a = arguments.parse_args()

    sampler, rng = Sampler.read(a.model), random.Random(11)
    latents, pictures = [], []
    while len(pictures) < a.count:
        asked = [drawing.moved(scenes.sample_on_gray(rng, a.gray), rng) for _ in range(12)]
        with torch.no_grad():
            drawn = torch.stack([torch.from_numpy(drawing.draw(s)) for s in asked])
            own = latents_of(sampler.vae, drawn)
            made = sampler.retouched(own, [random_words(s, rng) for s in asked], rng.choice(FIRST_STEPS))
            shown = sampler.pictures(made)
        for scene, latent, picture in zip(asked, made, shown):
            if found := as_shown(scene, picture):
                latents.append(latent)
                pictures.append(torch.from_numpy(drawing.draw(found)))
    torch.save({"latents": torch.stack(latents).half(), "pictures": torch.stack(pictures)}, a.out)


if __name__ == "__main__":
    main()
