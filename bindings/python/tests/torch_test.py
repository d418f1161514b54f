"""A Python program with a torch of its own: one of the same release is shared, so that one libtorch is mapped and both
compute, and what the program has set there moves no picture; a library that lies where a torch of another release would
is refused, and both are named."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest


DRAW = """
import hashlib, sys, zimg
try:
    with zimg.Generator(zimg.Options({options})) as generator:
        result = generator.generate(zimg.Request("a red circle", steps=2))
    print(result.outcome.name, hashlib.sha256(result.bytes).hexdigest())
except zimg.Error as error:
    print(error.status.name, error)
"""

# How many libtorch there are in the process, where one is shared.
COUNT = """
import os
mapped = {line.split(maxsplit=5)[5].strip() for line in open("/proc/self/maps") if "libtorch_cpu.so" in line}
print(len({os.path.realpath(path) for path in mapped}))
"""


# By which torch computes otherwise, or in another type. Set one after the other with a drawing after each, which they
# must outlast.
SETTINGS = {
    "torch.set_float32_matmul_precision('medium')": "torch.get_float32_matmul_precision()",
    "torch.backends.mkldnn.enabled = False": "torch.backends.mkldnn.enabled",
    "torch.backends.fp32_precision = 'bf16'": "torch.backends.fp32_precision",
    "torch.backends.mkldnn.conv.fp32_precision = 'bf16'": "torch.backends.mkldnn.conv.fp32_precision",
    "torch.backends.mkldnn.deterministic = True": "torch.backends.mkldnn.deterministic",
    "torch.use_deterministic_algorithms(True)": "torch.are_deterministic_algorithms_enabled()",
    "torch.set_default_dtype(torch.float64)": "torch.get_default_dtype()",
    "torch.set_num_threads(1)": "torch.get_num_threads()",
    "torch.backends.cudnn.benchmark = True": "torch.backends.cudnn.benchmark",
    "ctypes.CDLL('libm.so.6').fesetround(0x400)": "ctypes.CDLL('libm.so.6').fegetround()",
}


def run(program: str, **more: str) -> str:
    environment = {**os.environ, **more}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def linked(source: str, target: str) -> None:
    """The same file under another name, without its half a gigabyte where that can be."""
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)


class TorchTest(unittest.TestCase):
    alone = ""

    @classmethod
    def setUpClass(cls) -> None:
        cls.alone = run(DRAW.format(options=""))

    def test_draws_without_importing_torch(self) -> None:
        self.assertRegex(self.alone, "^DRAWN [0-9a-f]{64}$")
        count = run("import sys" + DRAW.format(options="") + "print('torch' in sys.modules)")
        self.assertTrue(count.endswith("False"))

    def test_shares_a_torch_of_the_same_release(self) -> None:
        threads = "import torch; torch.set_num_threads(1); assert float(torch.ones(3).sum()) == 3\n"
        with_torch = run(threads + DRAW.format(options="") + "assert float(torch.ones(3).sum()) == 3\n" + COUNT)
        self.assertRegex(with_torch, "^DRAWN [0-9a-f]{64}\n1$")

    def test_what_the_host_has_set_moves_no_picture_and_stands(self) -> None:
        for precision in ("FP32", "BF16"):
            draw = DRAW.format(options=f"precision=zimg.Precision.{precision}")
            alone = run(draw)
            steps = [f"{setting}\nbefore = {value}\n{draw}print({value} == before)\n"
                     for setting, value in SETTINGS.items()]  # fmt: skip
            drawn = run("import ctypes, torch\n" + "".join(steps)).splitlines()
            for setting, *found in zip(SETTINGS, drawn[::2], drawn[1::2], strict=True):
                self.assertEqual(found, [alone, "True"], f"{setting}, {precision}")

    def test_torch_may_be_imported_after(self) -> None:
        multiply = "import torch\nprint(float((torch.ones(64, 64) @ torch.ones(64, 64))[0, 0]))\n"
        after = run(DRAW.format(options="") + multiply + COUNT)
        self.assertEqual(after.splitlines(), [self.alone, "64.0", "1"])

    def test_refuses_another_release_and_names_both(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            library = pathlib.Path(folder) / "torch" / "lib" / "libtorch_cpu.so"
            library.parent.mkdir(parents=True)
            shutil.copy(os.environ["ZIMG_LIBRARY"], library)  # any library will do: its place and its release count
            (library.parents[1] / "version.py").write_text("__version__ = '2.6.0'\n")
            loaded = f"import ctypes; ctypes.CDLL({str(library)!r})\n"
            refused = run(loaded + DRAW.format(options=""))
            self.assertRegex(refused, "^UNSUPPORTED ")
            self.assertIn("2.6.0", refused)
            self.assertIn(str(library), refused)
            self.assertIn("libzimg_torch.so", refused)
            # A hit needs no engine: what stands in a cache is found all the same.
            found = run(loaded + DRAW.replace("steps=2", "steps=2, cache_mode=zimg.CacheMode.ONLY_IF_CACHED").format(
                options=f"cache_url='lmdb:{folder}/store?size=16MiB'"))  # fmt: skip
            self.assertRegex(found, "^NOT_FOUND ")

    def test_refuses_another_release_that_it_was_told_to_open(self) -> None:
        path = run("import torch; print(torch.__path__[0])")
        with tempfile.TemporaryDirectory() as folder:
            told = pathlib.Path(folder) / "torch"
            shutil.copytree(f"{path}/lib", told / "lib", copy_function=linked)
            (told / "version.py").write_text("__version__ = '2.6.0'\n")
            refused = run(DRAW.format(options=""), ZIMG_TORCH=str(told), XDG_CACHE_HOME=folder)
            self.assertRegex(refused, "^UNSUPPORTED ")
            self.assertIn("2.6.0", refused)
            self.assertIn(str(told), refused)


if __name__ == "__main__":
    unittest.main()
