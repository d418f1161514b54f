"""The tokenizer: the released byte-pair merges, cut down to those that the prompts need.

    python vocabulary.py --released FOLDER --out FOLDER [--known FOLDER]

FOLDERs hold merges.txt and tokenizer_config.json (released) and are written as a tokenizer folder (out). Every byte still
encodes, so any prompt does; words outside the prompts fall into more tokens than with the full vocabulary. With --known, the
tokenizer of a model that is to learn more, its tokens stay, and only those are added that are missing.
Merges of capitals are not the released ones but those of small letters once more (capitals.py).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import unicodedata
from pathlib import Path

import english
import scenes
from capitals import in_small_letters, is_small, with_capitals
from checkpoint import write_json
from prompts import random_words
from writing import plainest

ROOM = 3840  # rows of the embedding table
TEMPLATE = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
# The same for the standard library, which differs only in how it sees the underscore.
PIECES = re.compile(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|(?:[^\r\n\w])?[^\W\d_]+|\d| ?[^\s\w]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIAL = re.compile(r"(<\|im_start\|>|<\|im_end\|>)")


def byte_symbols() -> dict[int, str]:
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = {b: chr(b) for b in shown}
    symbols.update({b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in symbols)})
    return symbols


BYTES = byte_symbols()
SPACE = BYTES[ord(" ")]
SYMBOLS = {symbol: byte for byte, symbol in BYTES.items()}


def plainest_form(token: str) -> str:
    """The symbols of a token's plainest form; of a part of a character the token itself."""
    try:
        text = bytes(SYMBOLS[symbol] for symbol in token).decode()
    except UnicodeDecodeError:
        return token
    return "".join(BYTES[byte] for byte in plainest(text).encode())


class Tokenizer:
    def __init__(self, merges: list[tuple[str, str]], added: list[str]):
        self.merges, self.added = merges, added
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        shown = sorted(BYTES, key=lambda b: ord(BYTES[b]))
        symbols = [BYTES[b] for b in shown] + [a + b for a, b in merges]
        self.ids = {symbol: i for i, symbol in enumerate(symbols)}
        self.special = {token: len(symbols) + i for i, token in enumerate(added)}
        self.cache: dict[str, list[int]] = {}

    @classmethod
    def read(cls, folder: Path) -> Tokenizer:
        lines = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))["added_tokens_decoder"]
        added = [config[i]["content"] for i in sorted(config, key=int)]
        return cls([tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")], added)

    def twins(self) -> list[int]:
        """Of each row of the embedding table, the row of the same token in small letters.

        Of a kind's name that begins a text, as in "triangle", which training seldom shows, that of the name behind a space.
        """
        begins = {name: SPACE + name for names in (english.KINDS, english.SELDOM_KINDS) for words in names.values()
                  for name in (word.split(" ")[0] for word in words) if SPACE + name in self.ids}
        plain = [in_small_letters(symbol) for symbol in self.ids]
        return [self.ids[begins.get(symbol, symbol)] for symbol in plain] + list(range(len(plain), ROOM))

    def split(self, piece: str) -> tuple[list[str], list[int]]:
        """The symbols of a piece of text, and the ranks of the merges that made them."""
        symbols, used = [BYTES[b] for b in piece.encode()], []
        while len(symbols) > 1:
            rank, at = min((self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(symbols, symbols[1:])))
            if rank == 1 << 30:
                break
            used.append(rank)
            symbols[at:at + 2] = [symbols[at] + symbols[at + 1]]
        return symbols, used

    def pieces(self, text: str):
        for part in SPECIAL.split(text):
            if part in self.special:
                yield part
            else:
                yield from PIECES.findall(unicodedata.normalize("NFC", part))

    def encode(self, prompt: str) -> list[int]:
        """The ids of a prompt inside the chat template, as the text encoder gets them."""
        ids = []
        for piece in self.pieces(TEMPLATE.format(prompt)):
            if piece not in self.cache:
                self.cache[piece] = [self.special[piece]] if piece in self.special else [
                    self.ids[s] for s in self.split(piece)[0]]
            ids += self.cache[piece]
        return ids


def often_used(full: Tokenizer, prompts: int) -> list[int]:
    """The ranks of merges that many prompts use, most used first."""
    rng = random.Random(5)
    uses: dict[int, int] = {}
    seen: dict[str, list[int]] = {}
    for _ in range(prompts):
        for piece in full.pieces(TEMPLATE.format(random_words(scenes.sample(rng), rng))):
            if piece not in seen:
                seen[piece] = [] if piece in full.special else full.split(piece)[1]
            for rank in seen[piece]:
                uses[rank] = uses.get(rank, 0) + 1
    return sorted((r for r in uses if uses[r] >= prompts // 5000), key=lambda r: -uses[r])


def of_names_that_begin(full: Tokenizer) -> set[int]:
    """The ranks of merges for kinds' usual names without a space before them, which training seldom shows (Tokenizer.twins)."""
    return {rank for names in english.KINDS.values() for name in names for rank in full.split(name.split(" ")[0])[1]}


def needed(full: Tokenizer, prompts: int, known: Tokenizer | None) -> list[tuple[str, str]]:
    """The known merges, those of names and those that many prompts use, as far as there is room for all and their twins, in released
    order."""
    kept = {full.ranks[pair] for pair in known.merges if is_small("".join(pair))} if known else set()
    kept |= of_names_that_begin(full)
    added = [r for r in often_used(full, prompts) if r not in kept]
    while len(with_capitals([full.merges[r] for r in (*kept, *added)])) > ROOM - 256 - len(full.added):
        added.pop()
    return [full.merges[r] for r in sorted((*kept, *added))]


def write(tokenizer: Tokenizer, released: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    merges = "#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in tokenizer.merges)
    (out / "merges.txt").write_text(merges, encoding="utf-8")
    (out / "vocab.json").write_text(json.dumps(tokenizer.ids, ensure_ascii=False), encoding="utf-8")
    config = json.loads((released / "tokenizer_config.json").read_text(encoding="utf-8"))
    entries = {e["content"]: e for e in config["added_tokens_decoder"].values()}
    config["added_tokens_decoder"] = {str(i): entries[token] for token, i in tokenizer.special.items()}
    write_json(out / "tokenizer_config.json", config)
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    write_json(out / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": i, **entries[token]} for token, i in tokenizer.special.items()],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Isolated", "invert": False}, level]},
        "post_processor": level, "decoder": level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                  "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": tokenizer.ids,
                  "merges": [list(pair) for pair in tokenizer.merges]}})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--released", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--known", type=Path)
    arguments.add_argument("--prompts", type=int, default=60000)
    a = arguments.parse_args()
    full = Tokenizer.read(a.released)
    merges = needed(full, a.prompts, Tokenizer.read(a.known) if a.known else None)
    small = Tokenizer(with_capitals(merges), full.added)
    write(small, a.released, a.out)
    print(f"{len(small.merges)} merges, {len(small.ids) + len(small.special)} tokens")


if __name__ == "__main__":
    main()
