#!/usr/bin/env python3
"""Times one picture drawn by zimg and by diffusers on the same weights, side by side, prompt to pixels, on the CPU.

    against_reference.py --zimg build/release/bin/zimg --merges tests/data/z-image-turbo/tokenizer/merges.txt
                         [--model FOLDER] [--rounds N] [--threads N] [--sizes 256 512] [--dtypes fp32 bf16]

The checkpoint is random and mid-size: a denoiser of width 1152 with 10 layers, 36 narrow text layers, the released VAE.
It is written to FOLDER (a temporary one if absent) and used again where it is there. Rounds alternate, so that what else
the machine does falls on both. Prints a line a size and precision: median times by stage and the ratio.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "parity"))
import reference_models  # noqa: E402

MID_SIZE = dict(
    dim=1152, heads=9, layers=10, refiners=2, axes=[32, 48, 48], text_width=512, text_layers=36, text_heads=8,
    text_kv_heads=2, text_inner=1536, vae=[128, 256, 512, 512], groups=32, vae_layers=2, shift=3.0, merges=None)
PROMPT = "a small boat on a quiet lake in the evening, two birds above it, oil on canvas"  # 20 tokens
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def build(folder, dtype, merges):
    target = folder / dtype
    if (target / "model_index.json").exists():
        return target
    reference_models.SHAPES["mid-size"] = MID_SIZE
    reference_models.build(target, "mid-size", 1, merges)
    for path in target.rglob("*.safetensors"):
        save_file({name: tensor.to(DTYPES[dtype]) for name, tensor in load_file(path).items()}, path)
    return target


class Reference:
    """diffusers, its stages timed by wrapping them."""

    def __init__(self, model, dtype):
        self.pipe = reference_models.load(model, DTYPES[dtype])
        self.times = {}
        self._wrap(self.pipe, "encode_prompt", "encode_text")
        self._wrap(self.pipe.vae, "decode", "decode")

    def _wrap(self, owner, name, stage):
        inner = getattr(owner, name)

        def timed(*arguments, **keywords):
            start = time.perf_counter()
            result = inner(*arguments, **keywords)
            self.times[stage] = (time.perf_counter() - start) * 1000
            return result

        setattr(owner, name, timed)

    def draw(self, size, steps):
        start = time.perf_counter()
        self.pipe(PROMPT, width=size, height=size, num_inference_steps=steps, guidance_scale=0.0,
                  generator=torch.Generator("cpu").manual_seed(42), output_type="np")
        total = (time.perf_counter() - start) * 1000
        return dict(self.times, total=total, denoise=total - sum(self.times.values()))


class Zimg:
    """The program's own benchmark: one process, the first drawing loads, the next three are timed. The reference, whose
    process draws in every round, is as warm."""

    def __init__(self, program, model, dtype, threads):
        self.command = [program, "bench", "draw", PROMPT, "--model", str(model), "--dtype", dtype, "--threads",
                        str(threads), "--rounds", "3", "--json", "--device", "cpu"]

    def draw(self, size, steps):
        done = subprocess.run(self.command + ["--size", f"{size}x{size}", "--steps", str(steps)], capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        times = {name.replace(" ", "_"): time["median_ms"] for name, time in json.loads(done.stdout)["times"].items()}
        return dict(times, total=times["total"] - times["encode_image"])  # prompt to pixels, as the reference


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zimg", required=True)
    parser.add_argument("--merges", required=True, type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--dtypes", nargs="+", default=["fp32", "bf16"], choices=list(DTYPES))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with torch.inference_mode(), tempfile.TemporaryDirectory() as scratch:
        folder = arguments.model or pathlib.Path(scratch)
        for dtype in arguments.dtypes:
            model = build(folder, dtype, arguments.merges)
            reference = Reference(model, dtype)
            reference.draw(256, 1)  # warm
            zimg = Zimg(arguments.zimg, model, dtype, arguments.threads)
            for size in arguments.sizes:
                rounds = [(zimg.draw(size, arguments.steps), reference.draw(size, arguments.steps))
                          for _ in range(arguments.rounds)]
                report(size, dtype, rounds)


def report(size, dtype, rounds):
    print(f"{size}x{size} {dtype}", end="")
    for stage in ("encode_text", "denoise", "decode", "total"):
        ours = statistics.median(zimg[stage] for zimg, _ in rounds)
        theirs = statistics.median(reference[stage] for _, reference in rounds)
        print(f"  {stage} {ours:.0f} / {theirs:.0f} ms = {theirs / ours:.2f}x", end="")
    print(flush=True)


if __name__ == "__main__":
    main()
