"""Bundles, and the upkeep of stores on a disk."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Callable, Optional

from . import _raw
from ._library import lib
from ._values import StrPath, ask, decoded, function, instance, path_utf8
from .cache import Cache, EntryFilter, LmdbOptions, ProgressOfRun, Visits
from .keys import Key
from .tally import Counts


@dataclass(frozen=True)
class Refused:
    """An entry of a bundle that is not imported."""

    number: int
    key: Key | None  # None where it could not be read
    reason: str


def export_bundle(
    cache: Cache,
    path: StrPath,
    chosen: Optional[EntryFilter] = None,
    on_progress: Optional[ProgressOfRun] = None,
) -> Counts:
    """Writes the entries for which `chosen` (None: all) returns something true, in key order: ENTRIES PAYLOAD_BYTES
    LEFT_OUT. The file appears when it is whole, with mode 0600, in place of one that was there."""
    text = path_utf8(path, "path")
    visits = Visits()
    wanted = _raw.EntryFunction() if chosen is None else visits.entry(function(chosen, "chosen"))
    with instance(cache, Cache, "cache")._handle as handle:
        return visits.counted(
            lib.zimg_bundle_export, handle, text, len(text), wanted, visits.tally(on_progress), None
        )


def import_bundle(
    cache: Cache,
    path: StrPath,
    on_refused: Optional[Callable[[Refused], object]] = None,
    on_progress: Optional[ProgressOfRun] = None,
) -> Counts:
    """Stores every sound entry: ENTRIES STORED PAYLOAD_BYTES REFUSED READ_BYTES FILE_BYTES IS_WHOLE."""
    text = path_utf8(path, "path")
    visits = Visits()
    refused = _raw.RefusedFunction()
    if on_refused is not None:
        told = function(on_refused, "on_refused")

        def run(_: int, number: int, key: int | None, reason: int, size: int) -> None:
            told(Refused(number, Key(ctypes.string_at(key, 32)) if key else None, decoded(reason, size)))

        refused = _raw.RefusedFunction(visits.guarded(run))
    with instance(cache, Cache, "cache")._handle as handle:
        return visits.counted(
            lib.zimg_bundle_import, handle, text, len(text), refused, visits.tally(on_progress), None
        )


def verify_store(options: LmdbOptions, on_progress: Optional[ProgressOfRun] = None) -> Counts:
    """As Cache.verify() of the store that the options name, open elsewhere or not, without opening it here: child processes
    read it, since damage of its own records may end who does. UNREADABLE are, among others, the encrypted ones that the
    options have no secret for."""
    return _counted(lib.zimg_store_verify, options, on_progress)


def rebuild_store(options: LmdbOptions, on_progress: Optional[ProgressOfRun] = None) -> Counts:
    """Copies every sound entry of a store that nobody has open into a fresh one in its place: ENTRIES PAYLOAD_BYTES LOST
    EXPIRED UNREADABLE LISTED TREE_DAMAGES DISK_BYTES_BEFORE DISK_BYTES_AFTER."""
    return _counted(lib.zimg_store_rebuild, options, on_progress)


def _counted(run: Callable[..., int], options: LmdbOptions, on_progress: Optional[ProgressOfRun]) -> Counts:
    visits = Visits()
    handle = instance(options, LmdbOptions, "options")._make()
    try:
        return visits.counted(run, handle, visits.tally(on_progress), None)
    finally:
        lib.zimg_lmdb_options_destroy(handle)


def resize_store(options: LmdbOptions) -> None:
    """Gives the store that the options name, and that nobody has open, their capacity."""
    handle = instance(options, LmdbOptions, "options")._make()
    try:
        ask(lib.zimg_store_resize, handle)
    finally:
        lib.zimg_lmdb_options_destroy(handle)
