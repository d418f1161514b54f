#!/usr/bin/env python3
"""Writes cases.json as lines, so that every language reads it without a JSON reader.

    flatten.py CASES HEADER OUT --model DIR --data DIR [--engine]

README.md tells the form. {model} and {data} in the values become the two folders; names of enumerators become the
numbers that HEADER, which is zimg.h, gives them. Cases that need the engine are left out without --engine.
"""

import argparse
import json
import pathlib
import re
import sys

# Fields whose value is an enumerator, and how its name begins.
ENUMERATIONS = {
    "device": "ZIMG_DEVICE_",
    "precision": "ZIMG_PRECISION_",
    "fingerprint": "ZIMG_FINGERPRINT_",
    "kept": "ZIMG_KEPT_",
    "keyword_action": "ZIMG_KEYWORD_ACTION_",
    "match": "ZIMG_MATCH_LEVEL_",
    "schedule": "ZIMG_SCHEDULE_",
    "format": "ZIMG_IMAGE_FORMAT_",
    "cache_mode": "ZIMG_CACHE_MODE_",
}

ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def enumerators(header):
    return {name: int(value) for name, value in re.findall(r"\b(ZIMG_[A-Z0-9_]+) = (\d+)", header)}


def escape(text):
    return "".join(ESCAPES.get(character, character) for character in text)


class Flattener:
    def __init__(self, header, places):
        self.numbers = enumerators(header)
        self.places = places

    def value(self, field, value):
        if isinstance(value, bool):
            return "1" if value else "0"
        if field in ENUMERATIONS:
            return str(self.numbers[ENUMERATIONS[field] + value.upper()])
        if isinstance(value, str):
            for place, path in self.places.items():
                value = value.replace("{" + place + "}", path)
            return escape(value)
        return repr(value)

    def lines(self, case, defaults):
        """What the lines of one case are: fields of the defaults, over which those of the case lie."""
        kind = case.get("do", "generate")
        yield "case", escape(case["name"])
        yield "do", kind
        for part in ("options", "request", "article", "entry"):
            if part in ("request", "article", "entry") and part not in case:
                continue
            fields = {**defaults.get(part, {}), **case.get(part, {})}
            for field, value in fields.items():
                if value is not None:
                    yield f"{part}.{field}", self.value(field, value)
        if "text" in case:
            yield "text", escape(case["text"])
        yield "end", ""


def chosen(suite, has_engine):
    return [case for case in suite["cases"] if has_engine or case.get("needs") != "engine"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("header", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--engine", action="store_true")
    arguments = parser.parse_args()
    suite = json.loads(arguments.cases.read_text(encoding="utf-8"))
    flattener = Flattener(arguments.header.read_text(encoding="utf-8"),
                          {"model": arguments.model, "data": arguments.data})
    text = "".join(f"{field}\t{value}\n" for case in chosen(suite, arguments.engine)
                   for field, value in flattener.lines(case, suite))
    arguments.out.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
