"""Judges a picture against the scene it was asked to show: background, colour, count, place, size and shape, each by itself.

What stands before the background is parted into objects; each must lie where an expected one lies, be as large, show its
colour, and overlap with its ideal silhouette, moved and scaled to where it was found, more than with any other kind's. How far
off the background is beside the objects, the halo, and how far the outlines of circles stray are measured too.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from itertools import permutations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src" / "builtin_model" / "train"))

import drawing  # noqa: E402
import scenes  # noqa: E402
from halo import FAR_FROM_BACKGROUND, foreground, halo_of  # noqa: E402
from roundness import stray_of  # noqa: E402

NEAR_COLOUR = 48
SMALLEST = 30  # pixels; less is dust
PLACE_TOLERANCE = 0.05  # of the side
SIZE_TOLERANCE = 1.2  # small, plain and big differ by 1.3 at least
AREA_MARGIN = 1.12  # for what the grid of pixels and the picture's edges change of an area
OVERLAP = {"shape": 0.87, "thing": 0.75}


@dataclass
class Verdict:
    background: bool = False
    colour: bool = False
    count: bool = False
    place: bool = False
    size: bool = False
    shape: bool = False
    overlaps: list[float] = field(default_factory=list)
    found: int = 0
    halo: float | None = None  # mean distance to the background beside the objects, in levels of 255
    strays: list[float] = field(default_factory=list)  # of the outlines of circles, in radii

    @property
    def right(self) -> bool:
        return all(getattr(self, name) for name in ASPECTS)


ASPECTS = tuple(f.name for f in fields(Verdict) if f.type == "bool")


@dataclass(eq=False)
class Blob:
    mask: np.ndarray

    def __post_init__(self):
        ys, xs = np.nonzero(self.mask)
        self.area = len(ys)
        self.left, self.right, self.top, self.bottom = xs.min(), xs.max() + 1, ys.min(), ys.max() + 1
        self.x, self.y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        self.extent = float(np.sqrt((self.right - self.left) * (self.bottom - self.top)))

    def holds(self, other: Blob) -> bool:
        return (self.left <= other.left + 2 and other.right <= self.right + 2 and self.top <= other.top + 2
                and other.bottom <= self.bottom + 2)

    def gap(self, other: Blob) -> float:
        dx = max(self.left - other.right, other.left - self.right, 0)
        dy = max(self.top - other.bottom, other.top - self.bottom, 0)
        return float(np.hypot(dx, dy))


def nearest_colour(rgb: np.ndarray) -> tuple[str, float]:
    names = list(scenes.COLOURS)
    distances = np.linalg.norm(np.array([scenes.COLOURS[n] for n in names], float) - rgb, axis=1)
    return names[int(distances.argmin())], float(distances.min())


def blobs(mask: np.ndarray) -> list[Blob]:
    """The connected pieces, some joined: one that lies inside the box of another (the sails of a boat), and a small one close to
    a far larger one (the rays of a sun)."""
    found = [b for b in (Blob(m) for m in _pieces(mask)) if b.area >= SMALLEST]
    found.sort(key=lambda b: -b.extent)
    whole: list[Blob] = []
    for piece in found:
        near = [w for w in whole if w.holds(piece) or piece.area < 0.2 * w.area and w.gap(piece) <= min(10, max(5, 0.12 * w.extent))]
        if near:
            owner = min(near, key=lambda w: w.gap(piece))
            whole[whole.index(owner)] = Blob(owner.mask | piece.mask)
        else:
            whole.append(piece)
    return whole


def _pieces(mask: np.ndarray) -> list[np.ndarray]:
    """8-connected pieces, from runs of pixels joined row by row."""
    runs, parents, above = [], [], []

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    for y, row in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], row.view(np.int8), [0]))))
        current = []
        for begin, end in zip(edges[::2], edges[1::2]):
            index = len(runs)
            runs.append((y, begin, end))
            parents.append(index)
            current.append(index)
            for other in above:
                if runs[other][1] <= end and runs[other][2] >= begin:
                    parents[root(other)] = root(index)
        above = current
    pieces: dict[int, np.ndarray] = {}
    for index, (y, begin, end) in enumerate(runs):
        pieces.setdefault(root(index), np.zeros_like(mask))[y, begin:end] = True
    return list(pieces.values())


def _alone(o: scenes.Object, background: str, side: int) -> np.ndarray:
    """What would stand before the background if the object were drawn ideally."""
    ground = np.array(scenes.COLOURS[background], np.float32)
    where, parts = drawing.coverage(o.kind, o.x, o.y, o.radius, side)
    area = np.broadcast_to(ground, (*parts[0][1].shape, 3)).copy()
    drawing.paint(area, parts, o.colour)
    mask = np.zeros((side, side), bool)
    mask[where] = foreground(area, ground)
    return mask


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / max(1, (a | b).sum()))


@lru_cache(maxsize=None)
def _box(kind: str, colour: str, background: str) -> tuple[float, float, float, float]:
    """Where the box of a kind's silhouette lies and how large it is, in radii, and how much of it the silhouette fills."""
    radius, side = 0.4, 256
    box = Blob(_alone(scenes.Object(kind, colour, 0.5, 0.5, radius), background, side))
    unit = radius * side
    return (box.x - side / 2) / unit, (box.y - side / 2) / unit, box.extent / unit, box.area / box.extent ** 2


