"""The built-in model reads a prompt in capitals as the same prompt in small letters: token for token, row for row."""

from __future__ import annotations

import random
import unittest
from pathlib import Path

import numpy as np

import checker  # noqa: F401 (finds the training code)
import prompts
import scenes
from capitals import with_capitals
from checkpoint import read_tensors
from vocabulary import Tokenizer

BUILT_IN = Path(__file__).resolve().parents[2] / "src" / "builtin_model" / "model"


class Capitals(unittest.TestCase):
    def test_tokens_of_a_prompt_correspond_one_to_one_however_it_is_written(self):
        tokenizer = Tokenizer.read(BUILT_IN / "tokenizer")
        twins, rng = tokenizer.twins(), random.Random(11)
        for _ in range(2000):
            text = prompts.words(scenes.sample(rng, held_out=True), rng, rng.choice(("en", "en", "zh"))).lower()
            meant = [twins[i] for i in tokenizer.encode(text)]
            for written in (text.upper(), text.title(), text[0].upper() + text[1:]):
                self.assertEqual([twins[i] for i in tokenizer.encode(written)], meant, written)

    def test_a_token_in_capitals_means_what_it_means_in_small_letters(self):
        tokenizer = Tokenizer.read(BUILT_IN / "tokenizer")
        table = read_tensors(BUILT_IN, "text_encoder")["embed_tokens.weight"].numpy()
        twins = tokenizer.twins()
        self.assertEqual(len(table), len(twins))
        np.testing.assert_array_equal(table, table[twins])
        self.assertEqual(twins[tokenizer.ids["ĠRED"]], tokenizer.ids["Ġred"])
        self.assertGreater(len({row.tobytes() for row in table}), len(set(twins)) * 0.9)  # other tokens have rows of their own

    def test_released_merges_of_capitals_are_left_out(self):
        merges = [("Ġ", "t"), ("E", "R"), ("Ġt", "h"), ("ç", "º"), ("Ġ", "T"), ("-", "p"), ("Ġth", "e")]
        self.assertEqual(with_capitals(merges), [
            ("Ġ", "t"), ("Ġ", "T"), ("Ġt", "h"), ("ĠT", "H"), ("ĠT", "h"), ("ç", "º"), ("-", "p"), ("-", "P"),
            ("Ġth", "e"), ("ĠTH", "E"), ("ĠTh", "e")])


if __name__ == "__main__":
    unittest.main()
