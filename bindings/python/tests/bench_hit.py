"""What a hit of 20 kB in memory takes through Python, from the request to the octets: 96x64 of noise, which are a PNG of
that size. Prints the fastest, the median and the 99th of 100.

    bench_hit.py [rounds]
"""

from __future__ import annotations

import random
import sys
import time

import zimg


class Noise(zimg.Pipeline):
    def draw(self, drawing: zimg.Drawing) -> zimg.Picture:
        rgb = random.Random(1).randbytes(drawing.width * drawing.height * 3)
        return zimg.Picture(drawing.width, drawing.height, rgb)


def main(arguments: list[str]) -> None:
    rounds = int(arguments[0]) if arguments else 20000
    options = zimg.Options(pipeline=Noise(), pipeline_identity="noise")
    with zimg.memory_cache(64 << 20) as cache, zimg.Generator(options, cache) as generator:

        def once() -> int:
            return len(generator.generate(zimg.Request("a red circle on a blue ground", width=96, height=64)).bytes)

        size = once()
        generator.drain()
        times = []
        for _ in range(rounds):
            begin = time.perf_counter()
            once()
            times.append((time.perf_counter() - begin) * 1e6)
        times.sort()
        print(f"Python: a hit of {size} bytes in memory: fastest {times[0]:.2f} us, median {times[rounds // 2]:.2f} us, "
              f"99 % {times[rounds * 99 // 100]:.2f} us")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
