#!/usr/bin/env python3
"""The libtorch that is named is the one that is used; what an earlier run was told is remembered; nothing is half-installed."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(places LANGUAGES NONE)
list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
find_package(TorchLibrary REQUIRED)
"""


def libtorch(folder: pathlib.Path, minor: int = 13) -> pathlib.Path:
    """All that the search looks at in an installation."""
    headers = folder / "include/torch"
    for place in (headers / "headeronly", headers / "csrc/api/include/torch", folder / "lib"):
        place.mkdir(parents=True)
    numbers = ("MAJOR", 2), ("MINOR", minor), ("PATCH", 0)
    (headers / "headeronly/version.h").write_text("".join(f"#define TORCH_VERSION_{name} {number}\n" for name, number in numbers))
    (headers / "csrc/api/include/torch/torch.h").touch()
    (folder / "lib/libtorch_cpu.so").touch()
    (folder / "lib/libc10.so").write_text("_ZN3c105ErrorC1ERKNSt7__cxx1112basic_string\n")
    return folder


def program(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


class Places(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name).resolve()
        self.project = self.work / "a project"
        self.project.mkdir()
        shutil.copytree(SOURCE / "cmake", self.project / "cmake")
        (self.project / "CMakeLists.txt").write_text(PROJECT)
        self.python_has(None)

    def python_has(self, folder):
        """What python3 says about its package torch."""
        program(self.work / "bin/python3", f"echo '{folder or ''}'\n")

    def run_here(self, *command, named=None):
        environment = {name: value for name, value in os.environ.items() if name != "ZIMG_TORCH"}
        environment["PATH"] = f"{self.work / 'bin'}:{environment['PATH']}"
        if named:
            environment["ZIMG_TORCH"] = str(named)
        return subprocess.run(command, cwd=self.project, env=environment, capture_output=True, text=True)

    def used(self, *options, named=None) -> str:
        """Configures build/release; the place that it then uses."""
        result = self.run_here("cmake", "-S", ".", "-B", "build/release", *options, named=named)
        self.assertEqual(result.returncode, 0, result.stderr)
        cache = (self.project / "build/release/CMakeCache.txt").read_text()
        return next(line.split("=", 1)[1] for line in cache.splitlines() if line.startswith("ZIMG_TORCH_PREFIX:"))

    def provided(self, *options, named=None) -> str:
        """What the set-up would install, or the sentence that it ends with."""
        script = (". cmake/setup/packages.sh; . cmake/setup/torch.sh; zimg_pip_install() { echo installs $1; }; "
                  'zimg_provide_torch "$@"')
        result = self.run_here("bash", "-euc", script, "bash", *options, named=named)
        self.assertEqual(result.returncode != 0, bool(result.stderr), result.stderr)
        return result.stdout.strip() + result.stderr.strip()

    def test_a_named_place_is_kept_until_another_is_named(self):
        one, two = libtorch(self.work / "one"), libtorch(self.work / "two", minor=7)
        self.assertEqual(self.used(named=one), str(one))
        self.assertEqual(self.used(), str(one))
        self.assertEqual(self.used(named=two), str(two))
        self.assertEqual(self.used(named=f"{one}/lib"), str(one))
        self.assertEqual(self.used(f"-DTorch_DIR={two}/share/cmake/Torch"), str(two))
        self.assertEqual(self.used(f"-DZIMG_TORCH_PREFIX={one}"), str(one))
        self.assertEqual(self.used(), str(one))

    def test_an_option_goes_before_the_environment_also_afterwards(self):
        one, two = libtorch(self.work / "one"), libtorch(self.work / "two")
        self.assertEqual(self.used(f"-DZIMG_TORCH_PREFIX={one}", named=two), str(one))
        self.assertEqual(self.used(named=two), str(one))

    def test_the_set_up_installs_nothing_where_a_place_is_remembered(self):
        one = libtorch(self.work / "one")
        self.assertEqual(self.provided(), "installs torch-requirements.txt")
        self.used(f"-DZIMG_TORCH_PREFIX={one}")
        self.assertEqual(self.provided(), "")
        (one / "lib/libtorch_cpu.so").unlink()
        self.assertIn(f"{one} is no libtorch", self.provided())

    def test_what_was_found_without_being_named_may_go(self):
        one, two = libtorch(self.work / "one"), libtorch(self.work / "two")
        self.python_has(one)
        self.assertEqual(self.used(), str(one))
        self.assertEqual(self.provided(), "")
        shutil.rmtree(one)
        self.python_has(None)
        self.assertEqual(self.provided(), "installs torch-requirements.txt")
        self.python_has(two)
        self.assertEqual(self.provided(), "")
        self.assertEqual(self.used(), str(two))

    def test_a_named_place_must_do(self):
        old = libtorch(self.work / "old", minor=6)
        self.python_has(libtorch(self.work / "good"))
        for given in ({"named": old}, {"named": self.work / "nothing"}):
            self.assertRegex(self.provided(**given), "is libtorch 2.6.0, and zimg works with|is no libtorch")
        self.assertIn("is libtorch 2.6.0", self.provided(f"-DZIMG_TORCH_PREFIX={old}"))


class Packages(unittest.TestCase):
    """Installing into build/torch, with a pip that does what the test tells it."""

    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name).resolve()
        shutil.copytree(SOURCE / "cmake/setup", self.work / "cmake/setup")
        self.torch = self.work / "build/torch"
        self.pip_exits_with(0)

    def pip_exits_with(self, code: int):
        program(self.torch / "bin/pip", f"echo pip >> '{self.work}/calls'\nexit {code}\n")

    def install(self, *lists) -> int:
        """The number of times that pip was called."""
        calls = self.work / "calls"
        calls.unlink(missing_ok=True)
        script = ". cmake/setup/packages.sh; . cmake/setup/torch.sh; zimg_install_packages() { :; }; for l; do zimg_pip_install $l; done"
        subprocess.run(["bash", "-euc", script, "bash", *lists], cwd=self.work, capture_output=True)
        return len(calls.read_text().split()) if calls.exists() else 0

    def whole(self) -> list:
        return sorted(path.name for path in self.torch.glob("*-requirements.txt"))

    def test_what_is_installed_is_not_installed_again(self):
        both = "torch-requirements.txt", "parity-requirements.txt"
        self.assertEqual(self.install(*both), 2)
        self.assertEqual(self.whole(), sorted(both))
        self.assertEqual(self.install(*both), 0)

    def test_an_interrupted_run_is_not_taken_for_a_whole_one(self):
        self.install("torch-requirements.txt")
        self.pip_exits_with(1)
        self.assertEqual(self.install("parity-requirements.txt"), 1)
        self.assertEqual(self.whole(), ["torch-requirements.txt"])

    def test_no_list_holds_while_another_torch_is_put_in_its_place(self):
        self.install("torch-requirements.txt", "parity-requirements.txt")
        with open(self.work / "cmake/setup/torch-requirements.txt", "a") as requirements:
            requirements.write("torch==2.13.1\n")
        self.pip_exits_with(1)
        self.install("parity-requirements.txt")
        self.assertEqual(self.whole(), [])


if __name__ == "__main__":
    unittest.main()
