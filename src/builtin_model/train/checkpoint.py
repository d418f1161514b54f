"""Reads and writes model folders in the released layout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

WEIGHTS = {
    "text_encoder": "model.safetensors",
    "transformer": "diffusion_pytorch_model.safetensors",
    "vae": "diffusion_pytorch_model.safetensors",
}
PREFIX = "model."  # the released text encoder's names carry it


def read_config(folder: Path, part: str) -> dict:
    config = json.loads((folder / part / "config.json").read_text())
    config.setdefault("rope_theta", config.get("rope_parameters", {}).get("rope_theta"))
    return config


def read_tensors(folder: Path, part: str) -> dict[str, torch.Tensor]:
    tensors = load_file(folder / part / WEIGHTS[part])
    return {name.removeprefix(PREFIX): tensor.float() for name, tensor in tensors.items()}


def write_json(path: Path, value: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")


def write_part(folder: Path, part: str, config: dict, tensors: dict[str, torch.Tensor]) -> None:
    """Writes one part in bf16; the file appears by rename, so that a reader never sees half of it."""
    write_json(folder / part / "config.json", config)
    prefix = PREFIX if part == "text_encoder" else ""
    tensors = {prefix + name: t.detach().to("cpu", torch.bfloat16).contiguous() for name, t in tensors.items()}
    target = folder / part / WEIGHTS[part]
    beside = target.with_suffix(".part")
    save_file(tensors, beside, metadata={"format": "pt"})
    beside.rename(target)
    target.chmod(0o644)


def write_state(path: Path, state: dict) -> None:
    """Keeps what a training needs to go on; the file appears by rename."""
    beside = path.with_suffix(".part")
    torch.save(state, beside)
    beside.rename(path)


def read_state(path: Path) -> dict | None:
    """What write_state kept, in the CPU's memory; None where nothing was."""
    return torch.load(path, map_location="cpu") if path.exists() else None


def copy_where_it_fits(module: nn.Module, tensors: dict[str, torch.Tensor]) -> list[str]:
    """Takes over every tensor of the same name and shape; returns the names that were left as they are."""
    left = []
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name in tensors and tensors[name].shape == parameter.shape:
                parameter.copy_(tensors[name])
            else:
                left.append(name)
    return left


def copy_folder(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
