"""Finds libzimg and loads it, once."""

from __future__ import annotations

import glob
import importlib.util
import os

from . import _raw

_NAME = "libzimg.so.0"


def _find() -> str:
    """$ZIMG_LIBRARY; else the one in this package; else what the system's loader knows under the name."""
    named = os.environ.get("ZIMG_LIBRARY")
    if named:
        return named
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "native")
    found = sorted(glob.glob(os.path.join(glob.escape(inside), "lib*", "**", _NAME), recursive=True))
    return found[0] if found else _NAME


def _load() -> _raw.Library:
    path = _find()
    try:
        library = _raw.Library(path)
    except OSError as error:
        raise ImportError(
            f"the zimg library cannot be loaded from {path!r}: {error}; name the file in ZIMG_LIBRARY"
        ) from error
    except AttributeError as error:
        raise ImportError(f"{path!r} lacks a function of zimg's C API: {error}") from error
    version: int = library.zimg_abi_version()
    major, minor = version >> 16, version & 0xFFFF
    if major != _raw.ABI_MAJOR or minor < _raw.ABI_MINOR:
        raise ImportError(
            f"{path!r} has ABI {major}.{minor}; this package needs {_raw.ABI_MAJOR}.{_raw.ABI_MINOR} or a later minor"
        )
    return library


def installed_torch() -> str:
    """The folder of the torch package that an import would find, which is not imported; empty where there is none."""
    try:
        spec = importlib.util.find_spec("torch")
    except (ImportError, ValueError):
        return ""
    if spec is None or not spec.submodule_search_locations:
        return ""
    return next(iter(spec.submodule_search_locations))


lib = _load()
