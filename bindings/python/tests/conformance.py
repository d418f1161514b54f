"""The conformance suite through the Python package: conformance.py CASES FOLDER. tests/conformance/README.md tells what it
reads and writes."""

from __future__ import annotations

import datetime
import pathlib
import sys
from typing import Any, Callable, Iterator

import zimg

ESCAPES = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t", "0": "\0"}
UNESCAPES = {character: "\\" + letter for letter, character in ESCAPES.items()}
Case = dict[str, str]


def unescape(text: str) -> str:
    parts = iter(text)
    return "".join(ESCAPES[next(parts)] if part == "\\" else part for part in parts)


def read_cases(path: pathlib.Path) -> Iterator[Case]:
    case: Case = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        field, _, value = line.partition("\t")
        if field == "end":
            yield case
            case = {}
        elif field:
            case[field] = unescape(value)


class Results:
    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.name = ""
        self.lines: list[str] = []

    def write(self, field: str, value: object) -> None:
        text = "".join(UNESCAPES.get(character, character) for character in str(value))
        self.lines.append(f"{field}\t{text}\n")

    def write_all(self, field: str, values: list[str]) -> None:
        for value in values:
            self.write(field, value)

    def write_octets(self, number: int, octets: bytes) -> None:
        (self.folder / f"{self.name}.{number}").write_bytes(octets)


