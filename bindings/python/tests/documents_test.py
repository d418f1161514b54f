"""The programs in docs/python.md are run, each in a folder of its own; the page's twin must show the same ones, with its own
comments. So is the example of a web page, with a stand-in for gradio, which is not among the packages of the tests."""

from __future__ import annotations

import os
import pathlib
import re
import runpy
import subprocess
import sys
import tempfile
import types
import unittest
from typing import Any, Callable
from unittest import mock

import zimg
from support import HAS_PACKAGES, Painter, options_of

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"
PAGES = pathlib.Path(os.environ["ZIMG_PAGES"])
CAN_DRAW = os.environ.get("ZIMG_CAN_DRAW") == "1"


def programs(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (PAGES / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def without_comments(program: str) -> str:
    return re.sub(r"\s*#.*", "", program)


class DocumentsTest(unittest.TestCase):
    def test_the_twins_show_the_same_programs(self) -> None:
        self.assertGreater(len(programs("python.md")), 4)
        english, chinese = ([without_comments(it) for it in programs(page)] for page in ("python.md", "python.zh.md"))
        self.assertEqual(english, chinese)

    @unittest.skipUnless(HAS_PACKAGES, "this Python has no mypy of the tests")
    def test_each_program_passes_the_strict_type_checker(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, f"program_{number}.py") for number in range(len(programs("python.md")))]
            for path, program in zip(paths, programs("python.md")):
                path.write_text(program, encoding="utf-8")
            command = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={folder}", *map(str, paths)]
            environment = {**os.environ, "MYPYPATH": str(pathlib.Path(zimg.__file__).parents[1])}
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def run_program(self, program: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "XDG_CACHE_HOME": folder}
            command = [sys.executable, "-c", program]
            return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)

    def test_each_program_does_what_it_shows(self) -> None:
        printed = []
        for number, program in enumerate(programs("python.md")):
            with self.subTest(number):
                done = self.run_program(program)
                printed.append(done.stdout)
                if CAN_DRAW or "InvalidArgumentError" in program:
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                else:  # it must say so, and where it looked
                    self.assertIn("UnsupportedError", done.stderr)
        if CAN_DRAW:
            for part in ("DRAWN", "YES True", "INVALID_ARGUMENT", "HIT", "CancelledError"):
                self.assertIn(part, "".join(printed))


class Interface:
    """As gradio has it: a function, what it takes and what it gives."""

    launched: list[Interface] = []

    def __init__(self, draw: Callable[..., Any], inputs: list[object], outputs: list[object]) -> None:
        self.draw, self.inputs, self.outputs = draw, inputs, outputs

    def launch(self, server_name: str) -> None:
        assert server_name == "127.0.0.1"  # for this machine alone
        self.launched.append(self)


class ExampleTest(unittest.TestCase):
    @unittest.skipUnless(HAS_PACKAGES, "this Python has no Pillow of the tests")
    def test_the_page_draws_and_then_finds(self) -> None:
        gradio: Any = types.ModuleType("gradio")
        gradio.Interface, gradio.Slider = Interface, lambda lowest, highest, value=0, step=None: value
        make, generators = zimg.Generator, []

        def generator_of_it(cache: zimg.Cache) -> zimg.Generator:
            self.addCleanup(cache.close)
            generators.append(make(options_of(Painter()), cache))
            return generators[0]

        with tempfile.TemporaryDirectory() as folder:
            with mock.patch.dict(sys.modules, gradio=gradio), mock.patch.dict(os.environ, XDG_CACHE_HOME=folder):
                with mock.patch("zimg.Generator", generator_of_it):
                    runpy.run_path(str(EXAMPLES / "gradio_page.py"))
            self.addCleanup(generators[0].close)
            page = Interface.launched[0]
            arguments = ["" if it == "text" else it for it in page.inputs]
            for outcome in ("DRAWN", "HIT"):
                image, said = page.draw(*arguments)
                generators[0].drain()
                self.assertEqual(image.size, (256, 256))
                self.assertRegex(said, f"^{outcome}, [0-9.]+ ms$")
            self.assertEqual(len(page.outputs), 2)


if __name__ == "__main__":
    unittest.main()
