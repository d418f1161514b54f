"""Picture keys, and the keys of a published article."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

from . import _raw
from ._library import lib
from ._values import call, instance, made_text, octets, raw_key, utf8
from .errors import InvalidArgumentError


@dataclass(frozen=True)
class Key:
    """Names one picture: the SHA-256 or HMAC-SHA-256 of a canonical request, 32 octets."""

    octets: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "octets", octets(self.octets, "octets"))
        if len(self.octets) != 32:
            raise InvalidArgumentError(f"a key of {len(self.octets)} octets; 32 are expected")

    @staticmethod
    def from_hex(digits: str) -> Key:
        """64 hexadecimal digits of either case."""
        text = utf8(digits, "digits")
        out = _raw.Key()
        call(lib.zimg_key_from_hex, text, len(text), ctypes.byref(out))
        return Key(bytes(out.bytes))

    def hex(self) -> str:
        digits = ctypes.create_string_buffer(65)
        call(lib.zimg_key_to_hex, ctypes.byref(raw_key(self.octets)), digits, 65)
        return digits.value.decode("ascii")

    def __str__(self) -> str:
        return self.hex()


def key_of(value: Key) -> _raw.Key:
    """As C has it."""
    return raw_key(instance(value, Key, "key").octets)


@dataclass(frozen=True)
class KeyField:
    """One field of a picture key, for people."""

    tag: int
    name: str
    value: str
    is_live: bool  # False: shown for completeness, not in the key


def article_key(prompt: str, negative_prompt: str, config: str) -> Key:
    """The key of a published article, bit for bit. `config` is a JSON object with resolution, steps, cfg_scale and
    model_version, as text: 7 and 7.0 are two."""
    parts = _article_parts(prompt, negative_prompt, config)
    out = _raw.Key()
    call(lib.zimg_article_key, *parts, ctypes.byref(out))
    return Key(bytes(out.bytes))


def article_text(prompt: str, negative_prompt: str, config: str) -> str:
    """What article_key() is the SHA-256 of."""
    return made_text(lib, lib.zimg_article_text, *_article_parts(prompt, negative_prompt, config))


def article_key_of_json(json: str) -> Key:
    """The same for one JSON object with prompt, negative_prompt (absent is empty) and config."""
    text = utf8(json, "json")
    out = _raw.Key()
    call(lib.zimg_article_key_of_json, text, len(text), ctypes.byref(out))
    return Key(bytes(out.bytes))


def article_text_of_json(json: str) -> str:
    text = utf8(json, "json")
    return made_text(lib, lib.zimg_article_text_of_json, text, len(text))


def _article_parts(prompt: str, negative_prompt: str, config: str) -> tuple[bytes, int, bytes, int, bytes, int]:
    a, b, c = utf8(prompt, "prompt"), utf8(negative_prompt, "negative_prompt"), utf8(config, "config")
    return a, len(a), b, len(b), c, len(c)
