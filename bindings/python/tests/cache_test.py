"""Caches of zimg and caches written in Python, bundles, stores."""

from __future__ import annotations

import datetime
import hashlib
import shutil
import threading
import time
import unittest
from typing import Iterable

import zimg
from support import ZimgTest, options_of, small
from zimg import _kept


def entry(payload: bytes = b"a picture", **facts: object) -> zimg.Entry:
    made = zimg.Entry(payload, width=2, height=1, namespace="default", model="m")
    for name, value in facts.items():
        assert hasattr(made, name), name
        setattr(made, name, value)
    return made


def key(number: int = 0) -> zimg.Key:
    return zimg.Key(bytes([number] * 32))


class Shelf(zimg.ListingBackend, zimg.PinningBackend, zimg.CountingBackend, zimg.ContainingBackend):
    """All that a cache in Python may do."""

    def __init__(self) -> None:
        self.held: dict[zimg.Key, zimg.Entry] = {}
        self.failure: Exception | None = None
        self.lie = b""
        self.is_open = threading.Event()
        self.is_open.set()

    def _begin(self) -> None:
        self.is_open.wait()
        if self.failure is not None:
            raise self.failure

    def find(self, key: zimg.Key) -> zimg.Entry | None:
        self._begin()
        found = self.held.get(key)
        if found is not None and self.lie:
            return entry(self.lie, payload_sha256=found.payload_sha256, format=found.format, width=found.width)
        return found

    def store(self, key: zimg.Key, entry: zimg.Entry) -> zimg.StoreOutcome | None:
        self._begin()
        self.held[key] = entry
        return None

    def erase(self, key: zimg.Key) -> bool:
        self._begin()
        return self.held.pop(key, None) is not None

    def contains(self, key: zimg.Key) -> bool:
        return key in self.held

    def pin(self, key: zimg.Key, is_pinned: bool) -> bool:
        if key in self.held:
            self.held[key].is_pinned = is_pinned
        return key in self.held

    def counts(self) -> dict[zimg.Count, int]:
        return {zimg.Count.ENTRIES: len(self.held), zimg.Count.CAPACITY_BYTES: 12345}

    def entries(self) -> Iterable[tuple[zimg.Key, zimg.Entry]]:
        return sorted(self.held.items(), key=lambda item: item[0].octets)


