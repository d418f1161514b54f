"""The end of the program. Daemon threads may be in a call of C then, which calls Python back. Python ends such a
thread, through frames of C++, which ends the process. So what is under way is cancelled and waited for."""

from __future__ import annotations

import os
import time
from typing import Callable

PATIENCE_S = 10  # a drawing stops within one denoiser layer; a callback that is stuck is to hold up no end

running: set[object] = set()  # one for each call that may call Python back
_is_near = False


def is_near() -> bool:
    return _is_near


def begin() -> None:
    global _is_near
    _is_near = True


def wait(is_over: Callable[[], bool]) -> None:
    """Until it is over and no call runs, with patience."""
    end = time.monotonic() + PATIENCE_S
    while (running or not is_over()) and time.monotonic() < end:
        time.sleep(0.005)


os.register_at_fork(after_in_child=running.clear)
