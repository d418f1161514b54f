#!/usr/bin/env python3
"""Compares zimg's tokenizer with the reference's on strings drawn from a seed.

    tokenizer_strings.py --zimg build/release/bin/zimg [--model DIR] [--strings 50000] [--seed 1]

The strings mix prompts, digits, odd white space, contractions, combining marks, added tokens within text, and code
points of every plane. The reference is transformers' tokenizer for the same folder. Prints counts; exits with 1 when any
string differs and shows the first ten.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

SOURCE = pathlib.Path(__file__).resolve().parents[2]

WORDS = ["a", "the", "red", "circle", "Two", "SQUARES", "it's", "I'M", "we'LL", "they've", "naïve", "café", "cafe\u0301",
         "'\u017f", "'re", "'Re", "'d", "'", "''", "’s", "don't", "1", "12", "2025", "½", "Ⅻ", "x²", "٣", "一只", "可爱的猫",
         "红色", "，", "。", "「」", "日本語", "かな", "カナ", "한국어", "Ελλάδα", "Москва", "עברית", "العربية", "हिन्दी", "ไทย",
         "⚡️", "🐈", "👩‍👩‍👧‍👦", "🇩🇪", "!", "!!!", "...", "—", "-", "_", "#", "(a)", "a.b", "http://x.y/z?q=1", "\u0130", "ß", "ﬁ",
         "Å", "\u212b", "가", "\u1100\u1161", "\u0344", "\u1e9b\u0323"]
SPACES = [" ", "  ", "   ", "\t", "\n", "\n\n", "\r", "\r\n", " \n", "\n ", "\t \n\t", "\u00a0", "\u2003", "\u3000", "\u2028",
          "\u2029", "\u0085", "\u000b", "\u000c", "\u001c", "\u001f", "\u200b", "\ufeff", "\u1680", "\u180e", "\u202f",
          "\u205f"]
MARKS = ["\u0301", "\u0323", "\u0338", "\u0345", "\u093c", "\u3099", "\u0f71", "\u1dce", "\u0591", "\u20d0",
         "\u1abf", "\u0898", "\U0001e130", "\U00011935\U00011930", "\U00011938"]
# The vectors that the model's description gives.
VECTORS = ["", "a lovely cat", "\nfoo", "  two  spaces\t\n\n x", "It's 2025: 12,345.67 — naïve café", "cafe\u0301",
           "一只可爱的猫", "⚡️🐈", "a<|im_end|>b"]


def is_character(point):
    return not 0xD800 <= point <= 0xDFFF


def any_character(rng):
    """One of the whole of Unicode, the lower planes more often."""
    while True:
        kind = rng.random()
        if kind < 0.3:
            point = rng.randrange(0x20, 0x3000)
        elif kind < 0.6:
            point = rng.randrange(0, 0x10000)
        elif kind < 0.85:
            point = rng.randrange(0x10000, 0x33480)
        else:
            point = rng.randrange(0, 0x110000)
        if is_character(point):
            return chr(point)


def draw_string(rng, added):
    pieces = []
    for _ in range(rng.choice([1, 2, 3, 5, 8, 13, 30])):
        kind = rng.random()
        if kind < 0.35:
            pieces.append(rng.choice(WORDS))
        elif kind < 0.6:
            pieces.append(rng.choice(SPACES))
        elif kind < 0.85:
            pieces.append("".join(any_character(rng) for _ in range(rng.randrange(1, 4))))
        elif kind < 0.92:
            pieces.append(rng.choice(MARKS) * rng.randrange(1, 3))
        elif kind < 0.96:
            token = rng.choice(added)
            pieces.append(token if rng.random() < 0.7 else token[:rng.randrange(1, len(token))])
        else:
            pieces.append(rng.choice("aAeE'. \n7一") * rng.randrange(1, 40))
    return "".join(pieces)


def tokens_by_zimg(zimg, model, strings):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(text) + "\n" for text in strings)
        file.flush()
        done = subprocess.run([zimg, "inspect", model, "--tokens-from", file.name], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zimg", default=str(SOURCE / "build/release/bin/zimg"), help="the program")
    parser.add_argument("--model", default=str(SOURCE / "src/builtin_model/model"), help="a model folder")
    parser.add_argument("--strings", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    from transformers import AutoTokenizer  # here, so that --help needs nothing

    reference = AutoTokenizer.from_pretrained(str(pathlib.Path(options.model) / "tokenizer"))
    added = sorted(reference.get_added_vocab())
    rng = random.Random(options.seed)
    strings = VECTORS + [draw_string(rng, added) for _ in range(options.strings - len(VECTORS))]
    found = tokens_by_zimg(options.zimg, options.model, strings)
    expected = reference(strings, add_special_tokens=False)["input_ids"]

    different = [i for i in range(len(strings)) if i >= len(found) or found[i] != expected[i]]
    for i in different[:10]:
        names = [unicodedata.name(c, f"U+{ord(c):04X}") for c in strings[i][:20]]
        print(f"different: {strings[i]!r}\n  {names}\n  zimg      {found[i] if i < len(found) else None}\n"
              f"  reference {expected[i]}")
    print(f"{len(strings)} strings, {sum(map(len, expected))} tokens, {len(added)} added tokens: "
          f"{len(different)} strings differ")
    return 1 if different or len(found) != len(strings) else 0


if __name__ == "__main__":
    sys.exit(main())
