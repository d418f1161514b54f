"""How often each of several ways to say a thing is taken."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence


class Choosing:
    """A way weighs what `weights` say, or 1; a seldom word takes the place of a usual one with the chance `seldom`, a seldom way that
    of a usual one with the chance `otherwise`, and a sentence put together from parts that of any with the chance `composed`."""

    def __init__(self, rng: random.Random, weights: Mapping[str, float], seldom: float, otherwise: float, composed: float):
        self.rng, self.weights, self.seldom, self.otherwise, self.composed = rng, weights, seldom, otherwise, composed

    def way(self, ways: Sequence[str]) -> str:
        return self.rng.choices(ways, [self.weights.get(way, 1) for way in ways])[0]

    def either(self, usual: Sequence[str], seldom: Sequence[str]) -> str:
        return self.rng.choice(seldom) if self.says_otherwise() else self.way(usual)

    def says_otherwise(self) -> bool:
        return self.rng.random() < self.otherwise

    def word(self, usual: Sequence[str], seldom: Sequence[str]) -> str:
        return self.rng.choice(seldom if self.rng.random() < self.seldom else usual)

    def composes(self) -> bool:
        return self.rng.random() < self.composed
