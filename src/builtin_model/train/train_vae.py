"""Trains the autoencoder on pictures of scenes.

    python train_vae.py --initial FOLDER --state FILE --out FOLDER --minutes 14 [--widen 2]
    python train_vae.py --initial FOLDER --state FILE --out FOLDER --minutes 10 --decoder-only --latents FILE

Before `python`'s script name, `-m torch.distributed.run --nproc_per_node 2` makes use of two cores. FOLDER is a model folder;
weights that fit are taken over, new blocks begin as identity, and --widen multiplies every width without changing what the
autoencoder does at first. The run goes on from --state where that exists. First encoder and decoder learn together, on windows
around objects, with noise on the latents, so that small errors of the denoiser do not show; then the decoder alone, on whole
pictures. --latents (from sample_latents.py) holds latents as the denoiser makes them, beside the pictures they stand for.

An error beside an edge, small as it may be, is seen as a halo, on gray most of all: --near weighs what lies near edges more than
what does not, and --gray puts a share of the scenes on gray.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import drawing
import parallel
import scenes
from checkpoint import copy_where_it_fits, read_config, read_state, read_tensors, write_part, write_state
from device import DEVICE, fast_products
from halo import foreground, halo_of
from model import Autoencoder, Resnet
from optimizer import Optimizer
from widening import widened

SAVE_EVERY = 300  # seconds
WINDOW = 128  # pixels of the side of what is cut out around an object
WINDOWS_A_PICTURE = (drawing.SIDE // WINDOW) ** 2  # as many windows are as much work as a picture


def pictures(rng: random.Random, count: int, gray: float = 0.0) -> torch.Tensor:
    drawn = [torch.from_numpy(drawing.draw(scenes.sample_on_gray(rng, gray), rng)) for _ in range(count)]
    return to_signal(torch.stack(drawn))


def latents_of(vae: Autoencoder, drawn: torch.Tensor) -> torch.Tensor:
    """Scaled latents of uint8 pictures, [n, h, w, 3], both in the CPU's memory."""
    with torch.no_grad():
        return vae.scaled(vae.encode(to_signal(drawn).to(memory_format=torch.channels_last))).cpu()


def windows(rng: random.Random, count: int, gray: float = 0.0) -> torch.Tensor:
    """Pieces of pictures with an object in each, at least in part: most of a whole picture is flat and teaches nothing."""
    found = []
    while len(found) < count:
        scene = scenes.sample_on_gray(rng, gray)
        picture = drawing.draw(scene, rng)
        for o in rng.sample(scene.objects, min(2, len(scene.objects))):
            left, top = (_begin(centre, rng) for centre in (o.x, o.y))
            found.append(torch.from_numpy(picture[top:top + WINDOW, left:left + WINDOW].copy()))
    return to_signal(torch.stack(found[:count]))


def _begin(centre: float, rng: random.Random) -> int:
    """Where a window around a centre begins, on the grid of the latents."""
    begin = centre * drawing.SIDE + rng.uniform(-40, 40) - WINDOW / 2
    return int(min(max(round(begin / 16) * 16, 0), drawing.SIDE - WINDOW))


def to_signal(pixels: torch.Tensor) -> torch.Tensor:
    return pixels.to(DEVICE).permute(0, 3, 1, 2).float() / 127.5 - 1


def build(start: Path, resnets: int, widen: int) -> Autoencoder:
    config = read_config(start, "vae") | {"layers_per_block": resnets, "_name_or_path": "zimg-builtin"}
    config.pop("rope_theta")
    vae = Autoencoder(config)
    left = set(copy_where_it_fits(vae, read_tensors(start, "vae")))
    for name, module in vae.named_modules():
        if isinstance(module, Resnet) and name + ".conv2.weight" in left:
            torch.nn.init.zeros_(module.conv2.weight)
            torch.nn.init.zeros_(module.conv2.bias)
    return widened(vae, widen).to(DEVICE, memory_format=torch.channels_last)


def optimizer_for(module: torch.nn.Module, rate: float) -> Optimizer:
    matrices = [p for p in module.parameters() if p.ndim > 1]
    return Optimizer(matrices, [([p for p in module.parameters() if p.ndim == 1], 2e-3 * rate)], 0.01 * rate)


def near_edges(wanted: torch.Tensor) -> torch.Tensor:
    """1 within some 12 to 16 pixels of an edge, else 0: [B, 1, h, w], in steps of four pixels."""
    contrast = F.max_pool2d(wanted, 6, 4, 1) + F.max_pool2d(-wanted, 6, 4, 1)
    edges = (contrast.amax(1, keepdim=True) > 0.02).float()
    return F.interpolate(F.max_pool2d(edges, 7, 1, 3), scale_factor=4.0)


def loss_of(out: torch.Tensor, wanted: torch.Tensor, near: float = 0.0) -> torch.Tensor:
    error = (out - wanted).abs()
    return ((1 + near * near_edges(wanted)) * error).mean() + 2 * error.square().mean()


def psnr(out: torch.Tensor, wanted: torch.Tensor) -> float:
    error = (out.clamp(-1, 1) - wanted).div(2).square().mean((1, 2, 3))
    return float((-10 * error.log10()).mean())


