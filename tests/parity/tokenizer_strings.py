#!/usr/bin/env python3
"""Compares zimg's tokenizer with the reference's on strings drawn from a seed.

    tokenizer_strings.py --zimg build/release/bin/zimg [--strings 50000] [--seed 1]

The strings mix prompts, digits, odd white space, contractions, combining marks, added tokens within text, and code
points of every plane. They are tokenized with the released vocabulary, which is rebuilt from its merges, and with the
built-in model's, by zimg and by transformers. The prompts whose ids the model's description gives come first. Prints
counts; exits with 1 when any string differs and shows the first ten, and when a planted
mistake shows in none.
"""
import argparse
import json
import pathlib
import random
import shutil
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
         "\u1abf", "\u0898", "\U0001e130", "\U00011935\U00011930", "\U00011938", "\u11a7", "\u11a8"]
# Prompts and the ids of what stands between "<|im_start|>user\n" and "<|im_end|>", from the model's description.
VECTORS = {
    "": [], "a lovely cat": [64, 16690, 8251], "  two  spaces\t\n\n x": [220, 1378, 220, 12621, 15799, 856],
    "It's 2025: 12,345.67 — naïve café": [2132, 594, 220, 17, 15, 17, 20, 25, 220, 16, 17, 11, 18, 19, 20, 13, 21, 22,
                                           1959, 94880, 586, 51950],
    "cafe\u0301": [924, 58858], "一只可爱的猫": [102292, 108541, 100472], "⚡️🐈": [144995, 30543, 146833],
    "a<|im_end|>b": [64, 151645, 65]}
# The prompt of the release's own README: how many ids it has with the template, and which come first and last.
README_PROMPT = (
    "Young Chinese woman in red Hanfu, intricate embroidery. Impeccable makeup, red floral forehead pattern. Elaborate high bun, "
    "golden phoenix headdress, red flowers, beads. Holds round folding fan with lady, trees, bird. Neon lightning-bolt lamp (⚡️), "
    "bright yellow glow, above extended left palm. Soft-lit outdoor night background, silhouetted tiered pagoda (西安大雁塔), "
    "blurred colorful distant lights.")
README_IDS = (101, [151644, 872, 198, 40572, 8453, 5220, 304, 2518, 20644, 32621, 11, 56116],
              [101105, 701, 72400, 33866, 28727, 12711, 13, 151645, 198, 151644, 77091, 198])
TEMPLATE = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
BEFORE, AFTER = [151644, 872, 198], [151645, 198, 151644, 77091, 198]


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


def released_model(folder):
    """The released configs and tokenizer, without weights."""
    import reference_models

    shutil.copytree(SOURCE / "tests/data/z-image-turbo", folder)
    lines = (folder / "tokenizer/merges.txt").read_text(encoding="utf-8").split("\n")[1:]
    pieces = reference_models.byte_symbols() + [line.replace(" ", "") for line in lines if line]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    (folder / "tokenizer/vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    return folder


def check_vectors(zimg, model):
    """How many of the vectors come out otherwise."""
    prompts = {TEMPLATE.format(prompt): BEFORE + ids + AFTER for prompt, ids in VECTORS.items()}
    prompts[TEMPLATE.format("\nfoo")] = [151644, 872, 271, 7975] + AFTER  # the template's line break merges
    found = tokens_by_zimg(zimg, model, list(prompts))
    wrong = [text for text, ids in zip(prompts, found) if ids != prompts[text]]
    for text in wrong:
        print(f"vector differs: {text!r}")
    (ids,) = tokens_by_zimg(zimg, model, [TEMPLATE.format(README_PROMPT)])
    count, first, last = README_IDS
    if (len(ids), ids[:len(first)], ids[-len(last):]) != README_IDS:
        wrong.append(README_PROMPT)
        print(f"the README's prompt differs: {len(ids)} ids where {count} are expected: {ids}")
    print(f"{len(prompts) + 1} vectors: {len(wrong)} differ")
    return len(wrong)


def check_planted(zimg, model, folder):
    """1 where a list of merges in another order goes unseen, else 0."""
    shutil.copytree(model, folder)
    merges = pathlib.Path(folder, "tokenizer/merges.txt")
    head, *lines = merges.read_text(encoding="utf-8").split("\n")
    merges.write_text("\n".join([head, *lines[1000::-1], *lines[1001:]]), encoding="utf-8")
    print("with its first 1000 merges turned round:")
    return int(compare(zimg, folder, 300, 3, reference_of=model) == 0)


def compare(zimg, model, count, seed, reference_of=None):
    """How many of `count` strings come out otherwise than with the reference, of another model where one is given."""
    from transformers import AutoTokenizer

    reference = AutoTokenizer.from_pretrained(str(pathlib.Path(reference_of or model) / "tokenizer"))
    added = sorted(reference.get_added_vocab())
    rng = random.Random(seed)
    strings = [draw_string(rng, added) for _ in range(count)]
    found = tokens_by_zimg(zimg, model, strings)
    expected = reference(strings, add_special_tokens=False)["input_ids"]
    if len(found) != len(strings):
        sys.exit(f"{len(strings)} strings went in, {len(found)} came out")
    different = [i for i in range(len(strings)) if found[i] != expected[i]]
    for i in different[:10 if reference_of is None else 0]:
        names = [unicodedata.name(c, f"U+{ord(c):04X}") for c in strings[i][:20]]
        print(f"different: {strings[i]!r}\n  {names}\n  zimg      {found[i]}\n  reference {expected[i]}")
    print(f"{pathlib.Path(model).name}: {len(strings)} strings, {sum(map(len, expected))} tokens, "
          f"{len(added)} added tokens: {len(different)} strings differ")
    return len(different)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zimg", default=str(SOURCE / "build/release/bin/zimg"), help="the program")
    parser.add_argument("--strings", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        released = str(released_model(pathlib.Path(folder) / "z-image-turbo"))
        differing = check_vectors(options.zimg, released)
        differing += check_planted(options.zimg, released, str(pathlib.Path(folder) / "planted"))
        differing += compare(options.zimg, released, options.strings, options.seed)
    differing += compare(options.zimg, str(SOURCE / "src/builtin_model/model"), options.strings // 5, options.seed + 1)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
