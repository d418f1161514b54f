"""The wheel: made of an installed zimg, installed into a fresh environment, drawn with there."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = """
import zimg
print(zimg.__file__)
class Stripes(zimg.Pipeline):
    def draw(self, drawing):
        return zimg.Picture(drawing.width, drawing.height, bytes(i & 255 for i in range(drawing.width * drawing.height * 3)))
options = zimg.Options() if {can_draw} else zimg.Options(pipeline=Stripes(), pipeline_identity="stripes")
with zimg.memory_cache(1 << 24) as cache, zimg.Generator(options, cache) as generator:
    for _ in range(2):
        result = generator.generate(zimg.Request("a red circle", steps=2))
        generator.drain()
        print(result.outcome.name, result.report.model)
print(zimg.builtin_model_path())
if {can_draw}: print(zimg.locate_engine())
"""


def run(*command: object, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("ZIMG_LIBRARY", "PYTHONPATH")}
    done = subprocess.run([str(word) for word in command], env={**kept, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class WheelTest(unittest.TestCase):
    def test_draws_in_a_fresh_environment(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            run(os.environ["ZIMG_CMAKE"], "--install", os.environ["ZIMG_BUILD"], "--prefix", root / "prefix")
            wheel = run(sys.executable, HERE.parent / "build_wheel.py", root / "prefix", root / "wheels").strip()
            (root / "prefix").rename(root / "moved")  # the wheel must not need it
            with zipfile.ZipFile(wheel) as archive:
                self.assertIn("zimg/py.typed", archive.namelist())
                self.assertFalse([name for name in archive.namelist() if name.endswith(".pyc")])
            run(sys.executable, "-m", "venv", root / "fresh")
            run(root / "fresh/bin/pip", "install", "--no-index", "--no-deps", "--disable-pip-version-check", wheel)
            can_draw = os.environ.get("ZIMG_CAN_DRAW") == "1"
            program = PROGRAM.format(can_draw=can_draw)
            spec = importlib.util.find_spec("torch") if can_draw else None
            torch = next(iter(spec.submodule_search_locations or [])) if spec else ""
            lines = run(root / "fresh/bin/python", "-c", program, ZIMG_TORCH=torch, HOME=folder).splitlines()
            package = str(root.resolve() / "fresh/lib")
            self.assertTrue(lines[0].startswith(package), lines[0])
            self.assertEqual([line.split()[0] for line in lines[1:3]], ["DRAWN", "HIT"])
            for place in lines[3:]:
                self.assertTrue(place.startswith(package), place)
            self.assertEqual(len(lines), 5 if can_draw else 4)


if __name__ == "__main__":
    unittest.main()
