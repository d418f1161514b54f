"""Muon for matrices and convolutions, Adam for the rest, with the work of Muon shared among processes."""

from __future__ import annotations

from collections import defaultdict

import torch
import torch.distributed as dist

from device import TYPE


def orthogonal(stack: torch.Tensor) -> torch.Tensor:
    """The nearest semi-orthogonal matrices to a stack of them, roughly, by five Newton-Schulz steps."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = stack.shape[-2] > stack.shape[-1]
    x = (stack.transpose(-1, -2) if tall else stack).to(TYPE)
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.transpose(-1, -2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    x = x.float()
    return x.transpose(-1, -2) if tall else x


class Optimizer:
    """`groups` is a list of (parameters, rate) for Adam; `matrices` go to Muon. `scale` multiplies every rate."""

    def __init__(self, matrices: list, groups: list, muon_rate: float):
        self.matrices, self.muon_rate = matrices, muon_rate
        self.adam = torch.optim.Adam([{"params": p, "lr": r, "rate": r} for p, r in groups], betas=(0.9, 0.98), eps=1e-10)
        self.momentum = [torch.zeros_like(p) for p in matrices]
        shapes = defaultdict(list)
        for index, p in enumerate(matrices):
            shapes[(p.shape[0], p.numel() // p.shape[0])].append(index)
        # One process does every other pair of matrices of a shape; two at a time keep the products large.
        self.stacks = [(shape, found[i:i + 2]) for shape, found in shapes.items() for i in range(0, len(found), 2)]
        self.stacks.sort(key=lambda s: -s[0][0] * s[0][1] * min(s[0]) * len(s[1]))

    def step(self, scale: float) -> None:
        rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
        updates = [torch.zeros_like(p) for p in self.matrices] if world > 1 else [None] * len(self.matrices)
        with torch.no_grad():
            for number, (shape, indices) in enumerate(self.stacks):
                for i in indices:
                    self.momentum[i].lerp_(self.matrices[i].grad, 0.05)
                if number % world != rank:
                    continue
                stack = torch.stack([self.matrices[i].grad.lerp(self.momentum[i], 0.95).reshape(shape) for i in indices])
                stack = orthogonal(stack) * max(1.0, shape[0] / shape[1]) ** 0.5
                for i, update in zip(indices, stack):
                    updates[i] = update.reshape(self.matrices[i].shape)
            if world > 1:
                flat = torch.cat([u.reshape(-1) for u in updates])
                dist.all_reduce(flat)
                updates = [f.view_as(p) for f, p in zip(flat.split([p.numel() for p in self.matrices]), self.matrices)]
            for p, update in zip(self.matrices, updates):
                p.add_(update, alpha=-self.muon_rate * scale)
        for group in self.adam.param_groups:
            group["lr"] = group["rate"] * scale
        self.adam.step()

    def zero_grad(self) -> None:
        self.adam.zero_grad(set_to_none=True)
        for p in self.matrices:
            p.grad = None

    def state_dict(self) -> dict:
        return {"adam": self.adam.state_dict(), "momentum": self.momentum}

    def load_state_dict(self, state: dict) -> None:
        self.adam.load_state_dict(state["adam"])
        for mine, saved in zip(self.momentum, state["momentum"]):
            mine.copy_(saved)
