#!/usr/bin/env python3
"""Writes what the reference gives for the formula model, for tests/unit/engine/reference_numbers_test.cpp.

    write_reference_numbers.py MERGES.txt OUT.json

Needs the packages of cmake/setup/parity-requirements.txt. The formula is the twin of tests/models/formula_model.cpp.
"""
import json
import math
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import torch

import compare
import reference_models

warnings.filterwarnings("ignore")
PROMPTS = ["", "a lovely cat", "  two  spaces\t\n\n x", "It's 2025: 12,345.67 — naïve café", "一只可爱的猫",
           "a<|im_end|>b", "a red circle " * 200]
DRAWS = [
    dict(prompt="a lovely cat", width=96, height=112, steps=4, seed=42),
    dict(prompt="two boats", negative="a blurry cat", width=64, height=128, steps=3, guidance=3.0, normalization=0.7,
         truncation=0.5, seed=1),
    dict(prompt="two boats", negative="grey", width=64, height=64, steps=4, guidance=3.0, truncation=0.1, seed=2),
]
DECODES = [(16, 8, 8), (16, 6, 10)]


def formula_numbers(name, count):
    seed = 2166136261
    for octet in name.encode():
        seed = (seed ^ octet) * 16777619 % 2**32
    x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(seed)
    x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return ((x >> np.uint32(8)).astype(np.float64) - 8388608.0) / 8388608.0


def formula_weights(name, shape):
    count = math.prod(shape)
    centre, spread = 0.0, 0.35
    if name.endswith("pad_token"):
        spread = 0.85
    elif "norm" in name and name.endswith("weight"):
        centre = 1.0
    elif len(shape) > 1:
        spread = math.sqrt(3.0 / (count / shape[0]))
    return torch.from_numpy((centre + spread * formula_numbers(name, count)).astype(np.float32).reshape(shape))


def formula_input(name, *shape):
    drawn = formula_numbers(name, math.prod(shape)) * math.sqrt(3.0)
    return torch.from_numpy(drawn.astype(np.float32).reshape(shape))


def formula_pipeline(merges_file):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "model")
        reference_models.build(folder, "tiny", 0, merges_file)
        pipe = reference_models.load(folder)
    with torch.no_grad():
        for prefix, module in (("", pipe.transformer), ("model.", pipe.text_encoder), ("", pipe.vae)):
            for name, tensor in module.named_parameters():
                tensor.copy_(formula_weights(prefix + name, tuple(tensor.shape)))
    return pipe


def summary(tensor):
    flat = tensor.double().flatten()
    probe = torch.from_numpy(formula_numbers("probe", flat.numel()))
    return dict(shape=list(tensor.shape), first=[float(f"{x:.9g}") for x in flat[:8].tolist()],
                norm=float(f"{flat.norm().item():.12g}"), probe=float(f"{flat.dot(probe).item():.12g}"))


def block_numbers(pipe, case):
    model = pipe.transformer
    positions, modulated = compare.block_positions(case)
    x = formula_input(case["prefix"] + "x", 1, len(positions), model.config.dim)
    embedding = formula_input(case["prefix"] + "embedding", 1, min(model.config.dim, 256)) if modulated else None
    rope = model.rope_embedder(torch.tensor(positions, dtype=torch.int32)).unsqueeze(0)
    return model.get_submodule(case["prefix"].rstrip("."))(x, None, rope, embedding)[0]


def draw_numbers(pipe, draw):
    latents, rgb = compare.reference_picture(pipe, draw)
    return dict(
        prompt=draw["prompt"], negative=draw.get("negative", ""), width=draw["width"], height=draw["height"],
        seed=draw["seed"], sigmas=compare.sigmas_of(pipe, draw["steps"]), guidance=draw.get("guidance", 0.0),
        normalization=draw.get("normalization", 0.0), truncation=draw.get("truncation", 1.0),
        latents=summary(latents), rgb=summary(rgb))


def main():
    merges_file, out = map(pathlib.Path, sys.argv[1:])
    pipe = formula_pipeline(merges_file)
    template = lambda prompt: f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    blocks = [dict(prefix=prefix, rows=rows, columns=columns, caption=caption)
              for prefix, rows, columns, caption in (("context_refiner.1.", 6, 7, 64), ("noise_refiner.0.", 6, 7, 32),
                                                     ("layers.0.", 6, 7, 32), ("layers.1.", 4, 8, 64))]
    with torch.inference_mode():
        numbers = dict(
            token_ids=[dict(prompt=p, ids=pipe.tokenizer(template(p))["input_ids"][:512]) for p in PROMPTS],
            text_rows=[dict(prompt=p, rows=summary(compare.reference_rows(pipe, [p])[0])) for p in PROMPTS],
            blocks=[dict(case, x=summary(block_numbers(pipe, case))) for case in blocks],
            decodes=[dict(latents=list(shape),
                          rgb=summary(compare.decoded(pipe, formula_input("latents", *shape).unsqueeze(0))))
                     for shape in DECODES],
            draws=[draw_numbers(pipe, draw) for draw in DRAWS])
    lines = ",\n".join(
        f' "{kind}": [\n' + ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n ]"
        for kind, entries in numbers.items())
    out.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
