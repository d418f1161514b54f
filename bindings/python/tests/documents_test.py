"""The programs in docs/python.md are run, each in a folder of its own; the page's twin must show the same ones."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PAGES = pathlib.Path(os.environ["ZIMG_PAGES"])
CAN_DRAW = os.environ.get("ZIMG_CAN_DRAW") == "1"


def programs(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (PAGES / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class DocumentsTest(unittest.TestCase):
    def test_the_twins_show_the_same_programs(self) -> None:
        self.assertGreater(len(programs("python.md")), 4)
        self.assertEqual(programs("python.md"), programs("python.zh.md"))

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


if __name__ == "__main__":
    unittest.main()
