"""In what type the CPU makes products best: bfloat16 where it has instructions for it, else float32, which is far faster there."""

from __future__ import annotations

import torch

TYPE = torch.bfloat16 if torch.cpu.get_capabilities().get("avx512_bf16") else torch.float32


def fast_products() -> torch.autocast:
    return torch.autocast("cpu", torch.bfloat16, enabled=TYPE == torch.bfloat16)