def measure(vae: Autoencoder, count: int = 64) -> float:
    rng = random.Random(99)
    with torch.no_grad():
        batches = [pictures(rng, 8) for _ in range(count // 8)]
        return sum(psnr(vae.decoder(vae.encode(b)), b) for b in batches) / len(batches)


def halo(vae: Autoencoder, count: int = 48) -> float:
    """The mean halo of pictures on gray that went through the autoencoder, in levels of 255."""
    rng, gray, found = random.Random(98), np.array(scenes.COLOURS["gray"], np.float32), []
    with torch.no_grad():
        for _ in range(count // 8):
            out = vae.decoder(vae.encode(pictures(rng, 8, gray=1.0))).clamp(-1, 1)
            drawn = ((out + 1) * 127.5).permute(0, 2, 3, 1).cpu().numpy()
            found += [halo_of(p, gray, foreground(p, gray)) for p in drawn]
    # What may not stand on gray is an object all over, with nothing beside it.
    return float(np.mean([h for h in found if h is not None]))


def set_scale(vae: Autoencoder) -> None:
    """Scaling and shift that make the latents of the training pictures standard on average."""
    rng = random.Random(7)
    with torch.no_grad():
        latents = torch.cat([vae.encode(pictures(rng, 8)) for _ in range(32)])
    vae.c["shift_factor"], vae.c["scaling_factor"] = float(latents.mean()), float(1 / latents.std())


def loss_of_step(vae: Autoencoder, a: argparse.Namespace, rng: random.Random, made: dict | None, step: int, joint: bool):
    """Of latents as the denoiser makes them every other time, where there are such; else of windows and of whole pictures."""
    if made and step % 2:
        chosen = torch.randint(len(made["latents"]), (a.batch,))
        latents, wanted = vae.unscaled(made["latents"][chosen].to(DEVICE).float()), to_signal(made["pictures"][chosen])
        with fast_products():
            out = vae.decoder(latents)
        return loss_of(out.float(), wanted, a.near)
    whole = step % 4 == 3 if joint else step % 4 != 3
    wanted = pictures(rng, a.batch, a.gray) if whole else windows(rng, WINDOWS_A_PICTURE * a.batch, a.gray)
    wanted = wanted.to(memory_format=torch.channels_last)
    with fast_products():
        with torch.set_grad_enabled(joint):
            latents = vae.encode(wanted)
        amount = a.noise if joint else a.noise * torch.rand(len(wanted), 1, 1, 1, device=DEVICE)
        out = vae.decoder(latents + amount * torch.randn_like(latents))
    return loss_of(out.float(), wanted, a.near) + (5e-4 * latents.float().square().mean() if joint else 0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--initial", type=Path, required=True)
    arguments.add_argument("--state", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--minutes", type=float, default=14)
    arguments.add_argument("--resnets", type=int, default=2, help="layers_per_block")
    arguments.add_argument("--batch", type=int, default=4, help="pictures a process and step")
    arguments.add_argument("--decoder-only", action="store_true")
    arguments.add_argument("--latents", type=Path, help="latents made by the denoiser and their pictures")
    arguments.add_argument("--rate", type=float, default=1.0)
    arguments.add_argument("--widen", type=int, default=1, help="multiply all widths by this")
    arguments.add_argument("--noise", type=float, default=0.1, help="standard deviation of what is added to the latents")
    arguments.add_argument("--near", type=float, default=0.0, help="how much more what lies near edges weighs in the loss")
    arguments.add_argument("--gray", type=float, default=0.0, help="share of the scenes that are put on gray")
    arguments.add_argument("--joint", type=float, default=0.7, help="share of the time for which the encoder learns too")
    a = arguments.parse_args()

    first = parallel.start() == 0
    vae = build(a.initial, a.resnets, a.widen)
    rng = random.Random(time.time_ns())
    torch.manual_seed(rng.getrandbits(60))
    torch.set_num_threads(1)  # one process a core instead: two threads that wait for each other lose more than they win
    made = torch.load(a.latents) if a.latents else None
    together = 0.0 if a.decoder_only else a.joint
    joint, steps, used = bool(together), 0, 0.0
    state = read_state(a.state)
    if state:
        vae.load_state_dict(state["vae"])
        joint, steps, used = state["joint"], state["steps"], state["used"]
    optimizer = optimizer_for(vae if joint else vae.decoder, a.rate)
    if state:
        optimizer.load_state_dict(state["optimizer"])
    if first:
        print(f"{sum(p.numel() for p in vae.parameters())} parameters, {measure(vae):.2f} dB, halo {halo(vae):.2f}, from step {steps}",
              flush=True)

    def save() -> None:
        write_state(a.state, {"vae": vae.state_dict(), "optimizer": optimizer.state_dict(), "joint": joint, "steps": steps,
                              "used": clock.used()})
        if not a.decoder_only:
            set_scale(vae)
        write_part(a.out, "vae", vae.c, dict(vae.named_parameters()))

    clock, saved_at = parallel.Clock(a.minutes, used), time.time()
    while (done := clock.done()) < 1:
        if joint and done > together:
            joint, optimizer = False, optimizer_for(vae.decoder, a.rate)
        loss = loss_of_step(vae, a, rng, made, steps, joint)
        loss.backward()
        parallel.average_gradients(list((vae if joint else vae.decoder).parameters()))
        phase = (done / together if joint else (done - together) / (1 - together)) if together else done
        optimizer.step(min(1.0, 0.05 + steps / 50) * (1 - (0.6 if joint else 0.97) * phase))
        optimizer.zero_grad()
        steps += 1
        if first and steps % 50 == 0:
            print(f"{done:.2f} step {steps} loss {float(loss.detach()):.4f} {clock.used() / steps:.2f} s", flush=True)
        if first and time.time() - saved_at > SAVE_EVERY:
            save()
            saved_at = time.time()
    parallel.finish()
    if first:
        save()
        print(f"{steps} steps, {measure(vae):.2f} dB, halo {halo(vae):.2f}, scaling {vae.c['scaling_factor']:.4f}", flush=True)


if __name__ == "__main__":
    main()
