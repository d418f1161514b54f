#!/usr/bin/env python3
"""extract_example.py PAGE TWIN OUT: writes the first block of C# in PAGE, which its twin must have too but for the comments,
to OUT."""

import pathlib
import re
import sys


def example(page):
    found = re.search(r"^```csharp\n(.*?)^```", pathlib.Path(page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if not found:
        raise SystemExit(f"{page} has no block of C#")
    return found[1]


def without_comments(program):
    return re.sub(r"\s*//.*", "", program)


page, twin, out = sys.argv[1:]
if without_comments(example(page)) != without_comments(example(twin)):
    raise SystemExit(f"{page} and {twin} show two different programs")
pathlib.Path(out).write_text(example(page), encoding="utf-8")
