"""What is of another type than it should be: a TypeError that names the argument."""

from __future__ import annotations

import os
import pathlib
import unittest
from typing import Any, Callable

import zimg
from support import MODEL, ZimgTest, options_of, small


class TypeErrorTest(ZimgTest):
    def refused_type(self, sentence: str, call: Callable[[], object]) -> None:
        with self.subTest(sentence), self.assertRaises(TypeError) as raised:
            call()
        self.assertIn(sentence, str(raised.exception))

    def test_in_each_field_of_a_request(self) -> None:
        for field, value, found, expected in (
            ("prompt", None, "None", "a str"),
            ("prompt", 0, "an int", "a str"),
            ("prompt", b"octets", "a bytes", "a str"),
            ("negative_prompt", None, "None", "a str"),
            ("width", 1.5, "a float", "an int"),
            ("height", "64", "a str", "an int"),
            ("steps", "8", "a str", "an int"),
            ("guidance", "4", "a str", "a float"),
            ("guidance_normalization", None, "None", "a float"),
            ("guidance_truncation", "1", "a str", "a float"),
            ("schedule", "linear", "a str", "a Schedule"),
            ("seed", 1.0, "a float", "an int"),
            ("seed", 42.0, "a float", "an int"),  # as it is in a new request, but for its type
            ("seed", None, "None", "an int"),
            ("random_seed", "no", "a str", "a bool"),
            ("vae_tiling", None, "None", "a bool"),
            ("match_level", "loose", "a str", "a MatchLevel"),
            ("namespace", None, "None", "a str"),
            ("format", "png", "a str", "an ImageFormat"),
            ("jpeg_quality", 90.5, "a float", "an int"),
            ("splice_parameters", "no", "a str", "a bool"),
            ("cache_mode", "bypass", "a str", "a CacheMode"),
            ("ttl", 60, "an int", "a datetime.timedelta"),
            ("ttl_jitter", "0", "a str", "a float"),
            ("tag", None, "None", "a str"),
            ("pin", "no", "a str", "a bool"),
            ("preview", [], "a list", "a bool"),
            ("on_progress", "print", "a str", "a function"),
            ("cancel", True, "a bool", "a CancelToken"),
            ("preset", zimg.Preset.BATCH, "a Preset", "a tuple of a Preset and a str"),
        ):
            request = small()
            setattr(request, field, value)
            sentence = f"the argument {field!r} is {found}; {expected}"
            self.refused_type(sentence, lambda: self.generator.generate(request))
            self.refused_type(sentence, lambda: self.generator.key(request))
        self.assertEqual(self.painter.drawings, 0)

    def test_in_what_a_generator_is_asked_for_and_made_of(self) -> None:
        generator: Any = self.generator
        for wanted, found in ((None, "None"), (5, "an int"), (b"a", "a bytes")):
            sentence = f"the argument 'wanted' is {found}; a Request or a str is expected"
            for ask in (generator.generate, generator.start, generator.key, generator.explain_key):
                self.refused_type(sentence, lambda: ask(wanted))
            self.refused_type(sentence, lambda: generator.prewarm([wanted]))
            self.refused_type(sentence, lambda: generator.prewarm([(wanted, 1.0)]))
        self.refused_type("'wanted' is a tuple", lambda: generator.prewarm([("a", 1.0, 2.0)]))
        self.refused_type("'priority' is a str; a float", lambda: generator.prewarm([("a", "high")]))
        self.refused_type("'budget' is an int; a Budget", lambda: generator.prewarm(["a"], 5))
        make: Any = zimg.Generator
        self.refused_type("'cache' is a str; a Cache", lambda: make(cache="memory:"))
        self.refused_type("'options' is a str; an Options", lambda: make("memory:"))
        for field, value, sentence in (
            ("cache_url", pathlib.Path("a"), "a PosixPath; a str"),
            ("model", 5, "an int; a str, or an os.PathLike of one,"),
            ("model", b"folder", "a bytes; a str, or an os.PathLike of one,"),
            ("device", "cuda", "a str; a Device"),
            ("threads", 1.5, "a float; an int"),
            ("pipeline", "painter", "a str; a Pipeline"),
            ("requires_cache", "no", "a str; a bool"),
            ("trace_prompts", "no", "a str; a bool"),
            ("on_trace", "print", "a str; a function"),
            ("on_hashing", "print", "a str; a function"),
            ("namespace_secrets", [b"s"], "a list; a Mapping"),
            ("keywords", ["words"], "a str; a Keywords"),
        ):
            sentence = f"the argument {field!r} is {sentence}"
            self.refused_type(sentence, lambda: make(options_of(self.painter, **{field: value})))

    def test_in_what_a_cache_is_asked_for_and_made_of(self) -> None:
        zimg_: Any = zimg
        cache: Any = self.cache
        key, entry = zimg.Key(bytes(32)), zimg.Entry(b"x")
        calls: dict[str, Callable[[], object]] = {
            "'url' is a PosixPath; a str": lambda: zimg_.open_cache(pathlib.Path("a")),
            "'policy' is a dict; a Policy": lambda: zimg_.memory_cache(1000, {}),
            "'capacity_bytes' is a float; an int": lambda: zimg_.memory_cache(1e6),
            "'ttl' is an int; a datetime.timedelta": lambda: zimg.memory_cache(
                1000, zimg.Policy([zimg_.NamespaceRule("a", ttl=60)])
            ),
            "'ttl_jitter' is a str; a float": lambda: zimg.memory_cache(1000, zimg_.Policy(ttl_jitter="0")),
            "'clock' is an int; a function": lambda: zimg.memory_cache(1000, zimg_.Policy(clock=5)),
            "'options' is a str; a LmdbOptions": lambda: zimg_.open_store(self.folder),
            "'allow_network' is a str; a bool": lambda: zimg.open_store(
                zimg_.LmdbOptions(path=self.folder, allow_network="no")
            ),
            "'lower' is None; a Cache": lambda: zimg_.tier(cache, None),
            "'backend' is a str; a CacheBackend": lambda: zimg_.wrap_cache("a", "b"),
            "'octets' is a str; an object like bytes": lambda: zimg_.Key("a" * 32),
            "'key' is a str; a Key": lambda: cache.find("a" * 64),
            "'entry' is a bytes; an Entry": lambda: cache.store(key, b"x"),
            "'guidance' is a str; a float": lambda: cache.store(key, zimg_.Entry(b"x", guidance="0")),
            "'is_pinned' is a str; a bool": lambda: cache.pin(key, "no"),
            "'fitting' is None; a PurgeFilter": lambda: cache.purge(None),
            "'spares_pinned' is a str; a bool": lambda: cache.purge(zimg_.PurgeFilter(spares_pinned="no")),
            "'match' is None; a function": lambda: cache.erase_if(None),
            "'on_progress' is an int; a function": lambda: cache.verify(5),
            "'cache' is a str; a Cache": lambda: zimg_.export_bundle("memory:", self.folder + "/bundle"),
            "'encoded' is a str; an object like bytes": lambda: zimg_.decode_picture("png"),
            "'weight_type' is a str; a WeightType": lambda: zimg_.convert_model(MODEL, self.folder + "/out", "fp16"),
            "'has_identity' is a str; a bool": lambda: zimg_.inspect_model(MODEL, "no"),
        }
        for sentence, call in calls.items():
            self.refused_type(sentence, call)
        cache.store(key, entry)
        self.assertIn(key, cache)

    def test_in_where_a_result_is_saved(self) -> None:
        result: Any = self.generator.generate(small())
        self.refused_type("'path' is an int; a str, or an os.PathLike of one,", lambda: result.save(1))
        result.save(pathlib.Path(self.folder, "a.png"))
        self.assertEqual(pathlib.Path(self.folder, "a.png").read_bytes(), result.bytes)

    def test_and_takes_what_is_as_good(self) -> None:
        class Eight:
            def __index__(self) -> int:
                return 8

        any_: Any = Eight()
        expected = self.generator.key(zimg.Request("x", steps=8, pin=True))
        self.assertEqual(self.generator.key(zimg.Request("x", steps=any_, pin=1)), expected)  # type: ignore[arg-type]
        guided = self.generator.key(zimg.Request("x", guidance=8.0))
        self.assertEqual(self.generator.key(zimg.Request("x", guidance=any_)), guided)
        self.assertEqual(zimg.inspect_model(pathlib.Path(MODEL)).path, zimg.inspect_model(MODEL).path)
        self.assertEqual(hash(zimg.Key(bytearray(32))), hash(zimg.Key(bytes(32))))  # type: ignore[arg-type]
        self.refused(
            zimg.InvalidArgumentError, "guidance", lambda: self.generator.key(zimg.Request(guidance=10**400))
        )


if __name__ == "__main__":
    unittest.main()
