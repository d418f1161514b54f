"""100,000 of each light handle and 1,000 caches and generators come and go, and no memory stays behind."""

from __future__ import annotations

import gc
import os
import unittest
from typing import Callable

import zimg
from support import MODEL, Painter, ZimgTest, options_of, small
from zimg import _kept
from zimg._library import lib
from zimg._values import made

LIGHT = int(os.environ.get("ZIMG_LEAK_LIGHT", "100000"))
HEAVY = int(os.environ.get("ZIMG_LEAK_HEAVY", "1000"))
PAGE = os.sysconf("SC_PAGE_SIZE")
# What the allocators may keep of their own accord; a leak of 100 bytes a handle is ten times that.
SLACK = 1 << 20


def resident() -> int:
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * PAGE


class LeakTest(ZimgTest):
    def check(self, times: int, come_and_go: Callable[[], object], slack: int = SLACK) -> None:
        for _ in range(times // 10):
            come_and_go()
        grown, held = slack, _kept.count()
        for _ in range(3):  # an arena of malloc is taken once, and a leak goes on
            if grown >= slack:
                before = resident()
                for _ in range(times):
                    come_and_go()
                grown = resident() - before
        self.assertLess(grown, slack)
        self.assertEqual(_kept.count(), held)

    def test_each_light_handle(self) -> None:
        for name in ("options", "request", "cancel_token", "policy", "lmdb_options", "entry", "purge_filter", "prewarm",
                     "picture"):  # fmt: skip
            create, destroy = getattr(lib, f"zimg_{name}_create"), getattr(lib, f"zimg_{name}_destroy")
            with self.subTest(name):
                self.check(LIGHT, lambda: destroy(made(create)))

    def test_each_value_that_is_filled(self) -> None:
        def come_and_go() -> None:
            request = zimg.Request("a red circle", "blue", 64, 64, 8, 1.0, tag="tag", cancel=zimg.CancelToken())
            lib.zimg_request_destroy(request._make())
            lib.zimg_entry_destroy(zimg.Entry(b"payload", namespace="n", model="m")._make())
            lib.zimg_policy_destroy(zimg.Policy([zimg.NamespaceRule("n")], clock=lambda: 0)._make())

        self.check(LIGHT // 10, come_and_go)

    def test_errors(self) -> None:
        def come_and_go() -> None:
            try:
                zimg.Key.from_hex("no key")
            except zimg.InvalidArgumentError:
                pass

        self.check(LIGHT, come_and_go)

    def test_results(self) -> None:
        request = small()
        self.generator.generate(request)
        self.generator.drain()
        self.check(LIGHT, lambda: self.generator.generate(request).bytes)

    def test_results_and_all_that_they_show(self) -> None:
        request = small()
        self.generator.generate(request)
        self.generator.drain()

        def come_and_go() -> None:
            result = self.generator.generate(request)
            self.assertTrue(result.report.model and result.view and self.generator.metrics().prometheus())
            self.generator.explain_key(request)
            self.cache.stats()

        self.check(HEAVY, come_and_go)

    def test_jobs(self) -> None:
        request = small()
        request.on_progress = lambda progress: None
        self.check(HEAVY, lambda: self.generator.generate(request))

    def test_caches(self) -> None:
        self.check(HEAVY, lambda: zimg.memory_cache(1 << 20).close())

    def test_stores(self) -> None:
        self.check(HEAVY // 10, lambda: zimg.open_cache(f"lmdb:{self.folder}/store?size=4MiB").close())  # type: ignore[union-attr]

    def test_generators(self) -> None:
        painter = Painter()
        self.check(HEAVY, lambda: zimg.Generator(options_of(painter), self.cache).close(), 2 * SLACK)

    def test_tokenizers(self) -> None:
        self.check(HEAVY // 10, lambda: zimg.Tokenizer(MODEL))


if __name__ == "__main__":
    unittest.main()
