"""Words that change nothing, put among those of a prompt, so that training shows that what is not known is to be passed over.

Some are what people do say; the others are made up, since no list holds all that people say.
"""

from __future__ import annotations

import random
from string import ascii_lowercase

SHARE = 0.2  # of the prompts whose pictures were drawn, not of those that the model drew itself (rollouts.py)
ENGLISH_BEFORE = (
    "just", "only", "simply", "hello,", "hi,", "okay,", "now", "well,", "for me:", "what about", "how about", "imagine", "let us have",
    "we see", "you can see", "suppose", "try", "maybe", "kindly", "give us", "think of", "please give me", "let me see", "could i have",
    "some", "my", "our", "look,", "say,", "next:", "would you make", "help me with")
ENGLISH_AMONG = (
    "nice", "beautiful", "lovely", "pretty", "shiny", "happy", "single", "simple", "plain", "old", "new", "cute", "wonderful", "sitting",
    "standing", "swimming", "sailing", "parked", "flying", "shining", "growing", "floating", "painted", "drawn", "placed", "located",
    "positioned", "arranged", "really", "completely", "solid", "perfect", "exactly", "clearly", "also", "fancy", "friendly", "sleeping")
ENGLISH_AFTER = ("please", "thanks", "thank you", "for my website", "for a child", "if you can", "that is all", "okay", "today", "at night")
TOGETHER = ("left", "right", "corner", "background", "side", "center", "of", "half", "pair", "couple")  # with the word before it
CHINESE_BEFORE = ("你好，", "能不能", "可以", "麻烦", "只有", "就", "我家的", "今天", "看，", "请", "想象", "这里", "让我看看", "试试", "求", "那么", "嗯，",
                  "可以帮我画", "麻烦你画", "能画", "这儿有", "看到", "我们有", "我喜欢", "随便画", "现在", "设计", "做")
CHINESE_AFTER = ("吗", "吧", "呢", "，谢谢", "就好", "就行", "，好吗", "，好不好", "哦", "，可以吗", "，谢谢你", "给我看", "，给孩子看", "，用在网站上")
COMMON_CHARACTERS = range(0x4E00, 0x9000)
SYLLABLES = (
    "gor", "geo", "wi", "grum", "py", "bal", "loon", "ing", "ed", "er", "ly", "ness", "ful", "tion", "men", "ta", "con", "pre", "un", "re", "ver",
    "ri", "mo", "lo", "pa", "to", "ne", "qui", "ck", "th", "sh", "ch", "str", "sp", "bl", "gr", "cl", "ment", "able", "ive", "al", "ic", "ent", "ant",
    "ous", "est", "ling", "ish", "bu", "ca", "de", "fi", "ga", "ho", "in", "ja", "ki", "le", "mi", "no", "ob", "po", "ra", "se", "ti", "up", "va", "we",
    "ex", "ya", "zo", "age", "ard", "ess", "ism", "let", "ock", "ump", "ew", "ow", "ee", "oo", "ai", "ou")


def _made_up(rng: random.Random, language: str) -> str:
    if language == "en" and rng.random() < 0.7:
        return "".join(rng.choices(SYLLABLES, k=rng.randint(1, 3)))
    if language == "en":
        return "".join(rng.choices(ascii_lowercase, k=rng.randint(3, 8)))
    return "".join(map(chr, rng.choices(COMMON_CHARACTERS, k=rng.randint(1, 3))))


def _among_english(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(ENGLISH_BEFORE) + " " + text
    if kind < 0.5:
        return text.rstrip(".?") + " " + rng.choice(ENGLISH_AFTER)
    gaps = [i for i in range(len(words) + 1) if i == len(words) or words[i].strip(",.") not in TOGETHER]
    for at in sorted(rng.sample(gaps, min(len(gaps), rng.choice((1, 1, 2)))), reverse=True):
        words.insert(at, rng.choice(ENGLISH_AMONG) if kind < 0.75 else _made_up(rng, "en"))
    return " ".join(words)


def _among_chinese(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(CHINESE_BEFORE) + text
    if kind < 0.6:
        return text.rstrip("。") + rng.choice(CHINESE_AFTER)
    gaps = [0, len(text), *(i + 1 for i, character in enumerate(text) if character in "，、在有是的")]
    at = rng.choice(gaps)
    return text[:at] + _made_up(rng, "zh") + text[at:]


def with_strangers(text: str, rng: random.Random) -> str:
    """The prompt as it is or, of some, with words that change nothing."""
    if not text or rng.random() >= SHARE:
        return text
    return (_among_english if text.isascii() else _among_chinese)(text, rng)
