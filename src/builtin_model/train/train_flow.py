"""Trains text encoder and denoiser together on the latents of drawn scenes, with the velocity loss.

    python -m torch.distributed.run --nproc_per_node 2 train_flow.py --vae FOLDER --tokenizer FOLDER --state FILE --out FOLDER
        --minutes 80 [--initial FOLDER] [--rolled 10]

--vae and --tokenizer are folders of those parts; --initial is a model folder whose weights are taken over where names and
shapes fit (rows of the embedding table by token). The run goes on from --state where that exists. Every few minutes the
state is saved and the averaged weights are written to --out as a whole model folder. With --rolled, for a model that draws
already, so many latents of a batch are those that the averaged weights pass through in drawing (rollouts.py).
"""

from __future__ import annotations

import argparse
import copy
import random
import time
from pathlib import Path

import torch

import drawing
import export
import parallel
import scenes
from checkpoint import copy_where_it_fits, read_config, read_state, read_tensors, write_state
from device import DEVICE, fast_products
from model import Autoencoder, Block, Denoiser, TextEncoder
from optimizer import Optimizer
from prompts import random_words
from rollouts import Rollouts
from sampler import Sampler
from strangers import with_strangers
from train_vae import latents_of
from vocabulary import Tokenizer, plainest_form

SIGMAS = Sampler.sigmas(8)[:-1]
AVERAGING = 0.995
SAVE_EVERY = 300  # seconds
AT_ONCE = 16  # pictures encoded together: the images inside the autoencoder are large
FRESH = 3  # pictures drawn after each step
ROLLED_EVERY = 14  # steps after which some more are drawn with the averaged weights


class Pictures:
    """Scenes with the latents of their pictures; some are replaced after every step, so that no picture is seen too often."""

    def __init__(self, vae: Autoencoder, rng: random.Random, room: int):
        self.vae, self.rng, self.room, self.scenes, self.next = vae, rng, room, [], 0
        side = 256 // 2 ** (len(vae.c["block_out_channels"]) - 1)
        self.latents = torch.zeros(room, vae.c["latent_channels"], side, side)

    def add(self, count: int) -> None:
        for begin in range(0, count, AT_ONCE):
            self._add(min(AT_ONCE, count - begin))

    def _add(self, count: int) -> None:
        fresh = [scenes.sample(self.rng) for _ in range(count)]
        drawn = torch.stack([torch.from_numpy(drawing.draw(s)) for s in fresh])
        for scene, latent in zip(fresh, latents_of(self.vae, drawn)):
            at = self.next % self.room
            self.scenes[at:at + 1] = [scene]
            self.latents[at], self.next = latent, self.next + 1

    def draw_from(self, count: int):
        chosen = [self.rng.randrange(len(self.scenes)) for _ in range(count)]
        return [self.scenes[i] for i in chosen], self.latents[chosen]


class Batches:
    """Batches whose prompts all need the same number of rows: 32, or now and then 64."""

    def __init__(self, pictures: Pictures, tokenizer: Tokenizer, rng: random.Random, size: int):
        self.pictures, self.tokenizer, self.rng, self.size = pictures, tokenizer, rng, size
        self.waiting = {32: [], 64: []}

    def next(self):
        while True:
            for length, found in self.waiting.items():
                if len(found) >= self.size:
                    self.waiting[length] = found[self.size:]
                    return self._tensors(found[: self.size], length)
            for scene, latent in zip(*self.pictures.draw_from(self.size)):
                ids = self.tokenizer.encode(with_strangers(random_words(scene, self.rng), self.rng))
                if len(ids) <= 64:
                    self.waiting[32 if len(ids) <= 32 else 64].append((ids, latent))

    @staticmethod
    def _tensors(found: list, length: int):
        ids = torch.zeros(len(found), length, dtype=torch.long)
        for row, (one, _) in zip(ids, found):
            row[: len(one)] = torch.tensor(one)
        return ids, torch.tensor([len(one) for one, _ in found]), torch.stack([latent for _, latent in found])


def noise_levels(count: int) -> torch.Tensor:
    """Two thirds spread as inference spreads them, one third exactly on its eight levels."""
    u = (torch.randperm(count) + torch.rand(count)) / count
    sigma = 3 * u / (1 + 2 * u)
    third = torch.rand(count) < 1 / 3
    sigma[third] = SIGMAS[torch.randint(8, (int(third.sum()),))]
    return sigma


def build(a, vae: Autoencoder, tokenizer: Tokenizer):
    text_config = export.text_config(a.text_width, a.text_layers)
    flow_config = export.flow_config(a.dim, a.heads, a.layers, a.text_width, vae.c["latent_channels"])
    text, flow = TextEncoder(text_config), Denoiser(flow_config)
    for name, p in [*text.named_parameters(), *flow.named_parameters()]:
        if p.ndim > 1 and "embed" not in name:
            torch.nn.init.normal_(p, std=p.shape[1] ** -0.5)
        if "adaLN_modulation.0" in name:  # gates half open, scales neutral
            torch.nn.init.zeros_(p)
            if p.ndim == 1:
                p.data.view(4, -1)[1::2] = 0.5
    torch.nn.init.normal_(text.embed_tokens.weight, std=1.0)
    if a.initial:
        take_over(a.initial, text, flow, tokenizer)
    return text.to(DEVICE), text_config, flow.to(DEVICE), flow_config


