"""Where a drawn picture shows the objects of a scene, which the denoiser moves by a pixel or two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import drawing
import scenes

FARTHEST = 5  # pixels that an object may have moved
WORST_FIT = 0.1  # of the squared error that leaving the object out would make


class Fit:
    """Finds where a picture shows an object, and how large."""

    def __init__(self, o: scenes.Object, background: str, picture: np.ndarray):
        self.o, self.picture = o, picture.astype(np.float32)
        self.ground = np.array(scenes.COLOURS[background], np.float32)
        self.without = np.square(self.picture - self.ground).sum(-1)
        reach = o.radius * drawing.REACH + FARTHEST / drawing.SIDE
        self.box = tuple(slice(*np.clip([(c - reach) * drawing.SIDE, (c + reach) * drawing.SIDE], 0, drawing.SIDE).astype(int))
                         for c in (o.y, o.x))

    def error(self, o: scenes.Object | None) -> float:
        """The squared error in the object's box, with it drawn as `o`, or without it."""
        whole = float(self.without[self.box].sum())
        if o is None:
            return whole
        where, parts = drawing.coverage(o.kind, o.x, o.y, o.radius, drawing.SIDE)
        area = np.broadcast_to(self.ground, self.picture[where].shape).copy()
        drawing.paint(area, parts, o.colour)
        return whole + float(np.square(area - self.picture[where]).sum() - self.without[where].sum())

    def best(self) -> scenes.Object | None:
        """None where the picture does not show the object."""
        best, least = self.o, self.error(self.o)
        for step in (1, 0.5, 0.25):
            for _ in range(FARTHEST):
                before, start = least, best
                for field in ("x", "y", "radius"):
                    for change in (-step, step):
                        tried = replace(start, **{field: getattr(start, field) + change / drawing.SIDE})
                        if (error := self.error(tried)) < least:
                            best, least = tried, error
                if least == before:
                    break
        return best if least < WORST_FIT * self.error(None) else None


def as_shown(scene: scenes.Scene, picture: np.ndarray) -> scenes.Scene | None:
    """The scene with every object where the picture shows it; None where it does not show one."""
    found = [Fit(o, scene.background, picture).best() for o in scene.objects]
    return replace(scene, objects=tuple(found)) if all(found) else None
