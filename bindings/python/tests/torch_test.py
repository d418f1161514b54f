"""A Python program with a torch of its own: one of the same release is shared, so that one libtorch is mapped and both
compute; a library that lies where a torch of another release would is refused, and both are named."""

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


def run(program: str, **more: str) -> str:
    environment = {**os.environ, **more}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


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


if __name__ == "__main__":
    unittest.main()
