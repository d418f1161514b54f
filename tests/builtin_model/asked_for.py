"""The scene that a prompt asks for, in few words: what handwritten prompts stand beside."""

from __future__ import annotations

import scenes
from scenes import Object, Scene


def _placed(layout: str, looks: tuple, centres: tuple, radii, background: str) -> Scene:
    objects = tuple(Object(look[0], look[1], x, y, radius, *look[2:]) for look, (x, y), radius in zip(looks, centres, radii))
    return Scene(layout, objects, background, background != "white")


def one(kind: str, colour: str, background: str = "white", size: str | None = None, place: str | None = None) -> Scene:
    radius = scenes.SIZES_ALONE[size]
    x, y = scenes.place_of(place, radius)
    return Scene("one", (Object(kind, colour, x, y, radius, size),), background, background != "white", place)


def _different(layout: str, looks: tuple, background: str) -> Scene:
    centres, radii = scenes.DIFFERENT[layout]
    return _placed(layout, looks, centres, [radii[look[2] if len(look) > 2 else None] for look in looks], background)


def row(*looks: tuple, background: str = "white") -> Scene:
    return _different(f"row{len(looks)}", looks, background)


def column(*looks: tuple, background: str = "white") -> Scene:
    return _different("column2", looks, background)


def under(*looks: tuple, background: str = "white") -> Scene:
    """The two lower ones, then the upper one."""
    return _different("under", looks, background)


def over(*looks: tuple, background: str = "white") -> Scene:
    """The two upper ones, then the lower one."""
    return _different("over", looks, background)


def equal(count: int, kind: str, colour: str, background: str = "white", size: str | None = None) -> Scene:
    centres, radii = scenes.EQUAL[count]
    return _placed("equal", ((kind, colour, size),) * count, centres, (radii[size],) * count, background)


TREE, HOUSE, SUN, CAT, FISH, CAR = (
    ("tree", "green"), ("house", "red"), ("sun", "yellow"), ("cat", "gray"), ("fish", "orange"), ("car", "red"))
