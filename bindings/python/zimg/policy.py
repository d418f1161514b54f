"""Which entries of a cache stay and which go, and the presets for the usual scenes."""

from __future__ import annotations

import ctypes
import datetime
import operator
import time
from dataclasses import dataclass, field
from typing import Callable, Optional

from . import _raw
from ._interrupts import hold
from ._kept import forget, keep, kept, release
from ._library import lib
from ._values import call, decoded, i64, made, octets, u64, utf8
from .enums import Preset
from .errors import InvalidArgumentError


@dataclass
class NamespaceRule:
    """The rule of one namespace; "*" is that of each which has none. 0 is no limit, no reserve; None no time to live, and one
    below a millisecond is refused."""

    namespace: str
    limit_bytes: int = 0
    reserved_bytes: int = 0
    ttl: datetime.timedelta | None = None


@dataclass
class Policy:
    namespaces: list[NamespaceRule] = field(default_factory=list)
    ttl_jitter: float = 0
    weighs_entries: bool = True
    """What saves the fewest seconds for a byte goes first; else the least recently used, or the oldest."""
    clock: Optional[Callable[[], int]] = None
    """Milliseconds of Unix time, from any thread; None is the system's clock. It must not call the cache. Where it
    raises, the system's clock stands in for that call."""
    on_warning: Optional[Callable[[str], object]] = None
    """Called when a store fills the cache beyond 80 %, once for each crossing. It must not call the cache, nor ask
    a generator for a picture."""
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
            name = utf8(rule.namespace, "namespace")
            ttl_ms = 0 if rule.ttl is None else i64(rule.ttl // datetime.timedelta(milliseconds=1), "ttl")
            if ttl_ms == 0 and rule.ttl:
                raise InvalidArgumentError(f"the 'ttl' of a namespace is {rule.ttl}; at least 1 ms, or None, is expected")
            limit, reserve = u64(rule.limit_bytes, "limit_bytes"), u64(rule.reserved_bytes, "reserved_bytes")
            call(lib.zimg_policy_add_namespace, handle, name, len(name), limit, reserve, ttl_ms)
        call(lib.zimg_policy_set_ttl_jitter, handle, self.ttl_jitter)
        call(lib.zimg_policy_set_weighs_entries, handle, int(self.weighs_entries))
        for preset, user in self.presets:
            apply_preset(preset, user, None, handle)
        add_secrets(lib.zimg_policy_add_namespace_secret, handle, self.namespace_secrets)
        for function, kind, callback in (
            (lib.zimg_policy_set_clock, _now, self.clock),
            (lib.zimg_policy_set_warning, _warned, self.on_warning),
        ):
            if callback is None:
                continue
            number = keep(callback)
            try:
                call(function, handle, kind, number, release)
            except BaseException:
                forget(number)
                raise


def add_secrets(add: Callable[..., int], handle: int | None, secrets: dict[str, bytes]) -> None:
    """Gives them to a handle by its function for one."""
    for namespace, secret in secrets.items():
        name = utf8(namespace, "namespace")
        kept = octets(secret, "secret")
        call(add, handle, name, len(name), kept, len(kept))


def apply_preset(preset: Preset, user: str, request: int | None, policy: int | None) -> None:
    """Sets the namespace of the request and gives it its rule in the policy; what is None is made for the call."""
    name = utf8(user, "user")
    own_request = made(lib.zimg_request_create) if request is None else None
    own_policy = made(lib.zimg_policy_create) if policy is None else None
    try:
        call(lib.zimg_preset_apply, preset, name, len(name), request or own_request, policy or own_policy)
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