def take_over_embeddings(known: torch.Tensor, old: Tokenizer, weight: torch.Tensor, tokenizer: Tokenizer) -> None:
    """A token that is new begins as its plainest form or, where that is new too, as the mean of its two parts."""
    for token in tokenizer.special.keys() & old.special.keys():
        weight[tokenizer.special[token]] = known[old.special[token]]
    parts = {a + b: (a, b) for a, b in tokenizer.merges}
    for token, row in tokenizer.ids.items():
        like = old.ids.get(token, old.ids.get(plainest_form(token)))
        if like is not None:
            weight[row] = known[like]
        elif token in parts:
            weight[row] = sum(weight[tokenizer.ids[part]] for part in parts[token]) / 2


def take_over(folder: Path, text: TextEncoder, flow: Denoiser, tokenizer: Tokenizer) -> None:
    """Known weights, token by token for the embeddings; a block that is new begins almost as identity."""
    known = read_tensors(folder, "text_encoder")
    copy_where_it_fits(text, {n: t for n, t in known.items() if n != "embed_tokens.weight"})
    old = Tokenizer.read(folder / "tokenizer")
    with torch.no_grad():
        text.embed_tokens.weight.mul_(known["embed_tokens.weight"].std())
        take_over_embeddings(known["embed_tokens.weight"], old, text.embed_tokens.weight, tokenizer)
        for i in range(sum(n.endswith("mlp.down_proj.weight") for n in known) - 1, len(text.layers) - 1):
            text.layers[i].self_attn.o_proj.weight.mul_(0.02)
            text.layers[i].mlp.down_proj.weight.mul_(0.02)
        left = copy_where_it_fits(flow, read_tensors(folder, "transformer"))
        for name, p in flow.named_parameters():
            if name in left and name.endswith("adaLN_modulation.0.bias"):
                p.view(4, -1)[1::2] = 0.05


def compile_layers(flow: Denoiser, batch: int, tokens: int) -> None:
    """Fuses what lies between the matrix products, for the usual shape alone: every further one would cost minutes."""
    plain, fused = Block.forward, torch.compile(Block.forward, dynamic=False)
    usual = (batch, tokens)
    for block in flow.layers:
        block.forward = lambda x, rope, condition, block=block: (fused if x.shape[:2] == usual else plain)(block, x, rope, condition)


def optimizer_for(text: TextEncoder, flow: Denoiser):
    """Also the parameters that learn: the last text layer and the norm behind it do no work."""
    idle = {id(p) for m in (text.layers[-1], text.norm) for p in m.parameters()} | {id(flow.x_pad_token)}
    parameters = [p for m in (text, flow) for p in m.parameters() if id(p) not in idle]
    tables = [text.embed_tokens.weight]
    matrices = [p for p in parameters if p.ndim > 1 and min(p.shape) > 1 and p is not tables[0]]
    taken = {id(p) for p in matrices + tables}
    rest = [p for p in parameters if id(p) not in taken]
    return Optimizer(matrices, [(rest, 2e-3), (tables, 8e-3)], 0.02), parameters


def drawing_with(average: list, parameters: list, text: TextEncoder, flow: Denoiser, tokenizer: Tokenizer,
                 vae: Autoencoder) -> Sampler:
    """Draws with the averaged weights as they are at the time. To be made before layers are compiled."""
    mean_of = {id(p): mean for p, mean in zip(parameters, average)}
    twins = copy.deepcopy((text, flow))
    for module, twin in zip((text, flow), twins):
        for p, mine in zip(module.parameters(), twin.requires_grad_(False).parameters()):
            mine.data = mean_of.get(id(p), p.data)
    return Sampler(tokenizer, *twins, vae)


def mixtures(batches: Batches, rollouts: Rollouts | None, rolled: int):
    """Ids [n, length], lengths, sigmas, latents at those, and the velocity that leads away from the noise there."""
    ids, lengths, data = batches.next()
    sigma, noise = noise_levels(len(data)), torch.randn_like(data)
    mixed, velocity = torch.lerp(data, noise, sigma[:, None, None, None]), data - noise
    if rollouts:
        rollouts.put_into(rolled, ids, lengths, sigma, mixed, velocity)
    return tuple(t.to(DEVICE) for t in (ids, lengths, sigma, mixed, velocity))


def weights_of(latents: torch.Tensor) -> torch.Tensor:
    """How much each place of pictures' latents, [n, channels, height, width], counts: where an object is thrice as much as where it
    is not, else small ones hardly count. What is not of an object is like the corners."""
    corners = torch.stack([latents[:, :, y, x] for y in (0, -1) for x in (0, -1)]).median(0).values
    away = (latents - corners[:, :, None, None]).square().mean(1, keepdim=True).sqrt()
    weights = 1 + 2 * ((away - 0.6) / 0.4).clamp(0, 1)
    return weights / weights.mean()


