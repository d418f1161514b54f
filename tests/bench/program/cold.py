#!/usr/bin/env python3
"""How long the program takes to draw a picture, and to answer with one from a store on disk: a fresh process each time, from its
start to its end.

    tests/bench/program/cold.py --zimg build/release/bin/zimg [--runs 100] [--draws 15]

Beside the answers, in the same run and by turns, /bin/true: what it takes to start a process and to wait for it. Checks that
all have the same bytes, that every answer is a hit and that libtorch was not opened for it.
"""
import argparse
import hashlib
import json
import os
import subprocess
import tempfile
import time

PROMPT = "a red circle left of a blue square"


def milliseconds(command, environment):
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1000, done.stdout


def line(name, times):
    times = sorted(times)
    return (f"{name:<34} p50 {times[len(times) // 2]:7.2f} ms   p99 {times[len(times) * 99 // 100]:7.2f} ms   "
            f"least {times[0]:7.2f} ms")


def timed(command, environment, outcome, first):
    """Milliseconds of one process, which must say that outcome and give the picture that was drawn first."""
    took, output = milliseconds(command, environment)
    answer = json.loads(output)
    if answer["outcome"] != outcome or answer["payload_sha256"] != first["payload_sha256"]:
        raise SystemExit(f"not the picture that was drawn: {answer}")
    return took


def check_that_libtorch_stays_closed(command, environment):
    told = subprocess.run(command, env=dict(environment, LD_DEBUG="files"), stderr=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, check=True).stderr
    if b"libtorch" in told or b"libzimg" not in told:
        raise SystemExit("libtorch was opened for a hit")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--zimg", required=True)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--draws", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_CACHE_HOME=folder)
        picture = os.path.join(folder, "x.png")
        drawing = [os.path.abspath(options.zimg), "draw", PROMPT, "-o", picture, "--json", "--cache", "none:"]
        draw = [*drawing[:-1], f"lmdb:{folder}/store?size=1GiB"]
        first = json.loads(milliseconds(draw, environment)[1])
        drawings = [timed(drawing, environment, "drawn", first) for _ in range(options.draws)]
        hits, starts = [], []
        for _ in range(options.runs):
            hits.append(timed(draw, environment, "hit", first))
            starts.append(milliseconds(["/bin/true"], environment)[0])
        with open(picture, "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != first["sha256"]:
                raise SystemExit("the file is not what was drawn")
        check_that_libtorch_stays_closed(draw, environment)
    print(line(f"zimg draw, {first['bytes']} B, drawn", drawings))
    print(line(f"zimg draw, {first['bytes']} B, a hit", hits))
    print(line("/bin/true", starts))
    print("libtorch was not opened for a hit")


if __name__ == "__main__":
    main()