class Painter(zimg.Pipeline):
    """The pipeline of the suite."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def draw(self, drawing: zimg.Drawing) -> zimg.Picture:
        if self.kind == "fails":
            raise zimg.DeviceError("the painter has no paint")
        steps = len(drawing.sigmas)
        preview = zimg.Picture(2, 1, bytes([1, 2, 3, 4, 5, 6])) if drawing.wants_preview else None
        for step in range(steps + 1):
            if drawing.is_cancelled:
                raise zimg.CancelledError("the drawing was cancelled")
            drawing.report_progress(step, steps, preview)
        width = drawing.width + (self.kind == "lies")
        mixture = (
            17 * drawing.seed
            + sum(drawing.prompt.encode())
            + 3 * sum(drawing.negative_prompt.encode())
            + 7 * steps
            + int(drawing.guidance * 16)
            + int(drawing.guidance_normalization * 32)
            + int(drawing.guidance_truncation * 64)
            + 5 * drawing.vae_tiling
        )
        rgb = bytes((mixture + 31 * i + i // width) & 255 for i in range(width * drawing.height * 3))
        return zimg.Picture(width, drawing.height, rgb)


def fields_behind(case: Case, prefix: str) -> Iterator[tuple[str, str]]:
    return ((name[len(prefix) :], value) for name, value in case.items() if name.startswith(prefix))


def options_of(case: Case) -> zimg.Options:
    options = zimg.Options()
    setters: dict[str, Callable[[str], Any]] = {
        "device": lambda value: zimg.Device(int(value)),
        "precision": lambda value: zimg.Precision(int(value)),
        "fingerprint": lambda value: zimg.Fingerprint(int(value)),
        "kept": lambda value: zimg.Kept(int(value)),
        "threads": int,
        "drawings_at_once": int,
        "model": str,
        "synonyms": str,
        "engine_path": str,
    }
    for name, value in fields_behind(case, "options."):
        if name in setters:
            setattr(options, name, setters[name](value))
        elif name == "pipeline":
            options.pipeline, options.pipeline_identity = Painter(value), "conformance 1"
        elif name == "secret_namespace":
            options.namespace_secrets[value] = case["options.secret"].encode()
        elif name == "keywords":
            action = zimg.KeywordAction(int(case["options.keyword_action"]))
            options.keywords.append(zimg.Keywords(value, action, case.get("options.keyword_tag", "")))
        elif name not in ("secret", "keyword_action", "keyword_tag", "cache"):
            raise KeyError(name)
    return options


class Seen:
    steps = 0
    previews = 0

    def __call__(self, progress: zimg.Progress) -> None:
        self.steps += 1
        self.previews += progress.preview is not None


def request_of(case: Case, seen: Seen, token: zimg.CancelToken) -> zimg.Request:
    request = zimg.Request()
    setters: dict[str, Callable[[str], Any]] = {
        **dict.fromkeys(("prompt", "negative_prompt", "namespace", "tag"), str),
        **dict.fromkeys(("width", "height", "steps", "seed", "jpeg_quality"), int),
        **dict.fromkeys(("guidance", "guidance_normalization", "guidance_truncation", "ttl_jitter"), float),
        **dict.fromkeys(("vae_tiling", "splice_parameters", "pin", "preview"), lambda value: value == "1"),
        "schedule": lambda value: zimg.Schedule(int(value)),
        "format": lambda value: zimg.ImageFormat(int(value)),
    }
    named: dict[str, tuple[str, Callable[[str], Any]]] = {
        "match": ("match_level", lambda value: zimg.MatchLevel(int(value))),
        "cache_mode": ("cache_mode", lambda value: zimg.CacheMode(int(value))),
        "ttl_ms": ("ttl", lambda value: datetime.timedelta(milliseconds=int(value))),
        "progress": ("on_progress", lambda value: seen),
        "cancel": ("cancel", lambda value: token),
    }
    for name, value in fields_behind(case, "request."):
        field, setter = named[name] if name in named else (name, setters[name])
        setattr(request, field, setter(value))
    return request


def write_first(results: Results, result: zimg.Result, seen: Seen) -> None:
    report = result.report
    results.write_octets(1, result.bytes)
    results.write("first", report.outcome.name.lower())
    results.write("progress", seen.steps)
    results.write("previews", seen.previews)
    results.write("format", int(result.format))
    results.write("width", result.width)
    results.write("height", result.height)
    results.write("seed", report.seed)
    results.write("steps", report.steps)
    results.write("guidance", round(report.guidance * 1000))
    results.write("model", report.model)
    results.write("namespace", report.namespace)
    results.write("flat", int(report.is_flat))
    results.write("filtered", int(report.is_filtered))
    results.write_all("folded", report.folded)
    results.write_all("tag", report.tags)
    results.write_all("warning", report.warnings)
    results.write("stored", report.stored.name.lower())
    results.write("store_note", report.store_note)
    results.write("payload_sha256", report.payload_sha256)


def generate_twice(results: Results, generator: zimg.Generator, request: zimg.Request, seen: Seen) -> None:
    first = generator.generate(request)
    generator.drain()
    first.refresh_stored()
    write_first(results, first, seen)
    second = generator.generate(request)
    results.write_octets(2, second.bytes)
    results.write("second", second.outcome.name.lower())
    results.write("converted", int(second.report.is_converted))
    metrics = generator.metrics()
    for count in (zimg.Count.HITS, zimg.Count.MISSES, zimg.Count.DRAWN):
        results.write(count.name.lower(), metrics[count])


def ask(case: Case, results: Results) -> None:
    cache = zimg.open_cache(case["options.cache"])
    seen, token = Seen(), zimg.CancelToken()
    with zimg.Generator(options_of(case), cache) as generator:
        request = request_of(case, seen, token)
        results.write("key", generator.key(request).hex())
        token.cancel()
        if case["do"] == "generate":
            return generate_twice(results, generator, request, seen)
        for field in generator.explain_key(request):
            results.write("field_tag", field.tag)
            results.write("field_name", field.name)
            results.write("field_value", field.value)
            results.write("field_is_live", int(field.is_live))


def article(case: Case, results: Results) -> None:
    parts = case["article.prompt"], case["article.negative_prompt"], case["article.config"]
    results.write("key", zimg.article_key(*parts).hex())
    results.write("text", zimg.article_text(*parts))


def entry(case: Case, results: Results) -> None:
    cache = zimg.open_cache(case["options.cache"])
    assert cache is not None
    made = zimg.Entry()
    numbers = ("width", "height", "seed", "steps", "stored_at_ms", "expires_at_ms")
    for name, value in fields_behind(case, "entry."):
        if name in numbers:
            setattr(made, name, int(value))
        elif name in ("guidance", "draw_ms"):
            setattr(made, name, float(value))
        elif name == "payload":
            made.payload = value.encode()
        elif name == "format":
            made.format = zimg.ImageFormat(int(value))
        elif name == "pinned":
            made.is_pinned = value == "1"
        elif name in ("namespace", "model", "tag"):
            setattr(made, name, value)
        else:
            raise KeyError(name)
    key = zimg.Key(bytes(range(32)))
    results.write("outcome", int(cache.store(key, made)))
    found = cache.find(key)
    results.write("found", int(found is not None))
    if found is not None:
        write_entry(results, found)
    results.write("erased", int(cache.erase(key)))


def write_entry(results: Results, found: zimg.Entry) -> None:
    assert found.payload is not None
    results.write_octets(1, found.payload)
    results.write("format", int(found.format))
    for name in ("width", "height", "seed", "steps"):
        results.write(name, getattr(found, name))
    results.write("guidance", round(found.guidance * 1000))
    results.write("draw_ms", round(found.draw_ms * 1000))
    for name in ("stored_at_ms", "expires_at_ms", "namespace", "model", "tag"):
        results.write(name, getattr(found, name))
    results.write("pinned", int(found.is_pinned))
    results.write("payload_sha256", found.payload_sha256.hex())


def run(case: Case, results: Results) -> None:
    kind = case["do"]
    if kind in ("generate", "key"):
        ask(case, results)
    elif kind == "article":
        article(case, results)
    elif kind == "hex":
        results.write("key", zimg.Key.from_hex(case["text"]).hex())
    elif kind == "entry":
        entry(case, results)
    else:
        raise KeyError(kind)


def main(arguments: list[str]) -> int:
    results = Results(pathlib.Path(arguments[1]))
    for case in read_cases(pathlib.Path(arguments[0])):
        results.name = case["case"]
        results.write("case", results.name)
        try:
            run(case, results)
            results.write("status", "ok")
        except zimg.Error as error:
            results.write("status", error.status.name.lower())
            results.write("error", error)
    (results.folder / "results.txt").write_text("".join(results.lines), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
