"""Trains the autoencoder on pictures of scenes.

    python train_vae.py --initial FOLDER --out FOLDER --minutes 14
    python train_vae.py --initial FOLDER --out FOLDER --minutes 10 --decoder-only --latents FILE

Before `python`'s script name, `-m torch.distributed.run --nproc_per_node 2` makes use of two cores. FOLDER is a model folder; weights that fit are taken over, new blocks begin as identity. First encoder and decoder learn
together with noise on the latents, so that small errors of the denoiser do not show; then the decoder alone.
FILE (from sample_latents.py) holds latents as the denoiser makes them, beside the scenes they were asked to be.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch

import drawing
import parallel
import scenes
from checkpoint import copy_where_it_fits, read_config, read_tensors, write_part
from model import Autoencoder, Resnet
from optimizer import Optimizer

NOISE = 0.25


def pictures(rng: random.Random, count: int) -> torch.Tensor:
    drawn = [torch.from_numpy(drawing.draw(scenes.sample(rng), rng)) for _ in range(count)]
    return to_signal(torch.stack(drawn))


def to_signal(pixels: torch.Tensor) -> torch.Tensor:
    return pixels.permute(0, 3, 1, 2).float() / 127.5 - 1


def build(start: Path, resnets: int) -> Autoencoder:
    config = read_config(start, "vae") | {"layers_per_block": resnets, "_name_or_path": "zimg-builtin"}
    config.pop("rope_theta")
    vae = Autoencoder(config)
    left = set(copy_where_it_fits(vae, read_tensors(start, "vae")))
    for name, module in vae.named_modules():
        if isinstance(module, Resnet) and name + ".conv2.weight" in left:
            torch.nn.init.zeros_(module.conv2.weight)
            torch.nn.init.zeros_(module.conv2.bias)
    return vae


def optimizer_for(module: torch.nn.Module, rate: float) -> Optimizer:
    matrices = [p for p in module.parameters() if p.ndim > 1]
    return Optimizer(matrices, [([p for p in module.parameters() if p.ndim == 1], 2e-3 * rate)], 0.01 * rate)


def loss_of(out: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    return (out - wanted).abs().mean() + 2 * (out - wanted).square().mean()


def psnr(out: torch.Tensor, wanted: torch.Tensor) -> float:
    error = (out.clamp(-1, 1) - wanted).div(2).square().mean((1, 2, 3))
    return float((-10 * error.log10()).mean())


def measure(vae: Autoencoder, count: int = 64) -> float:
    rng = random.Random(99)
    with torch.no_grad():
        batches = [pictures(rng, 8) for _ in range(count // 8)]
        return sum(psnr(vae.decoder(vae.encode(b)), b) for b in batches) / len(batches)


def set_scale(vae: Autoencoder) -> None:
    """Scaling and shift that make the latents of the training pictures standard on average."""
    rng = random.Random(7)
    with torch.no_grad():
        latents = torch.cat([vae.encode(pictures(rng, 8)) for _ in range(32)])
    vae.c["shift_factor"], vae.c["scaling_factor"] = float(latents.mean()), float(1 / latents.std())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--initial", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--minutes", type=float, default=14)
    arguments.add_argument("--resnets", type=int, default=2, help="layers_per_block")
    arguments.add_argument("--batch", type=int, default=4, help="pictures a process and step")
    arguments.add_argument("--decoder-only", action="store_true")
    arguments.add_argument("--latents", type=Path, help="latents made by the denoiser and their pictures")
    arguments.add_argument("--rate", type=float, default=1.0)
    a = arguments.parse_args()

    first = parallel.start() == 0
    vae = build(a.initial, a.resnets)
    rng = random.Random(time.time_ns())
    torch.manual_seed(rng.getrandbits(60))
    made = torch.load(a.latents) if a.latents else None
    if first:
        print(f"{sum(p.numel() for p in vae.parameters())} parameters, {measure(vae):.2f} dB before", flush=True)
    together = 0.0 if a.decoder_only else 0.55
    joint, clock, steps = bool(together), parallel.Clock(a.minutes), 0
    optimizer = optimizer_for(vae if joint else vae.decoder, a.rate)
    while (done := clock.done()) < 1:
        if joint and done > together:
            joint, optimizer = False, optimizer_for(vae.decoder, a.rate)
        if made and steps % 2:
            chosen = torch.randint(len(made["latents"]), (a.batch,))
            latents, wanted = vae.unscaled(made["latents"][chosen].float()), to_signal(made["pictures"][chosen])
            loss = loss_of(vae.decoder(latents), wanted)
        else:
            wanted = pictures(rng, a.batch)
            with torch.set_grad_enabled(joint):
                latents = vae.encode(wanted)
            amount = NOISE if joint else NOISE * torch.rand(len(wanted), 1, 1, 1)
            out = vae.decoder(latents + amount * torch.randn_like(latents))
            loss = loss_of(out, wanted) + (5e-4 * latents.square().mean() if joint else 0)
        loss.backward()
        parallel.average_gradients(list((vae if joint else vae.decoder).parameters()))
        phase = (done / together if joint else (done - together) / (1 - together)) if together else done
        optimizer.step(min(1.0, 0.05 + steps / 50) * (1 - (0.6 if joint else 0.97) * phase))
        optimizer.zero_grad()
        steps += 1
        if first and steps % 50 == 0:
            print(f"{done:.2f} step {steps} loss {float(loss.detach()):.4f} {clock.used() / steps:.2f} s", flush=True)
    parallel.finish()
    if not first:
        return
    if not a.decoder_only:
        set_scale(vae)
    write_part(a.out, "vae", vae.c, dict(vae.named_parameters()))
    print(f"{steps} steps, {measure(vae):.2f} dB, scaling {vae.c['scaling_factor']:.4f}", flush=True)


if __name__ == "__main__":
    main()
