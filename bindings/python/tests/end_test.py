"""The end of a program that has not closed what it opened, or is in calls of zimg on daemon threads."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest

import zimg
from support import ZimgTest

_BEGIN = f"""
import sys, threading, time
sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})
import zimg
from support import Painter, options_of, small
painter = Painter()
"""

# Python that takes its time to end, in which other threads come back for it.
_SLOW_END = """
class Slow:
    def __del__(self, sleep=time.sleep):
        sleep(0.5)
sys.modules["slow"] = Slow()
"""


class EndOfProcessTest(ZimgTest):
    def run_python(self, program: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", _BEGIN + program], capture_output=True, text=True, timeout=60)

    def test_pending_stores_are_waited_for_and_threads_stopped(self) -> None:
        program = f"""
cache = zimg.open_cache("lmdb:{self.folder}/store?size=16MiB")
generator = zimg.Generator(options_of(painter), cache)
generator.generate(small())
painter.is_open.clear()
job = generator.start(small("never ends"))
painter.is_waiting.wait(10)
"""
        run = self.run_python(program)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        with zimg.open_store(zimg.LmdbOptions(path=self.folder + "/store")) as cache:
            self.assertEqual(cache.stats().counts[zimg.Count.ENTRIES], 1)

    def check_end(self, call: str) -> None:
        """The program ends in order while a daemon thread is in `call`, which sets `is_inside` and would not end."""
        program = f"""
cache = zimg.open_cache("lmdb:{self.folder}/store?size=16MiB")
generator = zimg.Generator(options_of(painter), cache)
generator.generate(small())
generator.drain()
painter.is_open.clear()
is_inside = painter.is_waiting
def stay(*_):
    is_inside.set()
    time.sleep(0.005)
    return True
def call():
    try:
        {call}
    except (zimg.CancelledError, zimg.ClosedError):
        pass
threading.Thread(target=call, daemon=True).start()
assert is_inside.wait(10)
"""
        run = self.run_python(program + _SLOW_END)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_a_daemon_thread_that_draws(self) -> None:
        self.check_end('generator.generate(small("never ends"))')

    def test_a_daemon_thread_that_draws_with_a_token_of_its_own(self) -> None:
        self.check_end('generator.generate(zimg.Request("never ends", cancel=zimg.CancelToken()))')

    def test_a_daemon_thread_that_waits_for_a_job(self) -> None:
        self.check_end('generator.start(small("never ends")).result()')

    def test_a_daemon_thread_that_prewarms(self) -> None:
        self.check_end('generator.prewarm([small("never ends")])')

    def test_a_daemon_thread_that_lists(self) -> None:
        self.check_end("[cache.list(stay) for _ in range(10000)]")

    def test_a_daemon_thread_that_verifies(self) -> None:
        store = f'zimg.LmdbOptions(path="{self.folder}/store")'
        self.check_end(f"[zimg.verify_store({store}, stay) for _ in range(10000)]")


if __name__ == "__main__":
    unittest.main()
