"""Runs the zimg program the way a person would: in a fresh folder, with a cache of its own.

CTest sets ZIMG_PROGRAM, and ZIMG_CAN_DRAW where the engine is built.
"""
import hashlib
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["ZIMG_PROGRAM"]
CAN_DRAW = os.environ.get("ZIMG_CAN_DRAW") == "1"

# Small and few, so that a test takes no longer than opening the engine does.
QUICK = ["--size", "64x64", "--steps", "1"]

needs_engine = unittest.skipUnless(CAN_DRAW, "this build has no engine")


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="zimg-program-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {k: v for k, v in os.environ.items() if k not in ("ZIMG_CACHE", "ZIMG_MODEL", "ZIMG_DEVICE")}
        self.environment["XDG_CACHE_HOME"] = self.path("cache")
        self.work = self.path("work")
        os.mkdir(self.work)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self, *arguments, **settings):
        environment = dict(self.environment, **settings.pop("environment", {}))
        return subprocess.Popen([PROGRAM, *arguments], cwd=self.work, env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **settings)

    def run_zimg(self, *arguments, environment=None, stdin=None):
        """(exit code, stdout, stderr)"""
        done = subprocess.run([PROGRAM, *arguments], cwd=self.work, env=dict(self.environment, **(environment or {})),
                              input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=240,
                              stdin=None if stdin is not None else subprocess.DEVNULL)
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def succeed(self, *arguments, **settings):
        code, out, err = self.run_zimg(*arguments, **settings)
        self.assertEqual(code, 0, err)
        return out

    def draw(self, prompt, output, *options, **settings):
        """The JSON object of one drawing."""
        return json.loads(self.succeed("draw", prompt, "-o", output, "--json", *QUICK, *options, **settings))

    def refuse(self, code, words, *arguments, **settings):
        """The command must end with `code` and say one sentence with `words` in it, and nothing else."""
        actual, out, err = self.run_zimg(*arguments, **settings)
        self.assertEqual(actual, code, (arguments, out, err))
        lines = [line for line in err.splitlines() if line.startswith("zimg: ") and "warning" not in line]
        self.assertEqual(len(lines), 1, (arguments, err))
        self.assertIn(words, lines[0])
        self.assertNotIn("terminate called", err)
        return err

    def read(self, name):
        with open(os.path.join(self.work, name), "rb") as file:
            return file.read()

    def write(self, name, content):
        with open(os.path.join(self.work, name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return os.path.join(self.work, name)

    def files(self, folder=""):
        return sorted(os.listdir(os.path.join(self.work, folder)))


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def png_size(content):
    """Width and height, after a look at both ends: a whole PNG has an IEND."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and content[-8:-4] == b"IEND", "not a whole PNG"
    return struct.unpack(">II", content[16:24])


def main():
    unittest.main(verbosity=2)
