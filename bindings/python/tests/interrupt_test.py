"""Ctrl-C, and what else ends a program, while zimg calls Python: the call of zimg raises it, and nothing breaks."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import unittest
from typing import Callable

import zimg
from support import ZimgTest, ignored_exceptions, options_of, small
from zimg import _kept


class Shelf(zimg.ListingBackend):
    """Calls `before` first."""

    def __init__(self) -> None:
        self.held: dict[zimg.Key, zimg.Entry] = {}
        self.before: Callable[[], object] = lambda: None

    def find(self, key: zimg.Key) -> zimg.Entry | None:
        self.before()
        return self.held.get(key)

    def store(self, key: zimg.Key, entry: zimg.Entry) -> None:
        self.held[key] = entry

    def erase(self, key: zimg.Key) -> bool:
        return self.held.pop(key, None) is not None

    def entries(self) -> list[tuple[zimg.Key, zimg.Entry]]:
        self.before()
        return sorted(self.held.items(), key=lambda item: item[0].octets)


def press_ctrl_c() -> object:
    return signal.raise_signal(signal.SIGINT)  # type: ignore[func-returns-value]


def leave() -> None:
    raise SystemExit(3)


class InterruptTest(ZimgTest):
    def setUp(self) -> None:
        super().setUp()
        self.ignored = ignored_exceptions(self)
        self.on_event: Callable[[], object] = lambda: None
        self.shelf = Shelf()
        self.wrapped = zimg.wrap_cache(self.shelf, "a shelf")
        options = options_of(self.painter, on_trace=lambda event: self.on_event())
        self.wrapping = zimg.Generator(options, self.wrapped)
        self.addCleanup(self.wrapping.close)
        self.wrapping.generate(small())
        self.wrapping.drain()
        self.kept = _kept.count()

    def tearDown(self) -> None:
        self.assertEqual(self.ignored, [])  # nothing crossed C
        self.assertEqual(_kept.count(), self.kept)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)
        self.shelf.before = self.on_event = lambda: None
        self.painter.before = None
        self.assertTrue(self.wrapping.generate(small()).is_hit)

    def test_a_pipeline(self) -> None:
        self.painter.before = lambda drawing: press_ctrl_c()
        self.assertRaises(KeyboardInterrupt, lambda: self.wrapping.generate(small("another")))
        self.painter.before = lambda drawing: leave()  # on a thread of zimg, which no SystemExit ends
        self.refused(zimg.InternalError, "SystemExit: 3", lambda: self.wrapping.generate(small("a third")))

    def test_a_cache(self) -> None:
        for stop, kind in ((press_ctrl_c, KeyboardInterrupt), (leave, SystemExit)):
            self.shelf.before = stop
            for ask in (
                lambda: self.wrapping.generate(small()),
                lambda: self.wrapped.find(zimg.Key(bytes(32))),
                lambda: zimg.Key(bytes(32)) in self.wrapped,
                lambda: self.wrapped.list(lambda *seen: None),
                lambda: zimg.export_bundle(self.wrapped, self.folder + "/bundle"),
            ):
                self.assertRaises(kind, ask)

    def test_a_trace(self) -> None:
        self.on_event = press_ctrl_c
        self.assertRaises(KeyboardInterrupt, lambda: self.wrapping.generate(small()))

    def test_a_clock_and_a_warning(self) -> None:
        entry = zimg.Entry(bytes(845), width=2, height=1, namespace="default", model="m")
        for policy in (
            zimg.Policy(clock=lambda: int(press_ctrl_c() is None)),
            zimg.Policy(on_warning=lambda text: press_ctrl_c()),
        ):
            with zimg.memory_cache(1000, policy) as cache:
                self.assertRaises(KeyboardInterrupt, lambda: cache.store(zimg.Key(bytes(32)), entry))
                self.assertTrue(cache.description)
                policy.clock = policy.on_warning = None

    def test_a_visitor(self) -> None:
        self.assertRaises(KeyboardInterrupt, lambda: self.wrapped.list(lambda *seen: press_ctrl_c()))
        self.assertRaises(KeyboardInterrupt, lambda: self.wrapped.verify(lambda counts: press_ctrl_c()))

    def test_a_progress_callback(self) -> None:
        self.painter.steps = 2
        request = small("another")

        def stop(progress: zimg.Progress) -> None:
            raise KeyboardInterrupt

        request.on_progress = stop
        self.assertRaises(KeyboardInterrupt, lambda: self.wrapping.generate(request))

    def test_a_program_that_ignores_it_goes_on(self) -> None:
        heard: list[int] = []
        before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
        try:
            self.shelf.before = press_ctrl_c
            self.assertTrue(self.wrapping.generate(small()).is_hit)
        finally:
            signal.signal(signal.SIGINT, before)
        self.assertEqual(heard, [signal.SIGINT])

    def test_a_handler_that_a_callback_sets_stays(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        try:
            self.shelf.before = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
            self.wrapping.generate(small())
            self.assertIs(signal.getsignal(signal.SIGINT), signal.SIG_IGN)
        finally:
            signal.signal(signal.SIGINT, before)

    def test_wherever_it_comes(self) -> None:
        """Also before the first statement of a callback, where no `try` of Python sees it."""
        for call in (
            lambda: self.wrapping.generate(small()),
            lambda: self.wrapped.list(lambda *seen: None),
        ):
            for _ in range(150):
                seen: list[object] = []  # what Python hears in a __del__, no program hears
                pressing = threading.Thread(target=_press_after, args=(random.random() / 500,))
                with self.assertRaises(KeyboardInterrupt):
                    pressing.start()
                    deadline = time.monotonic() + 10
                    while time.monotonic() < deadline:
                        seen.append(call())
                pressing.join()


def _press_after(seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    unittest.main()
