"""What a generator has counted and timed."""

from __future__ import annotations

from ._library import lib
from ._owners import Owner
from ._values import enumerator, made_text, real
from .enums import Count, Histogram


class Metrics(Owner):
    """As they were when they were asked for."""

    def __init__(self, pointer: int) -> None:
        self._pointer: int | None = pointer

    def __del__(self) -> None:
        if pointer := getattr(self, "_pointer", None):
            self._pointer = None
            lib.zimg_metrics_destroy(pointer)

    def __getitem__(self, count: Count) -> int:
        """HITS MISSES JOINED BYPASSED FAILED EXPIRED INVALIDATED FILTERED EVICTED CORRUPT DRAWN STORED UNSTORED
        SAVED_BYTES."""
        return int(lib.zimg_metrics_count(self._pointer, enumerator(count, Count, "count")))

    @property
    def hit_rate(self) -> float:
        """hits / (hits + misses)"""
        return float(lib.zimg_metrics_hit_rate(self._pointer))

    @property
    def saved_ms(self) -> float:
        """What drawing the hits would have taken."""
        return float(lib.zimg_metrics_saved_ms(self._pointer))

    def buckets(self, histogram: Histogram) -> list[int]:
        """How many latencies are above the bound before and at most the own one, of histogram_bounds_ms(); the last
        holds what is longer than every bound."""
        number, count = enumerator(histogram, Histogram, "histogram"), lib.zimg_histogram_bound_count() + 1
        return [lib.zimg_metrics_bucket(self._pointer, number, index) for index in range(count)]

    def sum_ms(self, histogram: Histogram) -> float:
        return float(lib.zimg_metrics_sum_ms(self._pointer, enumerator(histogram, Histogram, "histogram")))

    def quantile_ms(self, histogram: Histogram, quantile: float) -> float:
        """What this share (0 to 1) of the latencies stayed below."""
        number = enumerator(histogram, Histogram, "histogram")
        return float(lib.zimg_metrics_quantile_ms(self._pointer, number, real(quantile, "quantile")))

    def prometheus(self) -> str:
        """All of them in the text format of Prometheus, version 0.0.4."""
        return made_text(lib, lib.zimg_metrics_prometheus, self._pointer)


def histogram_bounds_ms() -> list[float]:
    return [lib.zimg_histogram_bound_ms(index) for index in range(lib.zimg_histogram_bound_count())]
