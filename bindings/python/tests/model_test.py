"""Model folders, their tokenizers, picture files, and what this build is."""

from __future__ import annotations

import os
import unittest

import zimg
from support import MODEL, ZimgTest, small


class ModelTest(ZimgTest):
    def test_looks_at_models(self) -> None:
        found = zimg.inspect_model(MODEL, has_identity=True)
        self.assertTrue(found.is_sound)
        self.assertEqual((found.name, found.width, len(found.identity)), ("formula", 128, 64))
        self.assertEqual([part.role for part in found.parts], ["text_encoder", "transformer", "vae"])
        self.assertTrue(found.parts[0].files)
        self.assertTrue(os.path.isdir(zimg.builtin_model_path()))
        self.assertTrue(zimg.inspect_model(zimg.builtin_model_path()).is_sound)

    def test_converts_models(self) -> None:
        told: list[tuple[int, int]] = []
        out = self.folder + "/converted"
        zimg.convert_model(MODEL, out, zimg.WeightType.BF16, lambda done, total: told.append((done, total)))
        self.assertIn("BF16", zimg.inspect_model(out).parts[1].dtypes.upper())
        self.assertEqual(told[-1][0], told[-1][1])

    def test_reads_text_as_the_model_does(self) -> None:
        tokenizer = zimg.Tokenizer(MODEL)
        ids = tokenizer.encode("a red circle")
        self.assertEqual(b"".join(tokenizer.piece(token) for token in ids), b"a red circle")
        self.assertGreater(len(tokenizer.encode("a red circle", is_prompt=True)), len(ids))

    def test_reads_picture_files(self) -> None:
        request = small()
        request.splice_parameters = True
        result = self.generator.generate(request)
        facts = zimg.picture_facts(result.bytes)
        self.assertEqual((facts.format, facts.width, facts.height), (zimg.ImageFormat.PNG, 64, 64))
        self.assertEqual([keyword for keyword, _ in facts.texts], ["parameters", "zimg"])
        self.assertEqual(len(zimg.decode_picture(result.bytes).rgb), 64 * 64 * 3)

    def test_says_what_it_is(self) -> None:
        self.assertRegex(zimg.version(), r"^\d+\.\d+\.\d+$")
        self.assertIsInstance(zimg.has_feature(zimg.Feature.ENGINE), bool)
        self.assertTrue(zimg.default_cache_path().endswith("zimg/pictures"))


if __name__ == "__main__":
    unittest.main()
