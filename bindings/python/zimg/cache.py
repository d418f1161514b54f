"""Caches: open one, look into it, look after it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Callable, Iterable, Literal, Optional, overload

from . import _raw
from ._handles import SharedHandle
from ._library import lib
from ._values import (
    Calls,
    StrPath,
    ask,
    asked,
    call,
    function,
    i64,
    instance,
    made,
    made_text,
    path_utf8,
    truth,
    u32,
    u64,
    utf8,
)
from .entry import Entry, entry_of, require_payload
from .enums import StoreOutcome
from .errors import ClosedError
from .keys import Key, key_of
from .policy import Policy, add_secrets
from .tally import Counts, Stats, counts_of, stats_of, taken_counts

ProgressOfRun = Callable[[Counts], object]
"""How far a run is. Returning False ends it with CancelledError."""
EntryFilter = Callable[[Key, Entry, int], object]
"""A key, its entry without the payload, and how many octets the payload has."""


@dataclass
class PurgeFilter:
    """Which entries to erase: those that fit all that is set."""

    namespace: str | None = None
    model: str | None = None
    tag: str | None = None
    stored_before_ms: int | None = None
    """Milliseconds of Unix time."""
    key_prefix: str | None = None
    """Hexadecimal digits that the key begins with."""
    spares_pinned: bool = False
    """Pinned entries stay."""

    def _make(self) -> int | None:
        handle = made(lib.zimg_purge_filter_create)
        try:
            for name in ("namespace", "model", "tag", "key_prefix"):
                value = getattr(self, name)
                if value is not None:
                    text = utf8(value, name)
                    call(getattr(lib, "zimg_purge_filter_set_" + name), handle, text, len(text))
            if self.stored_before_ms is not None:
                time = i64(self.stored_before_ms, "stored_before_ms")
                call(lib.zimg_purge_filter_set_stored_before_ms, handle, time)
            call(lib.zimg_purge_filter_set_spares_pinned, handle, int(truth(self.spares_pinned, "spares_pinned")))
        except BaseException:
            lib.zimg_purge_filter_destroy(handle)
            raise
        return handle

    def matches(self, key: Key, entry: Entry) -> bool:
        handle = self._make()
        made_entry = None
        try:
            made_entry = instance(entry, Entry, "entry")._make()
            return bool(lib.zimg_purge_filter_matches(handle, ctypes.byref(key_of(key)), made_entry))
        finally:
            lib.zimg_entry_destroy(made_entry)
            lib.zimg_purge_filter_destroy(handle)


@dataclass
class LmdbOptions:
    """A store on a disk. None: as the URL has it, or the default."""

    url: str | None = None
    """ "lmdb:…", or "" for the default place."""
    path: StrPath | None = None
    """A folder, created 0700 with its parents when absent."""
    capacity_bytes: int | None = None
    """4 MiB to 16 TiB, rounded down to a multiple of 65,536; 0: the store's own, or for a new one the smaller of
    10 GiB and 10 % of the free disk."""
    lock_timeout_ms: int | None = None
    """How long a writer may wait for another process; 100 unless it is set."""
    allow_network: bool | None = None
    """Also on a network file system, where LMDB's locks do not hold across machines; else it is refused."""
    policy: Policy | None = None
    namespace_secrets: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The pictures of such a namespace are encrypted (AES-256-GCM) under its secret. Those of the policy are added."""

    def _make(self) -> int | None:
        if self.url is None:
            handle = made(lib.zimg_lmdb_options_create)
        else:
            url = utf8(self.url, "url")
            handle = made(lib.zimg_lmdb_options_from_url, url, len(url))
        try:
            self._fill(handle)
        except BaseException:
            lib.zimg_lmdb_options_destroy(handle)
            raise
        return handle

    def _fill(self, handle: int | None) -> None:
        if self.path is not None:
            path = path_utf8(self.path, "path")
            call(lib.zimg_lmdb_options_set_path, handle, path, len(path))
        if self.capacity_bytes is not None:
            call(lib.zimg_lmdb_options_set_capacity_bytes, handle, u64(self.capacity_bytes, "capacity_bytes"))
        if self.lock_timeout_ms is not None:
            call(lib.zimg_lmdb_options_set_lock_timeout_ms, handle, u32(self.lock_timeout_ms, "lock_timeout_ms"))
        if self.allow_network is not None:
            call(lib.zimg_lmdb_options_set_allow_network, handle, int(truth(self.allow_network, "allow_network")))
        if self.policy is not None:
            policy = instance(self.policy, Policy, "policy")._make()
            try:
                call(lib.zimg_lmdb_options_set_policy, handle, policy)
            finally:
                lib.zimg_policy_destroy(policy)
        add_secrets(lib.zimg_lmdb_options_add_namespace_secret, handle, self.namespace_secrets)


class Cache:
    """Remembers encoded pictures by key. Any thread. Made by open_cache(), open_store(), memory_cache(), tier() and
    wrap_cache()."""

    def __init__(self, pointer: int) -> None:
        self._handle = SharedHandle("cache", pointer, lib.zimg_cache_destroy)

    def find(self, key: Key) -> Entry | None:
        """The entry under the key; None where there is none."""
        return self._read(lib.zimg_cache_find, key)

    def peek(self, key: Key) -> Entry | None:
        """As find(), but counted nowhere."""
        return self._read(lib.zimg_cache_peek, key)

    def _read(self, function: Callable[..., int], key: Key) -> Entry | None:
        with self._handle as cache:
            entry = asked(lib.zimg_entry_destroy, function, cache, ctypes.byref(key_of(key)))
        if entry is None:
            return None
        try:
            return entry_of(entry)
        finally:
            lib.zimg_entry_destroy(entry)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, Key) and self._ask(lib.zimg_cache_contains, key)

    def store(self, key: Key, entry: Entry) -> StoreOutcome:
        """Keeps the entry, which has a payload, replacing what was there."""
        return self.store_all([(key, entry)])[0]

    def store_all(self, entries: Iterable[tuple[Key, Entry]]) -> list[StoreOutcome]:
        """Committed together by a cache on a disk; an entry that fails a limit fails all."""
        listed = [(key_of(key), instance(entry, Entry, "entry")) for key, entry in entries]
        for _, entry in listed:
            require_payload(entry)
        keys = (_raw.Key * len(listed))(*(key for key, _ in listed))
        handles = (ctypes.c_void_p * len(listed))()
        outcomes = (ctypes.c_int32 * len(listed))()
        try:
            for index, (_, entry) in enumerate(listed):
                handles[index] = entry._make()
            with self._handle as cache:
                ask(lib.zimg_cache_store_all, cache, keys, handles, len(listed), outcomes)
        finally:
            for handle in handles:
                lib.zimg_entry_destroy(handle)
        return [StoreOutcome(outcome) for outcome in outcomes]

    def _ask(self, function: Callable[..., int], key: Key, *more: int) -> bool:
        answer = ctypes.c_int()
        with self._handle as cache:
            ask(function, cache, ctypes.byref(key_of(key)), *more, ctypes.byref(answer))
        return bool(answer.value)

    def erase(self, key: Key) -> bool:
        """False where it was not there."""
        return self._ask(lib.zimg_cache_erase, key)

    def pin(self, key: Key, is_pinned: bool = True) -> bool:
        """False where it is not there."""
        return self._ask(lib.zimg_cache_pin, key, int(truth(is_pinned, "is_pinned")))

    def list(self, visit: EntryFilter) -> None:
        """Calls `visit` for each entry in key order until it returns False. It may call the cache."""
        visits = Visits()
        told = function(visit, "visit")
        with self._handle as cache:
            visits.call(lib.zimg_cache_list, cache, visits.entry(lambda *seen: told(*seen) is not False), None)

    def erase_if(self, match: EntryFilter) -> int:
        """Erases the entries for which it returns something true, and says how many. It must not call the cache. Where
        it raises, what was matched before may be gone."""
        erased = ctypes.c_uint64()
        visits = Visits()
        with self._handle as cache:
            visits.call(lib.zimg_cache_erase_if, cache, visits.entry(function(match, "match")), None, ctypes.byref(erased))
        return erased.value

    def purge(self, fitting: PurgeFilter) -> int:
        """Erases what fits, and says how many."""
        erased = ctypes.c_uint64()
        chosen = instance(fitting, PurgeFilter, "fitting")._make()
        try:
            with self._handle as cache:
                ask(lib.zimg_cache_purge, cache, chosen, ctypes.byref(erased))
        finally:
            lib.zimg_purge_filter_destroy(chosen)
        return erased.value

    def verify(self, on_progress: Optional[ProgressOfRun] = None) -> Counts:
        """Reads every entry and erases those whose SHA-256 is wrong: ENTRIES PAYLOAD_BYTES CORRUPT UNREADABLE LISTED (in
        all, 0 where unknown) TREE_DAMAGES (where it is not 0, only rebuild_store() makes the store whole)."""
        visits = Visits()
        with self._handle as cache:
            return visits.counted(lib.zimg_cache_verify, cache, visits.tally(on_progress), None)

    def stats(self) -> Stats:
        with self._handle as cache:
            stats = asked(lib.zimg_stats_destroy, lib.zimg_cache_stats, cache)
        try:
            return stats_of(stats)
        finally:
            lib.zimg_stats_destroy(stats)

    @property
    def description(self) -> str:
        """What a person would call it."""
        with self._handle as cache:
            return made_text(lib, lib.zimg_cache_description, cache)

    def close(self) -> None:
        """Waits for the calls in flight and gives up what the cache holds open, for whoever uses it: a generator that
        still has it draws everything afresh. As often as one likes. A cache that is only dropped closes with the last
        generator, job or tier that uses it."""
        try:
            cache = self._handle.__enter__()
        except ClosedError:
            return  # before, or by another thread just now
        try:
            ask(lib.zimg_cache_close, cache)
            self._handle.close()
        finally:
            self._handle.__exit__(None, None, None)

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Visits(Calls):
    """Callbacks over entries and tallies, for one call."""

    def entry(self, look: EntryFilter) -> ctypes._FuncPointer:
        def run(_: int, key: int, entry: int, payload_bytes: int) -> int:
            return int(bool(look(Key(ctypes.string_at(key, 32)), entry_of(entry), payload_bytes)))

        return _raw.EntryFunction(self.guarded(run, 0))

    def tally(self, look: Optional[ProgressOfRun]) -> ctypes._FuncPointer:
        if look is None:
            return _raw.TallyFunction()
        told = function(look, "on_progress")
        return _raw.TallyFunction(self.guarded(lambda _, tally: int(told(counts_of(tally)) is not False), 0))

    def counted(self, function: Any, *arguments: Any) -> Counts:
        """What the call counted, for one that gives a tally out last but for the error."""
        return taken_counts(self.made(lib.zimg_tally_destroy, function, *arguments))


@overload
def open_cache(url: Literal[""] = "", policy: Policy | None = None) -> Cache: ...


@overload
def open_cache(url: Literal["none:"], policy: Policy | None = None) -> None: ...


@overload
def open_cache(url: str, policy: Policy | None = None) -> Cache | None: ...


def open_cache(url: str = "", policy: Policy | None = None) -> Cache | None:
    """ "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB", a tier of two joined by a comma, or "none:", which
    gives None. Empty is the store at its default place. "lmdb:PATH?encrypt=1" needs the policy's secrets."""
    text = utf8(url, "url")
    made_policy = None if policy is None else instance(policy, Policy, "policy")._make()
    try:
        pointer = made(lib.zimg_cache_open, text, len(text), made_policy)
    finally:
        lib.zimg_policy_destroy(made_policy)
    return None if pointer is None else Cache(pointer)


def open_store(options: LmdbOptions) -> Cache:
    """A store on a disk."""
    handle = instance(options, LmdbOptions, "options")._make()
    try:
        return Cache(made(lib.zimg_cache_open_lmdb, handle) or 0)
    finally:
        lib.zimg_lmdb_options_destroy(handle)


def memory_cache(capacity_bytes: int, policy: Policy | None = None) -> Cache:
    """A cache of this process, gone with it. The capacity counts payloads."""
    capacity = u64(capacity_bytes, "capacity_bytes")
    made_policy = None if policy is None else instance(policy, Policy, "policy")._make()
    try:
        return Cache(made(lib.zimg_cache_make_memory, capacity, made_policy) or 0)
    finally:
        lib.zimg_policy_destroy(made_policy)


def tier(upper: Cache, lower: Cache) -> Cache:
    """`upper`, small and fast, before `lower`, large and lasting."""
    first_of, second_of = instance(upper, Cache, "upper")._handle, instance(lower, Cache, "lower")._handle
    with first_of as first, second_of as second:
        return Cache(made(lib.zimg_cache_make_tier, first, second) or 0)


def default_cache_path() -> str:
    """Where open_cache() keeps its pictures."""
    return made_text(lib, lib.zimg_cache_default_path)
