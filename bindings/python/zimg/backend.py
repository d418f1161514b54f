"""Caches written in Python."""

from __future__ import annotations

import abc
import ctypes
from typing import Any, Callable, Iterable

from . import _raw
from ._foreign import answer
from ._interrupts import unbroken
from ._kept import forget, keep, kept, release
from ._library import lib
from ._values import call, instance, made, u64, utf8
from .cache import Cache
from .entry import Entry, entry_of
from .enums import Count, StoreOutcome
from .keys import Key


class CacheBackend(abc.ABC):
    """A cache of one's own, for wrap_cache(). Called from any thread of zimg at any time. May forget, never lie: zimg
    checks the SHA-256 of what is found and takes a wrong one for absent. What a method raises is the cache's failure,
    which never fails a request. A method must not ask a generator for a picture or a key, drain one or close a cache:
    that may be waiting for it, and is refused."""

    @abc.abstractmethod
    def find(self, key: Key) -> Entry | None:
        """The entry under the key, with its payload and all of its facts."""

    @abc.abstractmethod
    def store(self, key: Key, entry: Entry) -> StoreOutcome | None:
        """Keeps the entry with all of its facts. None is STORED."""

    @abc.abstractmethod
    def erase(self, key: Key) -> bool:
        """False where it was not there."""


class ListingBackend(CacheBackend):
    """One that can say what it holds, so that it can be listed, purged, verified and exported."""

    @abc.abstractmethod
    def entries(self) -> Iterable[tuple[Key, Entry]]:
        """Each entry in key order, with its payload."""


class CountingBackend(CacheBackend):
    """One that counts for itself; without, zimg counts what passes here."""

    @abc.abstractmethod
    def counts(self) -> dict[Count, int]:
        """Those of Stats."""


class PinningBackend(CacheBackend):
    """One that pins by itself; without, zimg finds and stores."""

    @abc.abstractmethod
    def pin(self, key: Key, is_pinned: bool) -> bool:
        """False where it is not there."""


class ContainingBackend(CacheBackend):
    """One that knows what is there without reading it; without, zimg finds."""

    @abc.abstractmethod
    def contains(self, key: Key) -> bool: ...


def wrap_cache(backend: CacheBackend, description: str) -> Cache:
    """`description` is what a person would call it. The backend is held until nothing uses the cache any more."""
    table = _raw.CacheTable(
        struct_size=ctypes.sizeof(_raw.CacheTable),
        find=_find,
        store=_store,
        erase=_erase,
        release=release,
        list=_list if isinstance(backend, ListingBackend) else _raw.CacheTable.List(),
        contains=_contains if isinstance(backend, ContainingBackend) else _raw.CacheTable.Contains(),
        pin=_pin if isinstance(backend, PinningBackend) else _raw.CacheTable.Pin(),
        stats=_stats if isinstance(backend, CountingBackend) else _raw.CacheTable.Stats(),
    )
    text = utf8(description, "description")
    number = keep(instance(backend, CacheBackend, "backend"))
    try:
        return Cache(made(lib.zimg_cache_wrap, ctypes.byref(table), number, text, len(text)) or 0)
    except BaseException:
        forget(number)
        raise


def _key_at(address: int) -> Key:
    return Key(ctypes.string_at(address, 32))


@_raw.callback(_raw.CacheTable.Find)
def _find(number: int, key: int, out_entry: int, out_is_there: Any, out_error: Any) -> int:
    def run() -> None:
        found = kept(number).find(_key_at(key))
        if found is not None:
            found._fill(out_entry)
            out_is_there[0] = 1

    return answer(out_error, run)


@_raw.callback(_raw.CacheTable.Store)
def _store(number: int, key: int, entry: int, out_outcome: Any, out_error: Any) -> int:
    def run() -> None:
        outcome = kept(number).store(_key_at(key), entry_of(entry))
        if outcome is not None:
            out_outcome[0] = int(outcome)

    return answer(out_error, run)


@unbroken
def _answer_truth(out_truth: Any, out_error: Any, ask: Callable[[], bool]) -> int:
    def run() -> None:
        out_truth[0] = int(bool(ask()))

    return answer(out_error, run)


@_raw.callback(_raw.CacheTable.Erase)
def _erase(number: int, key: int, out_was_there: Any, out_error: Any) -> int:
    return _answer_truth(out_was_there, out_error, lambda: kept(number).erase(_key_at(key)))


@_raw.callback(_raw.CacheTable.Contains)
def _contains(number: int, key: int, out_is_there: Any, out_error: Any) -> int:
    return _answer_truth(out_is_there, out_error, lambda: kept(number).contains(_key_at(key)))


@_raw.callback(_raw.CacheTable.Pin)
def _pin(number: int, key: int, is_pinned: int, out_is_there: Any, out_error: Any) -> int:
    return _answer_truth(out_is_there, out_error, lambda: kept(number).pin(_key_at(key), bool(is_pinned)))


@_raw.callback(_raw.CacheTable.List)
def _list(number: int, visit: Any, visit_data: int, out_error: Any) -> int:
    def run() -> None:
        for key, entry in kept(number).entries():
            handle = entry._make()
            try:
                raw = _raw.Key.from_buffer_copy(key.octets)
                size = len(entry.payload) if entry.payload is not None else 0
                if not visit(visit_data, ctypes.addressof(raw), handle, size):
                    return
            finally:
                lib.zimg_entry_destroy(handle)

    return answer(out_error, run)


@_raw.callback(_raw.CacheTable.Stats)
def _stats(number: int, out_stats: int, out_error: Any) -> int:
    def run() -> None:
        for count, value in kept(number).counts().items():
            call(lib.zimg_stats_set_count, out_stats, count, u64(value, count.name))

    return answer(out_error, run)
