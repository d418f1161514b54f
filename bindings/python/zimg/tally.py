"""Counts of runs and of caches."""

from __future__ import annotations

from dataclasses import dataclass

from ._library import lib
from ._values import text_of
from .enums import Count

Counts = dict[Count, int]
"""What a run counted: its function says which counts there are; the others are 0."""


def counts_of(tally: int | None) -> Counts:
    return {count: lib.zimg_tally_count(tally, count) for count in Count}


def taken_counts(tally: int | None) -> Counts:
    try:
        return counts_of(tally)
    finally:
        lib.zimg_tally_destroy(tally)


@dataclass(frozen=True)
class NamespaceStats:
    """ENTRIES PAYLOAD_BYTES PINNED OLDEST_MS HITS STORED EVICTED SAVED_BYTES."""

    name: str
    counts: Counts
    saved_ms: float


@dataclass(frozen=True)
class Stats:
    """What a cache holds and did, in all processes that used it: ENTRIES PAYLOAD_BYTES USED_BYTES CAPACITY_BYTES HITS
    MISSES STORED EVICTED EXPIRED CORRUPT REJECTED SAVED_BYTES OLDEST_MS."""

    counts: Counts
    saved_ms: float
    hit_rate: float
    size_curve: list[tuple[int, float]]
    """Half, the same and double the bytes that payloads have room for, which on a disk are 85 % of the capacity, and
    the hit rate that a cache would have with them; empty before the first lookup."""
    namespaces: list[NamespaceStats]


def stats_of(handle: int | None) -> Stats:
    curve = [
        (lib.zimg_stats_point_bytes(handle, index), lib.zimg_stats_point_hit_rate(handle, index))
        for index in range(lib.zimg_stats_point_count(handle))
    ]
    namespaces = [
        NamespaceStats(
            text_of(lib.zimg_stats_namespace_name, handle, index),
            {count: lib.zimg_stats_namespace_value(handle, index, count) for count in Count},
            lib.zimg_stats_namespace_saved_ms(handle, index),
        )
        for index in range(lib.zimg_stats_namespace_count(handle))
    ]
    return Stats(
        {count: lib.zimg_stats_count(handle, count) for count in Count},
        lib.zimg_stats_saved_ms(handle),
        lib.zimg_stats_hit_rate(handle),
        curve,
        namespaces,
    )
