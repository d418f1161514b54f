"""What the tests share: a pipeline that draws without the engine, and generators of it."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import unittest
from typing import Callable, Optional

import zimg

MODEL = os.environ["ZIMG_TEST_MODEL"]  # a small model, which needs no engine to be read
CAN_DRAW = os.environ.get("ZIMG_CAN_DRAW") == "1"
HAS_PACKAGES = os.environ.get("ZIMG_HAS_PACKAGES") == "1"  # numpy and Pillow


class Painter(zimg.Pipeline):
    """Paints from the seed. `before` is called first and may raise; while `is_open` is not set, it waits."""

    def __init__(self, before: Optional[Callable[[zimg.Drawing], object]] = None) -> None:
        self.before = before
        self.drawings = 0
        self.is_open = threading.Event()
        self.is_open.set()
        self.is_waiting = threading.Event()
        self.steps = 0

    def draw(self, drawing: zimg.Drawing) -> zimg.Picture:
        self.drawings += 1
        if self.before is not None:
            self.before(drawing)
        while not self.is_open.is_set():
            self.is_waiting.set()
            if drawing.is_cancelled:
                raise zimg.CancelledError("the painter was stopped")
            self.is_open.wait(0.005)
        for step in range(self.steps + 1 if self.steps else 0):
            drawing.report_progress(step, self.steps)
        row = bytes((drawing.seed * 31 + i) & 255 for i in range(drawing.width * 3))
        rgb = b"".join(row[line % 7 :] + row[: line % 7] for line in range(drawing.height))
        return zimg.DrawnPicture(drawing.width, drawing.height, rgb, {zimg.Stage.DENOISE: 12.5})


def options_of(painter: Painter, **more: object) -> zimg.Options:
    options = zimg.Options(model=MODEL, pipeline=painter, pipeline_identity="painter 1")
    for name, value in more.items():
        assert hasattr(options, name), name
        setattr(options, name, value)
    return options


def small(prompt: str = "a red circle", seed: int = 42) -> zimg.Request:
    return zimg.Request(prompt, width=64, height=64, seed=seed)


def ignored_exceptions(test: unittest.TestCase) -> list[str]:
    """What Python has nowhere to raise, which includes what crosses C; to be looked at when the test is over."""
    ignored: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda seen: ignored.append(f"{seen.err_msg}: {seen.exc_value!r}")
    test.addCleanup(setattr, sys, "unraisablehook", before)
    return ignored


class ZimgTest(unittest.TestCase):
    def setUp(self) -> None:
        self.painter = Painter()
        self.cache = zimg.memory_cache(64 << 20)
        self.generator = zimg.Generator(options_of(self.painter), self.cache)
        self.addCleanup(self.generator.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def refused(self, kind: type[zimg.Error], part: str, call: Callable[[], object]) -> None:
        """`call` raises `kind`, and its sentence holds `part`."""
        with self.assertRaises(kind) as raised:
            call()
        self.assertIn(part, str(raised.exception))
