"""Runs the program of docs/csharp.md in an empty folder: example_test.py MONO PROGRAM."""

import os
import subprocess
import sys
import tempfile
import unittest

COMMAND = [sys.argv[1], "--debug", sys.argv[2]]
CAN_DRAW = os.environ.get("ZIMG_CAN_DRAW") == "1"


class ExampleTest(unittest.TestCase):
    def run_in(self, folder):
        return subprocess.run(COMMAND, cwd=folder, capture_output=True, text=True, timeout=300)

    def test_does_what_the_page_says(self):
        with tempfile.TemporaryDirectory() as folder:
            first = self.run_in(folder)
            if not CAN_DRAW:  # it must say so, and where it looked
                self.assertIn("the engine module libzimg_torch.so", first.stdout + first.stderr)
                return
            self.assertEqual((first.returncode, first.stderr), (0, ""))
            said = first.stdout.splitlines()
            self.assertEqual([line.split(",")[0] for line in said[:2]], ["Drawn", "Hit"])
            self.assertIn("8 of 8", said)
            self.assertTrue(said[-1].startswith("InvalidArgument: "))
            self.assertTrue(os.path.getsize(folder + "/circle.png") > 1000)
            second = self.run_in(folder)
            self.assertEqual([line.split(",")[0] for line in second.stdout.splitlines()[:2]], ["Hit", "Hit"])
            self.assertTrue([line for line in second.stdout.splitlines() if line.endswith(" Hit")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
