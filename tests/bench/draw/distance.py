#!/usr/bin/env python3
"""How far pictures of the same key are apart: those that the portable fingerprint takes for one, drawn with another number of
threads, by other products of matrices or with other code of libtorch's libraries.

    tests/bench/draw/distance.py --zimg build/release/bin/zimg [--each 2] [--save FILE.npz | --against FILE.npz]

20 pictures of the built-in model for each precision. Each line compares with how this machine draws by itself; --save keeps
that, so that --against can compare another machine with it. The distance of a picture that is the same to the bit counts as
100 dB. Needs numpy and Pillow, and Linux on x86-64 to do without matrix units.
"""
import argparse
import ctypes
import os
import struct
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "builtin_model"), str(ROOT / "src" / "builtin_model" / "train")]
sys.dont_write_bytecode = True

import evaluate  # noqa: E402: found where the line above says

SEED = 4207
SAME = 100.0  # dB
OLDER_LIBRARIES = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}


def refuse_matrix_units():
    """Has the system refuse this process the registers of matrix units, as one without them would: arch_prctl(ARCH_REQ_XCOMP_PERM)
    fails from here on, by a filter of system calls (seccomp)."""
    load, jump_if_equal, answer = 0x20, 0x15, 0x06
    arch_prctl, request_permission, refused, allowed = 158, 0x1023, 0x00050001, 0x7FFF0000
    program = b"".join(struct.pack("HBBI", *step) for step in (
        (load, 0, 0, 0), (jump_if_equal, 0, 3, arch_prctl), (load, 0, 0, 16), (jump_if_equal, 0, 1, request_permission),
        (answer, 0, 0, refused), (answer, 0, 0, allowed)))
    steps = ctypes.create_string_buffer(program, len(program))
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(38, 1, 0, 0, 0) != 0 or prctl(22, 2, ctypes.c_char_p(filter_program), 0, 0) != 0:  # no new privileges, filter
        raise OSError(ctypes.get_errno(), "the system sets no filter of system calls")


def distance(pictures, others):
    """(mean dB, least dB, share of equal octets, largest difference of one)"""
    found, equal, largest = [], [], 0
    for one, other in zip(pictures, others, strict=True):
        apart = np.abs(one.astype(np.int32) - other)
        error = np.square(apart).mean()
        found.append(10 * np.log10(255**2 / error) if error else SAME)
        equal.append((apart == 0).mean())
        largest = max(largest, int(apart.max()))
    return np.mean(found), min(found), np.mean(equal), largest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--zimg", type=Path, required=True)
    parser.add_argument("--each", type=int, default=2, help="pictures a language and class of prompts, of which there are ten")
    files = parser.add_mutually_exclusive_group()
    files.add_argument("--save", type=Path)
    files.add_argument("--against", type=Path)
    options = parser.parse_args()
    asked = evaluate.cases(options.each, SEED)
    texts, seeds = [case[3] for case in asked], [case[4] for case in asked]
    saved = {}
    for precision in ("fp32", "bf16"):
        def drawn(*more, precision=precision, **settings):
            return list(evaluate.drawn_by_program(options.zimg, evaluate.BUILT_IN, texts, seeds, "--dtype", precision, *more,
                                                  **settings))

        own = saved[precision] = drawn()
        others = {"another process": drawn(), "1 thread": drawn("--threads", "1"),
                  "without matrix units": drawn(preexec_fn=refuse_matrix_units),
                  "libraries as for AVX2": drawn(env=dict(os.environ, **OLDER_LIBRARIES))}
        if options.against:
            others["the other machine"] = np.load(options.against)[precision]
        for name, pictures in others.items():
            mean, least, equal, largest = distance(pictures, own)
            print(f"{precision} {name:<22} {mean:6.1f} dB, at least {least:5.1f}; {equal:7.2%} of the octets are equal, "
                  f"none off by more than {largest}", flush=True)
    if options.save:
        np.savez_compressed(options.save, **{precision: np.stack(pictures) for precision, pictures in saved.items()})


if __name__ == "__main__":
    main()
