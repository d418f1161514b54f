"""Other ways to write the same words: in capitals, and in traditional characters."""

from __future__ import annotations

import random

# Of the characters that prompts use, those that look otherwise.
_SIMPLIFIED = "两个为从侧儿与单圆图块帮弯极树栋条点爱画简笔红线给绿蓝请质车轮轿辆边还钻间阳顶颗风鱼鲜黄云伞猫于只"
_TRADITIONAL = "兩個為從側兒與單圓圖塊幫彎極樹棟條點愛畫簡筆紅線給綠藍請質車輪轎輛邊還鑽間陽頂顆風魚鮮黃雲傘貓於隻"
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def rewritten(text: str, rng: random.Random, language: str) -> str:
    """The prompt as it is or, now and then, as others would type it."""
    chance = rng.random()
    if language == "zh":
        return text.translate(_TO_TRADITIONAL) if chance < 0.12 else text
    if chance < 0.04:
        return text.upper()
    return text.title() if chance < 0.07 else text


def plainest(text: str) -> str:
    """Without capitals, in simplified characters: what a word that is new may begin from in training."""
    return text.lower().translate(_TO_SIMPLIFIED)
