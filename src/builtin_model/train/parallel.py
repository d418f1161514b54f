"""Two or more training processes on one machine, or a single one: `python -m torch.distributed.run --nproc_per_node 2`."""

from __future__ import annotations

import os
import time

import torch
import torch.distributed as dist


def start() -> int:
    """Joins the other processes when there are some; returns this one's number."""
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        return 0
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    return dist.get_rank()


def average_gradients(parameters: list) -> None:
    if not dist.is_initialized():
        return
    gradients = [p.grad for p in parameters]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients])):
        gradient.copy_(mean.view_as(gradient))


def agree(value: float) -> float:
    """The first process's value, in all of them: what depends on the clock must not differ."""
    if not dist.is_initialized():
        return value
    shared = torch.tensor([value], dtype=torch.float64)
    dist.broadcast(shared, 0)
    return float(shared)


def finish() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


class Clock:
    """How much of the given minutes is used up, as the first process sees it."""

    def __init__(self, minutes: float, used: float = 0.0):
        self.seconds, self.begin = 60 * minutes, time.time() - used

    def done(self) -> float:
        return agree((time.time() - self.begin) / self.seconds)

    def used(self) -> float:
        return time.time() - self.begin