class CacheContract:
    """What every cache does. `self.made` is one that is empty."""

    made: zimg.Cache

    def test_stores_finds_and_erases(self) -> None:
        assert isinstance(self, unittest.TestCase)
        self.assertIsNone(self.made.find(key()))
        self.assertEqual(self.made.store(key(), entry(tag="t", draw_ms=5.5)), zimg.StoreOutcome.STORED)
        found = self.made.find(key())
        assert found is not None
        self.assertEqual((found.payload, found.tag, found.draw_ms), (b"a picture", "t", 5.5))
        self.assertEqual(found.payload_sha256, hashlib.sha256(b"a picture").digest())
        self.assertIn(key(), self.made)
        self.assertNotIn(key(1), self.made)
        self.assertEqual(self.made.peek(key()), found)
        self.assertTrue(self.made.erase(key()))
        self.assertFalse(self.made.erase(key()))

    def test_lists_purges_and_verifies(self) -> None:
        assert isinstance(self, unittest.TestCase)
        outcomes = self.made.store_all((key(i), entry(bytes([i]), tag="even" if i % 2 == 0 else "odd")) for i in range(6))
        self.assertEqual(outcomes, [zimg.StoreOutcome.STORED] * 6)
        seen: list[int] = []
        self.made.list(lambda its_key, its_entry, size: seen.append(its_key.octets[0]))
        self.assertEqual(seen, list(range(6)))
        looks: list[int] = []

        def two(its_key: zimg.Key, its_entry: zimg.Entry, size: int) -> bool:
            looks.append(size)
            return len(looks) < 2

        self.made.list(two)
        self.assertEqual(looks, [1, 1])
        self.assertEqual(self.made.purge(zimg.PurgeFilter(tag="even")), 3)
        self.assertEqual(self.made.erase_if(lambda its_key, its_entry, size: its_key == key(1)), 1)
        told: list[int] = []
        counts = self.made.verify(lambda so_far: told.append(so_far[zimg.Count.ENTRIES]))
        self.assertEqual(counts[zimg.Count.ENTRIES], 2)
        self.assertEqual(len(told), 2)

    def test_pins(self) -> None:
        assert isinstance(self, unittest.TestCase)
        self.made.store(key(), entry())
        self.assertTrue(self.made.pin(key()))
        found = self.made.find(key())
        assert found is not None
        self.assertTrue(found.is_pinned)
        self.assertFalse(self.made.pin(key(1)))

    def test_says_what_it_holds(self) -> None:
        assert isinstance(self, unittest.TestCase)
        self.made.store(key(), entry())
        stats = self.made.stats()
        self.assertEqual(stats.counts[zimg.Count.ENTRIES], 1)
        self.assertEqual(stats.namespaces[0].name, "default")
        self.assertTrue(self.made.description)

    def test_raises_what_a_visitor_raises(self) -> None:
        assert isinstance(self, unittest.TestCase)
        self.made.store_all([(key(1), entry()), (key(2), entry())])
        with self.assertRaises(ZeroDivisionError):
            self.made.list(lambda *_: 1 // 0)
        with self.assertRaises(ZeroDivisionError):
            self.made.erase_if(lambda *_: 1 // 0)
        with self.assertRaises(ZeroDivisionError):
            self.made.verify(lambda *_: 1 // 0)
        self.assertEqual(self.made.stats().counts[zimg.Count.ENTRIES], 2)


class MemoryTest(CacheContract, unittest.TestCase):
    def setUp(self) -> None:
        self.made = zimg.memory_cache(1 << 20)


class StoreTest(CacheContract, ZimgTest):
    def setUp(self) -> None:
        super().setUp()
        self.options = zimg.LmdbOptions(path=self.folder + "/store", capacity_bytes=16 << 20)
        self.made = zimg.open_store(self.options)
        self.addCleanup(self.made.close)

    def test_two_generators_share_one_store(self) -> None:
        second = zimg.open_cache(f"lmdb:{self.folder}/store")
        with zimg.Generator(options_of(self.painter), self.made) as one:
            with zimg.Generator(options_of(self.painter), second) as other:
                one.generate(small())
                one.drain()
                self.assertTrue(other.generate(small()).is_hit)

    def test_rebuilds_and_resizes_a_store_that_nobody_has_open(self) -> None:
        self.made.store(key(), entry())
        with self.assertRaises(zimg.Error):
            zimg.rebuild_store(self.options)
        self.made.close()
        rebuilt = zimg.rebuild_store(self.options)
        self.assertEqual([rebuilt[count] for count in (zimg.Count.ENTRIES, zimg.Count.LISTED)], [1, 1])
        self.options.capacity_bytes = 32 << 20
        zimg.resize_store(self.options)
        with zimg.open_store(zimg.LmdbOptions(url=f"lmdb:{self.folder}/store")) as again:
            self.assertIn(key(), again)
            self.assertGreater(again.stats().counts[zimg.Count.CAPACITY_BYTES], 16 << 20)

    def test_verifies_what_is_listed_and_the_records_themselves(self) -> None:
        self.made.store_all((key(i), entry()) for i in range(3))
        told: list[int] = []
        counts = self.made.verify(lambda so_far: told.append(so_far[zimg.Count.LISTED]))
        self.assertEqual([counts[count] for count in (zimg.Count.LISTED, zimg.Count.TREE_DAMAGES)], [3, 0])
        self.assertEqual(told, [3, 3, 3])

    def test_exports_and_imports(self) -> None:
        self.made.store_all([(key(1), entry()), (key(2), entry())])
        bundle = self.folder + "/bundle"
        self.assertEqual(zimg.export_bundle(self.made, bundle)[zimg.Count.ENTRIES], 2)
        one = zimg.export_bundle(self.made, bundle + ".one", lambda its_key, *_: its_key == key(1))
        self.assertEqual(one[zimg.Count.ENTRIES], 1)
        with open(bundle, "r+b") as file:
            octets = bytearray(file.read())
            octets[octets.index(b"a picture")] ^= 1
            file.seek(0)
            file.write(octets)
        refused: list[zimg.Refused] = []
        with zimg.memory_cache(1 << 20) as other:
            counts = zimg.import_bundle(other, bundle, refused.append)
        self.assertEqual((counts[zimg.Count.STORED], len(refused)), (1, 1))
        self.assertTrue(refused[0].reason)

    def test_encrypts_a_namespace(self) -> None:
        options = zimg.LmdbOptions(path=self.folder + "/secret", capacity_bytes=16 << 20)
        for secrets in (dict[str, bytes](), {"default": b"0123456789abcdef"}):
            options.namespace_secrets = secrets
            shutil.rmtree(self.folder + "/secret", ignore_errors=True)
            with zimg.open_store(options) as cache:
                cache.store(key(), entry(b"very private " * 100))
            with open(self.folder + "/secret/data.mdb", "rb") as file:
                self.assertEqual(b"very private" in file.read(), not secrets)
        self.assertEqual(zimg.verify_store(options)[zimg.Count.PAYLOAD_BYTES], 1300)
        options.namespace_secrets["default"] = b"another secret"
        self.assertEqual(zimg.verify_store(options)[zimg.Count.UNREADABLE], 1)

    def test_a_policy_has_the_secrets_of_a_cache_url(self) -> None:
        url = f"lmdb:{self.folder}/secret?size=16MiB&encrypt=1"
        for without in (None, zimg.Policy()):
            with self.assertRaisesRegex(zimg.InvalidArgumentError, "encrypt=1"):
                zimg.open_cache(url, without)
        policy = zimg.Policy(namespace_secrets={"default": b"0123456789abcdef"})
        first = zimg.open_cache(url, policy)
        assert first is not None
        with first:
            first.store(key(), entry())
        with zimg.open_store(zimg.LmdbOptions(url=url, policy=policy)) as cache:
            self.assertIsNotNone(cache.find(key()))
        own = zimg.LmdbOptions(url=url, policy=policy, namespace_secrets={"default": b"another secret"})
        with zimg.open_store(own) as cache:
            self.assertIsNone(cache.find(key()))
        for shown in (repr(policy), repr(own), repr(zimg.Options(namespace_secrets={"default": b"0123456789abcdef"}))):
            self.assertNotIn("0123456789abcdef", shown)

    def test_verifies_a_store_without_opening_it(self) -> None:
        self.made.store_all((key(i), entry(bytes([97 + i]) * 20000)) for i in range(3))
        self.made.close()
        with open(self.folder + "/store/data.mdb", "r+b") as file:
            file.seek(file.read().index(b"b" * 2000))
            file.write(b"damage")
        with self.assertRaises(zimg.CancelledError):
            zimg.verify_store(self.options, lambda _: False)
        counts = zimg.verify_store(self.options)
        self.assertEqual([counts[count] for count in (zimg.Count.ENTRIES, zimg.Count.CORRUPT)], [3, 1])
        self.assertEqual(zimg.verify_store(self.options)[zimg.Count.ENTRIES], 2)
        with self.assertRaises(zimg.NotFoundError):
            zimg.verify_store(zimg.LmdbOptions(path=self.folder + "/absent"))


class TierTest(CacheContract, unittest.TestCase):
    def setUp(self) -> None:
        self.made = zimg.tier(zimg.memory_cache(1 << 20), zimg.memory_cache(1 << 22))


class BackendTest(CacheContract, ZimgTest):
    def setUp(self) -> None:
        super().setUp()
        self.shelf = Shelf()
        self.made = zimg.wrap_cache(self.shelf, "a shelf")

    def generator_of_it(self) -> zimg.Generator:
        generator = zimg.Generator(options_of(self.painter), self.made)
        self.addCleanup(generator.close)
        return generator

    def test_keeps_pictures(self) -> None:
        generator = self.generator_of_it()
        first = generator.generate(small())
        generator.drain()
        self.assertEqual(generator.generate(small()).bytes, first.bytes)
        self.assertTrue(generator.generate(small()).is_hit)
        self.assertEqual(self.made.stats().counts[zimg.Count.CAPACITY_BYTES], 12345)

    def test_a_cache_that_fails_fails_no_request(self) -> None:
        generator = self.generator_of_it()
        self.shelf.failure = RuntimeError("the shelf has fallen")
        result = generator.generate(small())
        generator.drain()
        result.refresh_stored()
        self.assertEqual(result.outcome, zimg.Outcome.DRAWN)
        self.assertIn("the shelf has fallen", " ".join([*result.report.warnings, result.report.store_note]))
        self.refused(zimg.Error, "the shelf has fallen", lambda: self.made.find(key()))

    def test_a_failure_that_calls_itself_no_failure_is_one(self) -> None:
        self.shelf.failure = zimg.Error("all is well", zimg.Status.OK)
        self.refused(zimg.InternalError, "all is well", lambda: self.made.find(key()))
        self.refused(zimg.InternalError, "all is well", lambda: self.made.store(key(), entry()))

    def test_a_cache_that_asks_a_generator_is_told_no(self) -> None:
        other = zimg.Generator(options_of(self.painter))
        self.addCleanup(other.close)
        asked: list[zimg.Error] = []

        class Asking(Shelf):
            def find(self, key: zimg.Key) -> zimg.Entry | None:
                for ask in (lambda: other.generate(small()), other.drain, cache.close):
                    try:
                        ask()
                    except zimg.InvalidArgumentError as error:
                        asked.append(error)
                return None

        cache = zimg.wrap_cache(Asking(), "asking")
        self.assertIsNone(cache.find(key()))
        self.assertEqual(len(asked), 3)

    def test_a_cache_that_lies_is_found_out(self) -> None:
        generator = self.generator_of_it()
        first = generator.generate(small())
        generator.drain()
        for lie in (b"another picture", first.bytes[:-1], first.bytes + b"!"):
            self.shelf.lie = lie
            result = generator.generate(small())
            self.assertEqual((result.outcome, result.bytes), (zimg.Outcome.DRAWN, first.bytes))
            self.shelf.lie = b""
            generator.drain()

    def test_a_cache_that_blocks_is_waited_for(self) -> None:
        generator = self.generator_of_it()
        self.shelf.is_open.clear()
        with generator.start(small()) as job:
            self.assertFalse(job.wait(0.1))
            self.shelf.is_open.set()
            self.assertEqual(job.result(10).outcome, zimg.Outcome.DRAWN)

    def test_a_plain_one_need_not_do_more_than_three_things(self) -> None:
        class Plain(zimg.CacheBackend):
            held: dict[zimg.Key, zimg.Entry] = {}

            def find(self, key: zimg.Key) -> zimg.Entry | None:
                return self.held.get(key)

            def store(self, key: zimg.Key, entry: zimg.Entry) -> zimg.StoreOutcome:
                self.held[key] = entry
                return zimg.StoreOutcome.STORED

            def erase(self, key: zimg.Key) -> bool:
                return self.held.pop(key, None) is not None

        cache = zimg.wrap_cache(Plain(), "plain")
        cache.store(key(), entry())
        self.assertIn(key(), cache)
        self.assertTrue(cache.pin(key()))
        with self.assertRaises(zimg.UnsupportedError):
            cache.list(lambda *_: None)

    def test_is_let_go(self) -> None:
        before = _kept.count()
        cache = zimg.wrap_cache(Shelf(), "another")
        self.assertEqual(_kept.count(), before + 1)
        with zimg.Generator(options_of(self.painter), cache):
            del cache
            self.assertEqual(_kept.count(), before + 2)  # and the painter
        self.assertEqual(_kept.count(), before)


class PolicyTest(ZimgTest):
    def test_keeps_to_quotas_a_clock_and_warns(self) -> None:
        now = [1_000_000]
        warnings: list[str] = []
        rule = zimg.NamespaceRule("small", limit_bytes=100, ttl=datetime.timedelta(seconds=1))
        policy = zimg.Policy([rule], clock=lambda: now[0], on_warning=warnings.append)
        with zimg.memory_cache(1000, policy) as cache:
            self.assertEqual(
                cache.store(key(1), entry(bytes(200), namespace="small")), zimg.StoreOutcome.OVER_QUOTA
            )
            cache.store(key(2), entry(bytes(50), namespace="small"))
            self.assertIn(key(2), cache)
            now[0] += 2000
            self.assertNotIn(key(2), cache)
            cache.store(key(3), entry(bytes(845)))
        self.assertEqual(len(warnings), 1)

    def test_a_time_to_live_below_a_millisecond_is_not_taken_for_none(self) -> None:
        for microseconds in (1, 999, -1):
            rule = zimg.NamespaceRule("short", ttl=datetime.timedelta(microseconds=microseconds))
            with self.assertRaises(zimg.InvalidArgumentError):
                zimg.memory_cache(1000, zimg.Policy([rule]))
        for ttl in (datetime.timedelta(milliseconds=1), datetime.timedelta(0)):
            zimg.memory_cache(1000, zimg.Policy([zimg.NamespaceRule("short", ttl=ttl)])).close()

    def test_a_clock_that_fails_is_the_clock_of_the_system(self) -> None:
        for clock in (lambda: 1 // 0, lambda: 1.5, lambda: 2**64):
            rule = zimg.NamespaceRule("*", ttl=datetime.timedelta(hours=1))
            policy = zimg.Policy([rule], clock=clock)  # type: ignore[arg-type]
            with zimg.memory_cache(1000, policy) as cache:
                cache.store(key(), entry())
                self.assertIn(key(), cache)
                self.assertAlmostEqual(cache.stats().counts[zimg.Count.OLDEST_MS] / 1000, time.time(), delta=60)

    def test_survives_callbacks_that_raise(self) -> None:
        policy = zimg.Policy(clock=lambda: 1 // 0, on_warning=lambda warning: 1 // 0)
        with zimg.memory_cache(1000, policy) as cache:
            self.assertEqual(cache.store(key(), entry(bytes(845))), zimg.StoreOutcome.STORED)


if __name__ == "__main__":
    unittest.main()
