#!/usr/bin/env python3
"""Holds zimg's engine against diffusers, live, part by part and picture by picture.

    compare.py --dump build/release/tests/parity_dump_parts --merges MERGES.txt [--builtin DIR] [--seed N]

Checkpoints are random, drawn anew from the seed. Prints a line a comparison and ends with counts; exits 1 when any is
off. Every kind of comparison is also made with a planted mistake in zimg's copy of the weights, and must then fail.
"""
import argparse
import contextlib
import functools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings
import weakref

import numpy as np
import torch
from diffusers.pipelines.z_image.pipeline_z_image import get_default_z_image_sigmas
from safetensors.torch import load_file, save_file

import reference_models

warnings.filterwarnings("ignore")
torch.set_num_threads(2)

RELATIVE = 1e-4       # latents and rows, in float32
# zimg has the sigmas of torch's kernels for AVX2 and later; without, some differ by two steps of a float at 1.
SIGMA = 0 if torch.cpu.get_capabilities().get("avx2") else 2.4e-7
EQUAL_BYTES = 0.99    # of a picture, and none off by more than 1
BF16_MARGIN_DB = 1.0  # how much farther from the float32 picture than the reference's own bfloat16 one

PROMPTS = [
    "", "a lovely cat", "\nfoo", "  two  spaces\t\n\n x", "It's 2025: 12,345.67 — naïve café", "cafe\u0301",
    "一只可爱的猫", "⚡️🐈", "a<|im_end|>b", "a red circle " * 200,
]
SCHEDULES = [*range(1, 51), 100, 200]
BLOCKS = [(6, 7, 32), (4, 8, 64)]  # rows, columns, caption: with and without padding of the image
DRAWS = [
    dict(prompt="a lovely cat", width=96, height=128, steps=8, seed=42),
    dict(prompt="一只可爱的猫", width=64, height=128, steps=4, seed=7),
    dict(prompt="", width=128, height=128, steps=1, seed=0),
    dict(prompt="a red circle " * 200, width=96, height=96, steps=3, seed=4294967295),
    dict(prompt="two boats", negative="a blurry cat, 模糊", width=96, height=128, steps=4, guidance=3.0, seed=1),
    dict(prompt="two boats", negative="", width=128, height=96, steps=4, guidance=4.0, normalization=0.7, seed=2),
    dict(prompt="two boats", negative="grey", width=96, height=96, steps=6, guidance=2.5, truncation=0.3, seed=3),
    # With shift 3, the second time is the float just above 0.1: beyond the number, though not beyond its nearest float.
    dict(prompt="two boats", negative="grey", width=96, height=96, steps=4, guidance=2.5, truncation=0.1, seed=4),
    # With shift 3, the twelfth time is 0.25 or just above it, by the last bit of a sigma.
    dict(prompt="two boats", negative="grey", width=64, height=64, steps=22, guidance=2.5, truncation=0.25, seed=8),
    dict(prompt="<think>\u0338 \uac00\u11a7", width=64, height=64, steps=2, seed=9),
    dict(prompt="as the base model draws", negative="grey", width=64, height=64, steps=28, guidance=4.0, seed=6),
    dict(prompt="in tiles", width=256, height=192, steps=2, seed=5, tiling=True),
]


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def claim(self, holds, what):
        self.passed += holds
        self.failed += not holds
        print(("ok      " if holds else "FAILED  ") + what, flush=True)


def relative(ours, reference):
    return ((ours.double() - reference.double()).norm() / reference.double().norm()).item()


def picture_distance(ours, reference):
    difference = (ours.int() - reference.int()).abs()
    return (difference == 0).float().mean().item(), int(difference.max())


def psnr(ours, reference):
    return 10 * np.log10(255**2 / max(1e-9, ((ours.double() - reference.double()) ** 2).mean().item()))


