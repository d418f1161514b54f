"""Where the scripts train: a GPU where torch has one, each process its own as far as there are several, else the CPU. And in what
type products are made best there: bfloat16 where there are instructions for it, else float32, which is far faster then."""

from __future__ import annotations

import os

import torch


def _device() -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)) % torch.cuda.device_count())


def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))


DEVICE = _device()
TYPE = torch.bfloat16 if _has_bfloat16(DEVICE) else torch.float32


def fast_products() -> torch.autocast:
    return torch.autocast(DEVICE.type, torch.bfloat16, enabled=TYPE == torch.bfloat16)