def _fitted(kind: str, colour: str, background: str, blob: Blob, side: int) -> scenes.Object:
    """The kind moved and scaled so that its box agrees with the blob's."""
    x, y, extent, _ = _box(kind, colour, background)
    radius = blob.extent / extent
    return scenes.Object(kind, colour, (blob.x - x * radius) / side, (blob.y - y * radius) / side, radius / side)


def _may_overlap_by(least: float, kind: str, colour: str, background: str, blob: Blob) -> bool:
    """Whether the areas leave room for it: of two that fill equal boxes differently, what both hold is the smaller at most."""
    filled, share = blob.area / blob.extent ** 2, _box(kind, colour, background)[3]
    return min(filled, share) / max(filled, share) * AREA_MARGIN >= least


def _best_overlap(o: scenes.Object, background: str, blob: Blob, side: int) -> tuple[float, scenes.Object]:
    """The overlap with the ideal silhouette at the best of a few places and sizes around the first fit."""
    best, chosen = _overlap(_alone(o, background, side), blob.mask), o
    for dx, dy, scale in ((1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1), (0, 0, 0.97), (0, 0, 1.03)):
        tried = replace(chosen, x=chosen.x + dx / side, y=chosen.y + dy / side, radius=chosen.radius * scale)
        overlap = _overlap(_alone(tried, background, side), blob.mask)
        if overlap > best:
            best, chosen = overlap, tried
    return best, chosen


def _match(expected: list[Blob], found: list[Blob]) -> list[Blob]:
    """The found blobs in the order of the expected ones: the assignment of least total distance."""
    distance = lambda e, f: np.hypot(e.x - f.x, e.y - f.y)
    return min(([found[i] for i in order] for order in permutations(range(len(found)), len(expected))),
               key=lambda order: sum(distance(e, f) for e, f in zip(expected, order)))


def judge(picture: np.ndarray, scene: scenes.Scene) -> Verdict:
    side, verdict = picture.shape[0], Verdict()
    frame = np.concatenate([picture[:3].reshape(-1, 3), picture[-3:].reshape(-1, 3), picture[:, :3].reshape(-1, 3), picture[:, -3:].reshape(-1, 3)])
    seen = np.median(frame, 0)
    name, distance = nearest_colour(seen)
    frame_clean = (np.linalg.norm(frame - seen, axis=1) < FAR_FROM_BACKGROUND).mean()
    verdict.background = bool(name == scene.background and distance < NEAR_COLOUR and frame_clean > 0.9)

    objects = foreground(picture, seen.astype(np.float32))
    verdict.halo = halo_of(picture, seen.astype(np.float32), objects)
    found = blobs(objects)
    verdict.found = len(found)
    verdict.count = len(found) == len(scene.objects)
    if len(found) < len(scene.objects) or len(found) > 7:
        return verdict
    expected = [Blob(_alone(o, scene.background, side)) for o in scene.objects]
    matched = _match(expected, found)
    verdict.place = all(np.hypot(e.x - f.x, e.y - f.y) <= PLACE_TOLERANCE * side for e, f in zip(expected, matched))
    verdict.size = all(1 / SIZE_TOLERANCE < f.extent / e.extent < SIZE_TOLERANCE for e, f in zip(expected, matched))
    looks = [_look(picture, o, scene.background, blob) for o, blob in zip(scene.objects, matched)]
    verdict.colour = all(look.colour for look in looks)
    verdict.shape = all(look.shape for look in looks)
    verdict.overlaps = [look.overlap for look in looks]
    verdict.strays = [stray_of(picture, look.fitted, scene.background) / (look.fitted.radius * side)
                      for look in looks if look.fitted.kind == "circle" and look.colour and look.shape]
    return verdict


@dataclass
class Look:
    """What one object looks like: whether colour and shape are right, the overlap, and where its kind fits best."""

    colour: bool
    shape: bool
    overlap: float
    fitted: scenes.Object


def _look(picture: np.ndarray, o: scenes.Object, background: str, blob: Blob) -> Look:
    side = picture.shape[0]
    fitted = _fitted(o.kind, o.colour, background, blob, side)
    overlap, fitted = _best_overlap(fitted, background, blob, side)
    threshold = OVERLAP["thing" if o.kind in scenes.THINGS else "shape"]
    shape = overlap >= threshold
    others = (_fitted(kind, o.colour, background, blob, side) for kind in scenes.KINDS
              if kind != o.kind and _may_overlap_by(overlap, kind, o.colour, background, blob))
    shape = shape and all(_overlap(_alone(other, background, side), blob.mask) < overlap for other in others)
    inside = drawing.body(o.kind, fitted.x, fitted.y, fitted.radius, side) & blob.mask
    core = inside & np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1) & np.roll(inside, -1, 1)
    pixels = picture[core if core.sum() > 20 else inside]
    if not len(pixels):
        return Look(False, shape, overlap, fitted)
    name, distance = nearest_colour(np.median(pixels, 0))
    return Look(name == o.colour and distance < NEAR_COLOUR, shape, overlap, fitted)
