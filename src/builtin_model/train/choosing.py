"""How often each of several ways to say a thing is taken."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence


class Choosing:
    """A way weighs what `weights` say, or 1; a seldom word takes the place of a usual one with the chance `seldom`, and a sentence
    put together from parts that of a listed way with the chance `composed`."""

    def __init__(self, rng: random.Random, weights: Mapping[str, float], seldom: float, composed: float):
        self.rng, self.weights, self.seldom, self.composed = rng, weights, seldom, composed

    def way(self, ways: Sequence[str]) -> str:
        return self.rng.choices(ways, [self.weights.get(way, 1) for way in ways])[0]

    def word(self, usual: Sequence[str], seldom: Sequence[str]) -> str:
        return self.rng.choice(seldom if self.rng.random() < self.seldom else usual)

    def composes(self) -> bool:
        return self.rng.random() < self.composed
