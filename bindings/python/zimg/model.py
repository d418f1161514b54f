"""Model folders: look into one, rewrite one, see how it reads text."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Callable, Optional

from . import _raw
from ._library import lib
from ._owners import Owner
from ._values import (
    Calls,
    StrPath,
    call,
    enumerator,
    function,
    made,
    made_text,
    octets_of,
    path_utf8,
    text_of,
    truth,
    u32,
    utf8,
)
from .enums import WeightType


@dataclass(frozen=True)
class ModelPart:
    """role: "text_encoder", "transformer" or "vae"."""

    role: str
    dtypes: str
    tensors: int
    parameters: int
    bytes: int
    files: list[str]


@dataclass(frozen=True)
class Inspection:
    """What was found in a model folder."""

    path: str
    name: str
    layout: str
    identity: str  # empty unless it was asked for
    width: int  # defaults of requests, and what sizes may be
    height: int
    size_step: int
    max_side: int
    steps: int
    guidance: float
    shift: float
    parts: list[ModelPart]
    problems: list[str]  # what is wrong with it, one sentence each

    @property
    def is_sound(self) -> bool:
        return not self.problems


def builtin_model_path() -> str:
    """The folder of the built-in model."""
    return made_text(lib, lib.zimg_builtin_model_path)


def inspect_model(path: StrPath, has_identity: bool = False) -> Inspection:
    """Checks every tensor's name, shape, dtype and place. What is wrong is a problem of the inspection, not an error.
    The identity takes hashing all files."""
    text = path_utf8(path, "path")
    handle = made(lib.zimg_model_inspect, text, len(text), int(truth(has_identity, "has_identity")))
    try:
        return _inspection_of(handle)
    finally:
        lib.zimg_inspection_destroy(handle)


def _inspection_of(handle: int | None) -> Inspection:
    return Inspection(
        text_of(lib.zimg_inspection_path, handle),
        text_of(lib.zimg_inspection_name, handle),
        text_of(lib.zimg_inspection_layout, handle),
        text_of(lib.zimg_inspection_identity, handle),
        lib.zimg_inspection_width(handle),
        lib.zimg_inspection_height(handle),
        lib.zimg_inspection_size_step(handle),
        lib.zimg_inspection_max_side(handle),
        lib.zimg_inspection_steps(handle),
        lib.zimg_inspection_guidance(handle),
        lib.zimg_inspection_shift(handle),
        [_part_of(handle, part) for part in range(lib.zimg_inspection_part_count(handle))],
        [text_of(lib.zimg_inspection_problem, handle, i) for i in range(lib.zimg_inspection_problem_count(handle))],
    )


def _part_of(handle: int | None, part: int) -> ModelPart:
    return ModelPart(
        text_of(lib.zimg_inspection_part_role, handle, part),
        text_of(lib.zimg_inspection_part_dtypes, handle, part),
        lib.zimg_inspection_part_tensors(handle, part),
        lib.zimg_inspection_part_parameters(handle, part),
        lib.zimg_inspection_part_bytes(handle, part),
        [
            text_of(lib.zimg_inspection_part_file, handle, part, index)
            for index in range(lib.zimg_inspection_part_file_count(handle, part))
        ],
    )


def convert_model(
    path: StrPath,
    out: StrPath,
    weight_type: WeightType,
    on_progress: Optional[Callable[[int, int], object]] = None,
) -> None:
    """Rewrites the model at `path` into the folder `out`, which appears whole or not at all. `on_progress` gets the
    bytes done and in all; what it raises is raised when the run is over."""
    source, target = path_utf8(path, "path"), path_utf8(out, "out")
    calls = Calls()
    told = _raw.BytesProgressFunction()
    if on_progress is not None:
        listener = function(on_progress, "on_progress")
        told = _raw.BytesProgressFunction(calls.guarded(lambda _, done, total: listener(done, total) and None))
    kind = enumerator(weight_type, WeightType, "weight_type")
    calls.call(lib.zimg_model_convert, source, len(source), target, len(target), kind, told, None)


class Tokenizer(Owner):
    """How a model reads text."""

    def __init__(self, model_path: StrPath) -> None:
        text = path_utf8(model_path, "model_path")
        self._pointer = made(lib.zimg_tokenizer_open, text, len(text))

    def __del__(self) -> None:
        if pointer := getattr(self, "_pointer", None):
            self._pointer = None
            lib.zimg_tokenizer_destroy(pointer)

    def encode(self, text: str, is_prompt: bool = False) -> list[int]:
        """The ids of the text as it stands, or, as a prompt, in the prompt's template and cut to 512."""
        octets, as_prompt = utf8(text, "text"), int(truth(is_prompt, "is_prompt"))
        count = ctypes.c_size_t()
        capacity = len(octets) + 64  # a token has at least one octet, and the template has fewer
        ids = (ctypes.c_uint32 * capacity)()
        call(
            lib.zimg_tokenizer_encode,
            self._pointer, octets, len(octets), as_prompt, ids, capacity, ctypes.byref(count),
        )  # fmt: skip
        if count.value > capacity:
            ids = (ctypes.c_uint32 * count.value)()
            call(
                lib.zimg_tokenizer_encode,
                self._pointer, octets, len(octets), as_prompt, ids, count.value, ctypes.byref(count),
            )  # fmt: skip
        return list(ids[: count.value])

    def piece(self, token: int) -> bytes:
        """The octets that one id stands for; none for an unused id."""
        handle = made(lib.zimg_tokenizer_piece, self._pointer, u32(token, "token"))
        try:
            return octets_of(lib.zimg_bytes_data, handle)
        finally:
            lib.zimg_bytes_destroy(handle)
