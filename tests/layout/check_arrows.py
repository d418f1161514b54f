#!/usr/bin/env python3
"""Reads the includes and fails where one points the wrong way.

    check_arrows.py SOURCE                      the arrows between folders, and who owns which library
    check_arrows.py SOURCE --compiler COMPILER  each public header alone: as C++17, zimg.h as C99 and C++11
    check_arrows.py SOURCE --self-test COMPILER plants wrong includes and fails unless each is caught

docs/architecture.md tells the rules; the tables below are the same rules for the machine. A new folder or a new library
is caught until it has its line here.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# Folder below src, or capi: the folders and headers that it may include besides its own and zimg/.
ARROWS = {
    "base": [],
    "telemetry": [],
    "key": ["base", "telemetry"],
    "filter": ["base", "telemetry"],
    "cache": ["base", "telemetry"],
    "checkpoint": ["base", "telemetry"],
    "tokenizer": ["base", "telemetry"],
    "image": ["base", "telemetry"],
    "engine": ["base", "telemetry", "checkpoint", "tokenizer"],
    "generator": [
        "base", "telemetry", "key", "filter", "cache", "checkpoint", "tokenizer", "image", "engine/engine_abi.h"
    ],
    "app": ["base"],
    "capi": ["base"],
}

# A library's headers: where they may be included.
LIBRARIES = {
    r"utf8proc\.h": ["src/base", "src/key", "src/filter", "src/tokenizer"],
    r"openssl/.*": ["src/base"],
    r"nlohmann/.*": ["src/base/json.hpp"],
    r"lmdb\.h": ["src/cache/lmdb"],
    r"xxhash\.h|xxh_.*\.h": ["src/cache"],
    r"png\.h|zlib\.h|turbojpeg\.h": ["src/image"],
    r"CLI/.*": ["src/app"],
    r"opencc/.*": ["src/filter/simplified_table.cpp"],
    r"(ATen|c10|torch|caffe2)/.*|omp\.h": ["src/engine"],
}

# Headers that are made when zimg is built, each for one file.
MADE = {"traditional_chinese_table.inc": "src/filter/traditional_chinese.cpp"}

# The system's own headers, free to all but the public headers.
STANDARD = re.compile(r"[a-z_0-9]+|std[a-z]+\.h")
SYSTEM = re.compile(r"(sys|linux)/[a-z_]+\.h|(unistd|fcntl|dirent|dlfcn|glob|link|poll|pthread|signal|immintrin|cpuid)\.h")

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
CODE = (".hpp", ".cpp", ".h", ".c", ".cu", ".cuh")


def read_code(source):
    """Every file of ours below src, capi and include, by its path from the root."""
    return {
        str(path.relative_to(source)): path.read_text(encoding="utf-8")
        for top in ("src", "capi", "include")
        for path in sorted((source / top).rglob("*"))
        if path.suffix in CODE
    }


def is_below(path, place):
    return path == place or path.startswith(place + "/")


def wrong_library(path, header):
    """What is wrong with `#include <header>` in `path`; None where nothing is."""
    for pattern, places in LIBRARIES.items():
        if re.fullmatch(pattern, header):
            if any(is_below(path, place) for place in places):
                return None
            return f"<{header}> may be included in {' and '.join(places)} only"
    if STANDARD.fullmatch(header):
        return None
    if path.startswith("include/"):
        return f"<{header}> is not a header of the standard library, and this is a public header"
    if SYSTEM.fullmatch(header):
        return None
    return f"<{header}> belongs to no library that check_arrows.py knows"


def wrong_arrow(path, header, files):
    """What is wrong with `#include "header"` in `path`; None where nothing is."""
    if header.startswith("zimg/"):
        return None if "include/" + header in files else f'"{header}" is not there'
    if path.startswith("include/"):
        return f'"{header}" is inside, and this is a public header'
    if MADE.get(header) == path:
        return None
    if "src/" + header not in files and not (is_below(header, "capi") and header in files):
        return f'"{header}" is not there, seen from src'
    folder = "capi" if is_below(path, "capi") else "/".join(path.split("/")[:2])
    own = folder.split("/")[-1]
    if own not in ARROWS:
        return f"the folder {folder} has no arrows in check_arrows.py"
    if any(is_below(header, target) for target in [own, *ARROWS[own]]):
        return None
    return f'"{header}" is beyond the arrows of {folder}'


def check(files):
    """The wrong includes of `files` (path: text), one sentence each."""
    wrong = []
    for path, text in files.items():
        for mark, header in INCLUDE.findall(text):
            problem = wrong_library(path, header) if mark == "<" else wrong_arrow(path, header, files)
            if problem:
                wrong.append(f"{path}: {problem}")
    return wrong


# What the headers of an ending must be.
LANGUAGES = {".hpp": [("c++", "c++17")], ".h": [("c", "c99"), ("c++", "c++11")]}


def check_headers(compiler, include, headers):
    """Compiles each of `headers`, named from the folder `include`, alone."""
    wrong = []
    for header in headers:
        for language, standard in LANGUAGES[pathlib.PurePath(header).suffix]:
            flags = [f"-std={standard}", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-x", language, "-"]
            program = f'#include "{header}"\n'
            run = subprocess.run([compiler, f"-I{include}", *flags], input=program, text=True, capture_output=True)
            if run.returncode != 0:
                wrong.append(f"include/{header} is not {standard.upper()} by itself:\n{run.stderr}")
    return wrong


def public_headers(source):
    include = source / "include"
    return [str(path.relative_to(include)) for path in sorted(include.rglob("*")) if path.suffix in LANGUAGES]


# What must be caught: where it is planted, and the include.
PLANTED = [
    ("src/base/planted.cpp", '#include "cache/cache_url.hpp"'),  # back
    ("src/telemetry/planted.cpp", '#include "base/hex.hpp"'),  # it knows nobody
    ("src/cache/planted.cpp", '#include "key/picture_key.hpp"'),  # sideways
    ("src/key/planted.cpp", '#include "generator/drawer.hpp"'),  # back
    ("src/engine/vae/planted.cpp", '#include "image/image_writer.hpp"'),  # sideways
    ("src/generator/planted.cpp", '#include "engine/pipeline/planted.hpp"'),  # past the table of functions
    ("src/app/planted.cpp", '#include "generator/drawer.hpp"'),  # past the public API
    ("src/base/planted.cpp", '#include "planted.hpp"'),  # not from src
    ("src/base/planted.cpp", '#include "zimg/planted.hpp"'),  # not there
    ("src/untold/planted.cpp", '#include "base/hex.hpp"'),  # a folder without arrows
    ("capi/planted.cpp", '#include "generator/drawer.hpp"'),  # past the public API
    ("capi/planted.cpp", '#include "capi/planted.hpp"'),  # not there
    ("src/app/planted.cpp", '#include "capi/handle.hpp"'),  # inside of the C API
    ("capi/planted.cpp", "#include <openssl/sha.h>"),
    ("src/generator/planted.cpp", "#include <ATen/Functions.h>"),
    ("src/generator/planted.cpp", "  #  include <torch/version.h>"),
    ("src/checkpoint/planted.cpp", "#include <utf8proc.h>"),
    ("src/key/planted.cpp", "#include <openssl/sha.h>"),
    ("src/base/planted.cpp", "#include <nlohmann/json.hpp>"),
    ("src/cache/planted.cpp", "#include <lmdb.h>"),
    ("src/app/planted.cpp", "#include <png.h>"),
    ("src/filter/planted.cpp", "#include <opencc/opencc.h>"),
    ("src/filter/planted.cpp", '#include "traditional_chinese_table.inc"'),
    ("src/base/planted.cpp", "#include <curl/curl.h>"),  # a library nobody owns
    ("include/zimg/planted.hpp", "#include <lmdb.h>"),
    ("include/zimg/planted.hpp", "#include <unistd.h>"),
    ("include/zimg/planted.hpp", '#include "base/hex.hpp"'),
]

# What must not be.
SOUND = [
    ("src/base/planted.cpp", "#include <unistd.h>"),
    ("src/cache/lmdb/planted.cpp", "#include <lmdb.h>"),
    ("src/engine/planted.cpp", "#include <ATen/Functions.h>"),
    ("src/generator/planted.cpp", '#include "engine/engine_abi.h"'),
    ("src/key/planted.cpp", '#include "base/hex.hpp"'),
    ("capi/planted.cpp", '#include "base/hex.hpp"'),
    ("capi/planted.cpp", '#include "capi/handle.hpp"'),
    ("include/zimg/planted.hpp", "#include <string_view>"),
]


def self_test(source, compiler):
    files = read_code(source)
    files["src/engine/pipeline/planted.hpp"] = ""
    before = set(check(files))
    wrong = []
    for cases, is_wrong in ((PLANTED, True), (SOUND, False)):
        for path, include in cases:
            found = [line for line in check({**files, path: f"// Planted.\n{include}\n"}) if line not in before]
            if bool(found) != is_wrong:
                wrong.append(f"{path}: {include} was {'caught: ' + found[0] if found else 'not caught'}")
    with tempfile.TemporaryDirectory() as folder:
        planted = {"sound.hpp": "#include <string>\n",
                   "newer.hpp": "#include <span>\ninline std::span<int> f() { return {}; }\n",
                   "leaning.hpp": "inline std::string g() { return {}; }\n",
                   "sound.h": "#include <stddef.h>\n",
                   "newer.h": "_Static_assert(1, \"C11\");\n",
                   "only_c.h": "void f(int class);\n"}
        for name, text in planted.items():
            (pathlib.Path(folder) / name).write_text(text, encoding="utf-8")
            if bool(check_headers(compiler, folder, [name])) == name.startswith("sound"):
                wrong.append(f"the planted header {name} was judged wrongly")
    return wrong


def main(arguments):
    source = pathlib.Path(arguments[0])
    if arguments[1:2] == ["--compiler"]:
        looked_at = public_headers(source)
        wrong = check_headers(arguments[2], source / "include", looked_at)
    elif arguments[1:2] == ["--self-test"]:
        looked_at = PLANTED + SOUND
        wrong = self_test(source, arguments[2])
    else:
        looked_at = read_code(source)
        wrong = check(looked_at)
    if not looked_at:
        wrong = [f"there is nothing to look at in {source}"]
    print("\n".join(wrong or [f"{len(looked_at)} looked at, nothing wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