def run_dump(dump, model, precision, order):
    with tempfile.TemporaryDirectory() as scratch:
        order_path, out = pathlib.Path(scratch, "order.json"), pathlib.Path(scratch, "out.safetensors")
        order_path.write_text(json.dumps(order))
        done = subprocess.run([dump, str(model), precision, order_path, out], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return load_file(out)


def reference_sigmas(pipe, steps):
    pipe.scheduler.set_timesteps(sigmas=get_default_z_image_sigmas(steps), device="cpu")
    return pipe.scheduler.sigmas[:-1]


def asked_once(reference):
    """What a pipe answers is made once, however many planted mistakes are held against it."""
    answers = weakref.WeakKeyDictionary()

    @functools.wraps(reference)
    def answer(pipe, *question):
        of_pipe = answers.setdefault(pipe, {})
        key = json.dumps(question)
        if key not in of_pipe:
            of_pipe[key] = reference(pipe, *question)
        return of_pipe[key]
    return answer


@asked_once
def reference_picture(pipe, draw):
    latents = {}

    def keep(_pipe, _step, _time, tensors):
        latents.update(tensors)
        return tensors

    pipe.vae.use_tiling = draw.get("tiling", False)
    (picture,) = pipe(
        draw["prompt"], negative_prompt=draw.get("negative", ""), width=draw["width"], height=draw["height"],
        num_inference_steps=draw["steps"], guidance_scale=draw.get("guidance", 0.0),
        cfg_normalization=draw.get("normalization", 0.0), cfg_truncation=draw.get("truncation", 1.0),
        generator=torch.Generator("cpu").manual_seed(draw["seed"]), callback_on_step_end=keep).images
    return latents["latents"][0], torch.from_numpy(np.array(picture))


@asked_once
def reference_rows(pipe, prompts):
    return [pipe._encode_prompt(prompt, torch.device("cpu"))[0] for prompt in prompts]


def block_cases(config):
    names = [f"{kind}.{i}." for kind, count in (("context_refiner", config.n_refiner_layers),
                                                ("noise_refiner", config.n_refiner_layers),
                                                ("layers", config.n_layers)) for i in range(count)]
    return [dict(prefix=name, rows=rows, columns=columns, caption=caption)
            for name in names for rows, columns, caption in BLOCKS]


def block_positions(case):
    """Where the tokens of a block's sequence stand, and whether the block is modulated."""
    image = -(-case["rows"] * case["columns"] // 32) * 32
    positions = [(case["caption"] + 1, i, j) for i in range(case["rows"]) for j in range(case["columns"])]
    positions += [(0, 0, 0)] * (image - len(positions))
    modulated = not case["prefix"].startswith("context")
    return (positions if modulated else []) + [(1 + k, 0, 0) for k in range(case["caption"])], modulated


@asked_once
def reference_block(pipe, case, index):
    model = pipe.transformer
    positions, modulated = block_positions(case)
    rope = model.rope_embedder(torch.tensor(positions, dtype=torch.int32))
    noise = lambda seed, *shape: torch.randn(*shape, generator=torch.Generator("cpu").manual_seed(seed))
    x = noise(100 + index, 1, len(positions), model.config.dim)
    embedding = noise(150 + index, 1, min(model.config.dim, 256)) if modulated else None
    block = model.get_submodule(case["prefix"].rstrip("."))
    return block(x, None, rope.unsqueeze(0), embedding)[0]


def decoded(pipe, latents):
    pipe.vae.use_tiling = False
    image = pipe.vae.decode(latents / pipe.vae.config.scaling_factor + pipe.vae.config.shift_factor, return_dict=False)[0]
    return torch.from_numpy(np.array(pipe.image_processor.postprocess(image, output_type="pil")[0]))


@asked_once
def reference_decode(pipe, size, index):
    return decoded(pipe, torch.randn(1, 16, *size, generator=torch.Generator("cpu").manual_seed(200 + index)))


def compare_parts(tally, name, dump, model, pipe):
    sizes = [[8, 8], [12, 18], [2, 30]]
    cases = block_cases(pipe.transformer.config)
    ours = run_dump(dump, model, "fp32", dict(prompts=PROMPTS, blocks=cases, latents=sizes, schedules=SCHEDULES))
    for i, reference in enumerate(reference_rows(pipe, list(PROMPTS))):
        rows = ours[f"prompt.{i}.rows"]
        same = rows.shape == reference.shape
        distance = relative(rows, reference) if same else float("inf")
        tally.claim(distance < RELATIVE, f"{name} text rows {i}: {tuple(rows.shape)}, relative {distance:.1e}")
    for i, case in enumerate(cases):
        distance = relative(ours[f"block.{i}.x"], reference_block(pipe, case, i))
        tally.claim(distance < RELATIVE, f"{name} {case['prefix']} {case['rows']}x{case['columns']}: relative {distance:.1e}")
    for i, steps in enumerate(SCHEDULES):
        distance = (ours[f"schedule.{i}.sigmas"] - reference_sigmas(pipe, steps)).abs().max().item()
        tally.claim(distance <= SIGMA, f"{name} schedule of {steps} steps: off by {distance:.1e}")
    for i, size in enumerate(sizes):
        equal, off = picture_distance(ours[f"decode.{i}.rgb"], reference_decode(pipe, size, i))
        tally.claim(equal >= EQUAL_BYTES and off <= 1, f"{name} decode {size}: {equal:.4%} equal, largest {off}")


def compare_pictures(tally, name, dump, model, pipe, distort=None):
    """`distort` changes what zimg is asked for, one drawing at a time: a mistake in the sampling."""
    orders = [{**draw, **distort(draw)} if distort else draw for draw in DRAWS]
    ours = run_dump(dump, model, "fp32", dict(draws=orders))
    for i, draw in enumerate(DRAWS):
        latents, picture = reference_picture(pipe, draw)
        distance = relative(ours[f"draw.{i}.latents"], latents)
        equal, off = picture_distance(ours[f"draw.{i}.rgb"], picture)
        tally.claim(distance < RELATIVE and equal >= EQUAL_BYTES and off <= 1,
                    f"{name} picture {i}: latents relative {distance:.1e}, {equal:.4%} equal, largest {off}")


def compare_single_files(tally, name, dump, model, written=None):
    """The same weights as other programs keep them draw the same to the bit. Those of `written`, in place of the model's, are
    a mistake in reading them."""
    draws = dict(draws=DRAWS[:3])
    with tempfile.TemporaryDirectory() as folder:
        reference_models.write_single_files(written or model, folder)
        single, released = (run_dump(dump, path, "fp32", draws) for path in (folder, model))
    for key in sorted(released):
        tally.claim(torch.equal(single[key], released[key]), f"{name} from single files: {key}")


@contextlib.contextmanager
def planted(model, part, change, config=None):
    """A copy of `model` whose `part` has been tampered with: what a mistake in zimg would amount to."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch, "model")
        shutil.copytree(model, copy)
        for path in (copy / part).glob("*.safetensors"):
            tensors = load_file(path)
            change(tensors)
            save_file(tensors, path)
        if config:
            (config_path,) = (copy / part).glob("*config.json")
            config_path.write_text(json.dumps({**json.loads(config_path.read_text()), **config}))
        yield copy


def swap_gate_and_scale(tensors):
    for name in [n for n in tensors if "adaLN_modulation.0" in n]:
        first, second, third, fourth = tensors[name].chunk(4, 0)
        tensors[name] = torch.cat([second, first, third, fourth]).contiguous()


def drop_one_plus_scale(tensors):
    for name in [n for n in tensors if n.endswith("adaLN_modulation.0.bias")]:
        width = tensors[name].numel() // 4
        tensors[name][0:width] -= 1
        tensors[name][2 * width:3 * width] -= 1


def wrong_pad_rows(tensors):
    tensors["x_pad_token"], tensors["cap_pad_token"] = tensors["cap_pad_token"], tensors["x_pad_token"]


def swap_halves_of_final_scale(tensors):
    tensors["all_final_layer.2-1.adaLN_modulation.1.bias"] = tensors["all_final_layer.2-1.adaLN_modulation.1.bias"] - 1


def swap_decoder_blocks(tensors):
    for kind in ("weight", "bias"):
        a, b = f"decoder.up_blocks.0.resnets.1.conv1.{kind}", f"decoder.up_blocks.0.resnets.2.conv1.{kind}"
        tensors[a], tensors[b] = tensors[b], tensors[a]


def swap_query_and_key_norms(tensors):
    for name in [n for n in tensors if n.endswith("q_norm.weight")]:
        other = name.replace("q_norm", "k_norm")
        tensors[name], tensors[other] = tensors[other], tensors[name]


def swap_queries_and_keys(tensors):
    for name in [n for n in tensors if n.endswith("to_q.weight")]:
        other = name.replace("to_q", "to_k")
        tensors[name], tensors[other] = tensors[other], tensors[name]


def without(layer):
    """Of the layers that the config is to be one short of: weights that it contradicts are refused."""
    def drop(tensors):
        for name in [n for n in tensors if layer in n]:
            del tensors[name]
    return drop


# What a mistake in the sampling would amount to: other orders than the reference was given.
SAMPLING_MISTAKES = {
    "a schedule that is off by one": lambda order: dict(steps=order["steps"] + 1),
    "guidance counted from one": lambda order: dict(guidance=order["guidance"] + 1) if "guidance" in order else {},
    "a lost normalization": lambda order: dict(normalization=0.0),
    "a lost truncation": lambda order: dict(truncation=1.0),
    "a truncation at the nearest float": lambda order: (
        dict(truncation=float(np.float32(order["truncation"]))) if "truncation" in order else {}),
    "a swapped negative prompt": lambda order: (
        dict(prompt=order["negative"], negative=order["prompt"]) if "negative" in order else {}),
    "the noise of another seed": lambda order: dict(seed=order["seed"] ^ 1),
    "a lost tiling": lambda order: dict(tiling=False),
}


def compare_planted(tally, dump, model, pipe, text_layers):
    quiet = lambda check, *where: _count_failures(check, dump, pipe, *where)
    unchanged = lambda tensors: None
    transformer = pipe.transformer.config
    mistakes = [
        ("a swapped chunk", "transformer", swap_gate_and_scale, None, True),
        ("a missing 1 + scale", "transformer", drop_one_plus_scale, None, True),
        ("a missing 1 + scale in the last layer", "transformer", swap_halves_of_final_scale, None, False),
        ("wrong pad rows", "transformer", wrong_pad_rows, None, False),
        ("an off-by-one layer", "transformer", without(f"layers.{transformer.n_layers - 1}."),
         dict(n_layers=transformer.n_layers - 1), False),
        ("swapped position axes", "transformer", unchanged, dict(axes_dims=list(transformer.axes_dims[1::-1]) +
                                                                 list(transformer.axes_dims[2:])), True),
        ("another base of positions", "transformer", unchanged, dict(rope_theta=2 * transformer.rope_theta), True),
        ("another scale of time", "transformer", unchanged, dict(t_scale=transformer.t_scale / 2), False),
        ("an off-by-one text layer", "text_encoder", without(f"layers.{text_layers - 1}."),
         dict(num_hidden_layers=text_layers - 1), True),
        ("swapped text norms", "text_encoder", swap_query_and_key_norms, None, True),
        ("swapped decoder blocks", "vae", swap_decoder_blocks, None, True),
        ("a missing shift of latents", "vae", unchanged, dict(shift_factor=0.0), True),
        ("another shift of the schedule", "scheduler", unchanged, dict(shift=pipe.scheduler.config.shift + 0.01), True),
    ]
    for what, part, change, config, shows_in_parts in mistakes:
        with planted(model, part, change, config) as copy:
            pictures = quiet(compare_pictures, copy)
            tally.claim(pictures > 0, f"planted {what}: {pictures} pictures are off")
            if shows_in_parts:
                parts = quiet(compare_parts, copy)
                tally.claim(parts > 0, f"planted {what}: {parts} comparisons of parts are off")
    for what, distort in SAMPLING_MISTAKES.items():
        pictures = quiet(compare_pictures, model, distort)
        tally.claim(pictures > 0, f"planted {what}: {pictures} pictures are off")


def compare_planted_single_files(tally, dump, model):
    silent = Tally()
    with planted(model, "transformer", swap_queries_and_keys) as copy, contextlib.redirect_stdout(None):
        compare_single_files(silent, "planted", dump, model, copy)
    tally.claim(silent.failed > 0, f"planted swapped rows of qkv in a single file: {silent.failed} comparisons are off")


def _count_failures(check, dump, pipe, model, *more):
    silent = Tally()
    with contextlib.redirect_stdout(None):
        check(silent, "planted", dump, model, pipe, *more)
    return silent.failed


BF16_PROMPTS = [f"{size} {colour} {shape}" for size, colour in
                (("a small", "red"), ("a big", "blue"), ("a", "green"), ("two", "yellow"), ("a", "purple"))
                for shape in ("circle", "square", "triangle", "star")]


def coarser(tensors):
    """Weights with two bits of their seven left: a precision that was lost on the way."""
    for name in [n for n in tensors if tensors[n].ndim > 1]:
        bits = tensors[name].bfloat16().view(torch.int16)
        tensors[name] = ((bits + 16) & ~31).view(torch.bfloat16)


def compare_bf16(tally, dump, model):
    """On pictures with content, because noise has no flat parts in which rounding would show."""
    exact = reference_models.load(model)
    draws = [dict(prompt=prompt, width=256, height=256, steps=8, seed=i) for i, prompt in enumerate(BF16_PROMPTS)]
    truth = [reference_picture(exact, draw)[1] for draw in draws]
    from_truth = lambda pictures: np.mean([psnr(one, true) for one, true in zip(pictures, truth)])
    rounded = reference_models.load(model, torch.bfloat16)
    theirs = from_truth([reference_picture(rounded, draw)[1] for draw in draws])

    def ours(model):
        found = run_dump(dump, model, "bf16", dict(draws=draws))
        return from_truth([found[f"draw.{i}.rgb"] for i in range(len(draws))])
    distance = ours(model)
    tally.claim(distance >= theirs - BF16_MARGIN_DB,
                f"bf16 over {len(draws)} pictures: {distance:.2f} dB from the float32 picture, the reference {theirs:.2f} dB")
    with planted(model, "transformer", coarser) as copy:
        distance = ours(copy)
        tally.claim(distance < theirs - BF16_MARGIN_DB, f"planted coarser weights in bf16: {distance:.2f} dB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", required=True)
    parser.add_argument("--merges", required=True, type=pathlib.Path)
    parser.add_argument("--builtin", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tally = Tally()
    with torch.inference_mode(), tempfile.TemporaryDirectory() as scratch:
        for name, shape in reference_models.SHAPES.items():
            model = pathlib.Path(scratch, name)
            reference_models.build(model, name, arguments.seed, arguments.merges)
            pipe = reference_models.load(model)
            compare_parts(tally, name, arguments.dump, model, pipe)
            compare_pictures(tally, name, arguments.dump, model, pipe)
            if name == "wide":
                compare_single_files(tally, name, arguments.dump, model)
                compare_planted_single_files(tally, arguments.dump, model)
            if name == "tiny":
                compare_planted(tally, arguments.dump, model, pipe, shape["text_layers"])
        if arguments.builtin:
            compare_bf16(tally, arguments.dump, arguments.builtin)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