def rate(done: float, begin: float) -> float:
    """Constant, then a straight line to nothing over the last part."""
    return 1.0 if done < begin else max(0.0, (1 - done) / (1 - begin))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("vae", "tokenizer", "state", "out"):
        arguments.add_argument("--" + name, type=Path, required=True)
    arguments.add_argument("--initial", type=Path)
    arguments.add_argument("--minutes", type=float, default=80)
    arguments.add_argument("--decay-from", type=float, default=0.6)
    arguments.add_argument("--rate", type=float, default=1.0, help="multiplies the rates of learning")
    arguments.add_argument("--compile", action="store_true", help="a fifth faster after some minutes; needs a C++ compiler")
    for name, value in (("batch", 40), ("rolled", 0), ("room", 6000), ("dim", 192), ("heads", 6), ("layers", 6), ("text_width", 96),
                        ("text_layers", 7)):
        arguments.add_argument("--" + name, type=int, default=value)
    a = arguments.parse_args()

    first = parallel.start() == 0
    torch.manual_seed(1)
    vae = Autoencoder(read_config(a.vae.parent, a.vae.name))
    copy_where_it_fits(vae, read_tensors(a.vae.parent, "vae"))
    vae.to(DEVICE, memory_format=torch.channels_last)
    tokenizer = Tokenizer.read(a.tokenizer)
    text, text_config, flow, flow_config = build(a, vae, tokenizer)
    optimizer, parameters = optimizer_for(text, flow)
    average = [p.detach().clone() for p in parameters]
    steps, used = 0, 0.0
    if state := read_state(a.state):
        text.load_state_dict(state["text"])
        flow.load_state_dict(state["flow"])
        optimizer.load_state_dict(state["optimizer"])
        average, steps, used = [mean.to(DEVICE) for mean in state["average"]], state["steps"], state["used"]

    rng = random.Random(time.time_ns())
    torch.manual_seed(rng.getrandbits(60))
    pictures = Pictures(vae, rng, a.room)
    pictures.add(800)
    rollouts = None
    if a.rolled:
        rollouts = Rollouts(drawing_with(average, parameters, text, flow, tokenizer, vae), rng, a.room // 10)
        rollouts.add(8 * a.rolled)
    if a.compile:
        compile_layers(flow, a.batch, 32 + pictures.latents.shape[-1] ** 2 // 4)
    batches = Batches(pictures, tokenizer, rng, a.batch)
    if first:
        total = sum(p.numel() for p in text.parameters()), sum(p.numel() for p in flow.parameters())
        print(f"text encoder {total[0]}, denoiser {total[1]} parameters, from step {steps}", flush=True)

    def save() -> None:
        saved = {"text": text.state_dict(), "flow": flow.state_dict(), "optimizer": optimizer.state_dict(), "average": average,
                 "steps": steps, "used": clock.used()}
        write_state(a.state, saved)
        learned = {id(p): mean for p, mean in zip(parameters, average)}
        text_tensors = {n: learned.get(id(p), p) for n, p in text.named_parameters()}
        text_tensors["embed_tokens.weight"] = text_tensors["embed_tokens.weight"][tokenizer.twins()]
        export.write(a.out, text_config, text_tensors, flow_config,
                     {n: learned.get(id(p), p) for n, p in flow.named_parameters()}, a.vae, a.tokenizer)

    clock, losses, saved_at, step_begin = parallel.Clock(a.minutes, used), [], time.time(), time.time()
    while (done := clock.done()) < 1:
        ids, lengths, sigma, mixed, velocity = mixtures(batches, rollouts, a.rolled)
        with fast_products():
            predicted = flow(mixed, 1 - sigma, text(ids), lengths)
        ends = mixed + sigma[:, None, None, None] * velocity
        loss = ((predicted.float() - velocity).square() * weights_of(ends)).mean()
        loss.backward()
        parallel.average_gradients(parameters)
        optimizer.step(a.rate * min(1.0, (steps + 1) / 40) * rate(done, a.decay_from))
        optimizer.zero_grad()
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 1 - min(AVERAGING, steps / (steps + 10)))
        steps += 1
        losses.append(float(loss.detach()))
        pictures.add(FRESH)
        if rollouts and steps % ROLLED_EVERY == 0:
            rollouts.add()
        if first and steps % 25 == 0:
            print(f"{done:.3f} step {steps} loss {sum(losses) / len(losses):.4f} {(time.time() - step_begin) / 25:.2f} s "
                  f"{len(pictures.scenes)} pictures", flush=True)
            losses, step_begin = [], time.time()
        if first and time.time() - saved_at > SAVE_EVERY:
            save()
            saved_at = time.time()
    parallel.finish()
    if first:
        save()


if __name__ == "__main__":
    main()
