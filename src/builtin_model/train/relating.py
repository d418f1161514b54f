"""Which sentence a layout asks for, in any language: what english_relations.py and chinese_relations.py have in common."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod


class Relating(ABC):
    """Sentences about phrases such as "a red cup", each with the name by which a second mention calls it ("cup")."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    def said(self, layout: str, phrases: list[str], names: list[str]) -> str:
        if layout == "row3":
            return self._three(phrases, names)
        if layout == "row2":
            return self._two(phrases, names)
        if layout == "column2":
            return self._stacked(*phrases, names)
        if self.rng.random() < 0.15:
            return self._in_corners(phrases, layout == "over")
        pair, tail = self._pair(phrases[:2], names)
        return self.over_or_under(layout, pair, phrases[2], names) + tail

    def over_or_under(self, layout: str, pair: str, third: str, names: list[str]) -> str:
        """Two things, in one phrase, over or under a third."""
        above, below = (pair, third) if layout == "over" else (third, pair)
        return self._stacked(above, below, names, layout)

    @abstractmethod
    def _two(self, phrases: list[str], names: list[str]) -> str:
        """Side by side, the first at the left."""

    @abstractmethod
    def _three(self, phrases: list[str], names: list[str]) -> str:
        """In a row, from left to right."""

    @abstractmethod
    def _pair(self, phrases: list[str], names: list[str], often: float = 0.2) -> tuple[str, str]:
        """Two that stand side by side, and what is said behind the whole about which is where."""

    @abstractmethod
    def _in_corners(self, phrases: list[str], two_above: bool) -> str:
        """The first two in the left and right corners, the third below or, unless these are above, over them."""

    @abstractmethod
    def _stacked(self, above: str, below: str, names: list[str], layout: str = "column2") -> str:
        """One over another; of `over` the upper, of `under` the lower are two."""
