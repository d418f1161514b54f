"""Which entries of a cache stay and which go, and the presets for the usual scenes."""

from __future__ import annotations

import ctypes
import datetime
import operator
import time
from dataclasses import dataclass, field
from typing import Callable, Mapping, Optional

from . import _raw
from ._interrupts import hold
from ._kept import forget, keep, kept, release
from ._library import lib
from ._values import (
    call,
    decoded,
    enumerator,
    function_or_none,
    i64,
    instance,
    made,
    milliseconds,
    octets,
    real,
    truth,
    u64,
    utf8,
    wrong_type,
)
from .enums import Preset
from .errors import InvalidArgumentError


@dataclass
class NamespaceRule:
    """The rule of one namespace; "*" is that of each which has none."""

    namespace: str
    limit_bytes: int = 0
    """Of payloads that it may take; 0 is no limit."""
    reserved_bytes: int = 0
    """Of payloads that no other namespace can eat, not for "*"; 0 is no reserve."""
    ttl: datetime.timedelta | None = None
    """Of pictures that come without one, in whole milliseconds, 1 ms to 100 years; None is none."""


@dataclass
class Policy:
    namespaces: list[NamespaceRule] = field(default_factory=list)
    ttl_jitter: float = 0
    """0 to 1: the share of a rule's time to live that chance may take off."""
    weighs_entries: bool = True
    """What saves the fewest seconds for a byte goes first; else the least recently used, or the oldest."""
    clock: Optional[Callable[[], int]] = None
    """Milliseconds of Unix time, from any thread; None is the system's clock. It must not call the cache. Where it
    raises, the system's clock stands in for that call."""
    on_warning: Optional[Callable[[str], object]] = None
    """Called when a store fills the cache beyond 80 %, and again only after one that left it below 70 %. It must not
    call the cache, nor ask a generator for a picture."""
    presets: list[tuple[Preset, str]] = field(default_factory=list)
    """Presets whose rules are added, with the user for PERSONAL, "" else; a request names the same in its `preset`."""

    namespace_secrets: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The pictures of such a namespace are encrypted (AES-256-GCM) under its secret by a store on a disk, where the cache
    URL says "encrypt=1" or where LmdbOptions have the policy; by no other cache."""

    def _make(self) -> int | None:
        handle = made(lib.zimg_policy_create)
        try:
            self._fill(handle)
        except BaseException:
            lib.zimg_policy_destroy(handle)
            raise
        return handle

    def _fill(self, handle: int | None) -> None:
        for rule in self.namespaces:
            name = utf8(instance(rule, NamespaceRule, "namespaces").namespace, "namespace")
            ttl_ms = 0 if rule.ttl is None else milliseconds(rule.ttl, "ttl")
            if ttl_ms == 0 and rule.ttl:
                raise InvalidArgumentError(f"the 'ttl' of a namespace is {rule.ttl}; at least 1 ms, or None, is expected")
            limit, reserve = u64(rule.limit_bytes, "limit_bytes"), u64(rule.reserved_bytes, "reserved_bytes")
            call(lib.zimg_policy_add_namespace, handle, name, len(name), limit, reserve, ttl_ms)
        call(lib.zimg_policy_set_ttl_jitter, handle, real(self.ttl_jitter, "ttl_jitter"))
        call(lib.zimg_policy_set_weighs_entries, handle, int(truth(self.weighs_entries, "weighs_entries")))
        for preset in self.presets:
            apply_preset(*preset_and_user(preset, "presets"), None, handle)
        add_secrets(lib.zimg_policy_add_namespace_secret, handle, self.namespace_secrets)
        for setter, kind, callback in (
            (lib.zimg_policy_set_clock, _now, function_or_none(self.clock, "clock")),
            (lib.zimg_policy_set_warning, _warned, function_or_none(self.on_warning, "on_warning")),
        ):
            if callback is None:
                continue
            number = keep(callback)
            try:
                call(setter, handle, kind, number, release)
            except BaseException:
                forget(number)
                raise


def add_secrets(add: Callable[..., int], handle: int | None, secrets: dict[str, bytes]) -> None:
    """Gives them to a handle by its function for one."""
    for namespace, secret in instance(secrets, Mapping, "namespace_secrets").items():
        name = utf8(namespace, "namespace")
        kept = octets(secret, "secret")
        call(add, handle, name, len(name), kept, len(kept))


def preset_and_user(value: tuple[Preset, str], name: str) -> tuple[Preset, str]:
    if not isinstance(value, tuple) or len(value) != 2:
        raise wrong_type(value, name, "a tuple of a Preset and a str")
    return value


def apply_preset(preset: Preset, user: str, request: int | None, policy: int | None) -> None:
    """Sets the namespace of the request and gives it its rule in the policy; what is None is made for the call."""
    number, name = enumerator(preset, Preset, "preset"), utf8(user, "user")
    own_request = made(lib.zimg_request_create) if request is None else None
    own_policy = made(lib.zimg_policy_create) if policy is None else None
    try:
        call(lib.zimg_preset_apply, number, name, len(name), request or own_request, policy or own_policy)
    finally:
        lib.zimg_request_destroy(own_request)
        lib.zimg_policy_destroy(own_policy)


def preset_named(name: str) -> Preset:
    """ "public-demo", "personal", "batch", "ab-test"."""
    text = utf8(name, "name")
    out = ctypes.c_int32()
    call(lib.zimg_preset_named, text, len(text), ctypes.byref(out))
    return Preset(out.value)


@_raw.callback(_raw.ClockFunction)
def _now(number: int) -> int:
    try:
        return i64(operator.index(kept(number)()), "clock")
    except BaseException as failure:
        hold(failure)
        return time.time_ns() // 1_000_000


@_raw.callback(_raw.WarningFunction)
def _warned(number: int, warning: int, size: int) -> None:
    try:
        kept(number)(decoded(warning, size))
    except BaseException as failure:
        hold(failure)  # a warning that its listener fails to take is no failure of the store
