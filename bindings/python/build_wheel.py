#!/usr/bin/env python3
"""Makes a wheel of the package with the library inside: build_wheel.py PREFIX OUT

PREFIX is where `cmake --install` put zimg; OUT the folder for the wheel, whose path is printed. The wheel holds

    zimg/*.py                           the package
    zimg/native/<libdir>/libzimg.so.0   the library, and the engine libzimg_torch.so beside it where it was built
    zimg/native/share/zimg/model/       the built-in model

with the places between them as `cmake --install` has them, so that each finds the others. The libraries of the system
that libzimg needs are not inside, and neither is libtorch: the engine takes that of the `torch` package, which the extra
`torch` names. Nothing but Python itself is needed to make it.
"""

from __future__ import annotations

import base64
import hashlib
import pathlib
import platform
import re
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
METADATA = """Metadata-Version: 2.1
Name: zimg
Version: {version}
Summary: Draws pictures with Z-Image-Turbo and never the same one twice
License: Apache-2.0
Requires-Python: >=3.11
Provides-Extra: torch
Requires-Dist: torch{torch}; extra == "torch"
Provides-Extra: pictures
Requires-Dist: numpy; extra == "pictures"
Requires-Dist: pillow; extra == "pictures"
"""


def native_files(prefix: pathlib.Path) -> dict[str, pathlib.Path]:
    """What of the prefix goes into zimg/native, by its place there."""
    libraries = sorted(prefix.glob("lib*/**/libzimg.so.0"))
    if len(libraries) != 1:
        raise SystemExit(f"{prefix} has {len(libraries)} times libzimg.so.0; a prefix with one installed zimg is expected")
    folder = libraries[0].parent
    files = {str(folder.relative_to(prefix) / "libzimg.so.0"): libraries[0]}
    engine = folder / "libzimg_torch.so"
    if engine.exists():
        files[str(engine.relative_to(prefix))] = engine
    model = prefix / "share" / "zimg" / "model"
    if not (model / "model_index.json").exists():
        raise SystemExit(f"{model} is not there; an installed zimg has its built-in model there")
    files.update({str(path.relative_to(prefix)): path for path in sorted(model.rglob("*")) if path.is_file()})
    return files


def version_in(prefix: pathlib.Path) -> str:
    text = next(prefix.glob("lib*/**/cmake/zimg/zimgConfigVersion.cmake")).read_text(encoding="utf-8")
    found = re.search(r'set\(PACKAGE_VERSION "([0-9.]+)"\)', text)
    if not found:
        raise SystemExit(f"{prefix} has no version of zimg in its package config")
    return found[1]


def torch_release() -> str:
    """The release that zimg is built with; an engine shares no other."""
    listed = (HERE.parents[1] / "cmake" / "setup" / "torch-requirements.txt").read_text(encoding="utf-8")
    found = re.search(r"^torch(==\S+)$", listed, re.MULTILINE)
    return found[1] if found else ""


def record_line(name: str, data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"


def contents(prefix: pathlib.Path, version: str, tag: str) -> dict[str, bytes]:
    files = {f"zimg/{path.name}": path.read_bytes() for path in sorted((HERE / "zimg").glob("*.py"))}
    files["zimg/py.typed"] = b""
    files.update({f"zimg/native/{place}": path.read_bytes() for place, path in native_files(prefix).items()})
    info = f"zimg-{version}.dist-info"
    files[f"{info}/METADATA"] = METADATA.format(version=version, torch=torch_release()).encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: zimg\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
    for name in ("LICENSE", "NOTICE"):
        files[f"{info}/{name}"] = (HERE.parents[1] / name).read_bytes()
    record = "".join(record_line(name, data) for name, data in files.items())
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    return files


def main(arguments: list[str]) -> None:
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    prefix, out = (pathlib.Path(argument).resolve() for argument in arguments)
    version = version_in(prefix)
    tag = f"py3-none-linux_{platform.machine()}"
    out.mkdir(parents=True, exist_ok=True)
    wheel = out / f"zimg-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents(prefix, version, tag).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if ".so" in name else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    print(wheel)


if __name__ == "__main__":
    main(sys.argv[1:])
