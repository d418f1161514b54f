"""Lists of pictures to have ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Optional, Union

from ._library import lib
from ._values import call, instance, made, real, text_of, u32, u64
from .cache import ProgressOfRun, Visits
from .cancel import CancelToken, token_of
from .enums import Count, PrewarmEnd, Status
from .request import Request, as_request
from .tally import Counts


@dataclass
class Budget:
    """No drawing is begun once one is spent; None is no end."""

    pictures: int | None = None
    seconds: float | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class PrewarmFailure:
    item: int  # its place in the list, from 0
    status: Status
    message: str


@dataclass(frozen=True)
class PrewarmReport:
    """LISTED DIFFERENT FOUND DRAWN UNSTORED LEFT DRAWN_BYTES."""

    end: PrewarmEnd
    note: str  # why pictures are not stored; empty otherwise
    counts: Counts
    seconds: float
    failures: list[PrewarmFailure]


def run_prewarm(
    generator: int,
    requests: Iterable[Union[Request, str, tuple[Union[Request, str], float]]],
    budget: Budget,
    at_once: int,
    cancel: CancelToken | None,
    on_progress: Optional[ProgressOfRun],
) -> PrewarmReport:
    prewarm = made(lib.zimg_prewarm_create)
    try:
        for item in requests:
            wanted, priority = item if isinstance(item, tuple) and len(item) == 2 else (item, 0.0)
            request = as_request(wanted)._make()
            try:
                call(lib.zimg_prewarm_add, prewarm, request, real(priority, "priority"))
            finally:
                lib.zimg_request_destroy(request)
        instance(budget, Budget, "budget")
        if budget.pictures is not None:
            call(lib.zimg_prewarm_set_budget_pictures, prewarm, u64(budget.pictures, "pictures"))
        if budget.seconds is not None:
            call(lib.zimg_prewarm_set_budget_seconds, prewarm, real(budget.seconds, "seconds"))
        if budget.bytes is not None:
            call(lib.zimg_prewarm_set_budget_bytes, prewarm, u64(budget.bytes, "bytes"))
        call(lib.zimg_prewarm_set_at_once, prewarm, u32(at_once, "at_once"))
        token = token_of(cancel)
        if token is not None:
            call(lib.zimg_prewarm_set_cancel_token, prewarm, instance(token, CancelToken, "cancel")._pointer)
        visits, destroy = Visits(), lib.zimg_prewarm_report_destroy
        return _report_of(
            visits.made(destroy, lib.zimg_prewarm_run, prewarm, generator, visits.tally(on_progress), None)
        )
    finally:
        lib.zimg_prewarm_destroy(prewarm)


def _report_of(report: int | None) -> PrewarmReport:
    try:
        return PrewarmReport(
            PrewarmEnd(lib.zimg_prewarm_report_end(report)),
            text_of(lib.zimg_prewarm_report_note, report),
            {count: lib.zimg_prewarm_report_count(report, count) for count in Count},
            lib.zimg_prewarm_report_seconds(report),
            [
                PrewarmFailure(
                    lib.zimg_prewarm_report_failure_item(report, index),
                    Status(lib.zimg_prewarm_report_failure_status(report, index)),
                    text_of(lib.zimg_prewarm_report_failure_message, report, index),
                )
                for index in range(lib.zimg_prewarm_report_failure_count(report))
            ],
        )
    finally:
        lib.zimg_prewarm_report_destroy(report)
