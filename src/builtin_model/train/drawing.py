"""Draws scenes: flat, anti-aliased pictures from signed distances.

A kind is a list of parts (role, distance); a distance function takes coordinates in units of the object's radius
(u to the right, v down) and is negative inside. Later parts lie on top.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from scenes import COLOURS, Scene

SIDE = 256
REACH = 1.16  # the box that is drawn around an object, in radii

INK = (75, 70, 80)
DETAILS = {"brown": (130, 75, 45), "ink": INK, "leaf": (40, 105, 50), "glass": (205, 230, 245)}


def circle(x, y, r):
    return lambda u, v: np.hypot(u - x, v - y) - r


def ring(x, y, r, half):
    return lambda u, v: np.abs(np.hypot(u - x, v - y) - r) - half


def box(x, y, a, b):
    return lambda u, v: np.maximum(np.abs(u - x) - a, np.abs(v - y) - b)


def ellipse(x, y, a, b):
    def distance(u, v):
        p, q = (u - x) / a, (v - y) / b
        outer = np.hypot(p, q)
        return outer * (outer - 1) / np.maximum(np.hypot(p / a, q / b), 1e-6)

    return distance


def convex(*points):
    """A convex polygon: the largest of the distances to its edges."""
    points = np.asarray(points, np.float32)
    middle = points.mean(0)

    def distance(u, v):
        result = None
        for (ax, ay), (bx, by) in zip(points, np.roll(points, -1, 0)):
            nx, ny = by - ay, ax - bx
            length = np.hypot(nx, ny)
            if (middle[0] - ax) * nx + (middle[1] - ay) * ny > 0:
                length = -length
            edge = ((u - ax) * nx + (v - ay) * ny) / length
            result = edge if result is None else np.maximum(result, edge)
        return result

    return distance


def union(*parts):
    def distance(u, v):
        result = parts[0](u, v)
        for part in parts[1:]:
            result = np.minimum(result, part(u, v))
        return result

    return distance


def without(body, *holes):
    return lambda u, v: np.maximum(body(u, v), -union(*holes)(u, v))


def within(body, limit):
    return lambda u, v: np.maximum(body(u, v), limit(u, v))


def _fold(u, v, count):
    """Turns every point into the sector around "up", mirrored: (along, across)."""
    step = 2 * np.pi / count
    angle = np.abs((np.arctan2(u, -v) + step / 2) % step - step / 2)
    rho = np.hypot(u, v)
    return rho * np.cos(angle), rho * np.sin(angle)


def star(y, outer, inner):
    half = np.pi / 5
    ix, iy = inner * np.cos(half), inner * np.sin(half)
    nx, ny = iy, outer - ix
    length = np.hypot(nx, ny)

    def distance(u, v):
        along, across = _fold(u, v - y, 5)
        return ((along - outer) * nx + across * ny) / length

    return distance


def rays(count, start, end, half):
    def distance(u, v):
        along, across = _fold(u, v, count)
        return np.maximum(np.maximum(start - along, along - end), across - half)

    return distance


def heart(u, v):
    scale = 0.6
    x, y = np.abs(u) * scale, 0.56 - v * scale
    lobe = np.hypot(x - 0.25, y - 0.75) - np.sqrt(2) / 4
    slide = 0.5 * np.maximum(x + y, 0)
    below = np.sqrt(np.minimum(x * x + (y - 1) ** 2, (x - slide) ** 2 + (y - slide) ** 2)) * np.sign(x - y)
    return np.where(x + y > 1, lobe, below) / scale


def _petals():
    angles = np.arange(5) * 2 * np.pi / 5
    return union(*(circle(0.37 * np.sin(a), -0.38 - 0.37 * np.cos(a), 0.28) for a in angles))


PARTS = {
    "circle": [("main", circle(0, 0, 0.95))],
    "square": [("main", box(0, 0, 0.83, 0.83))],
    "triangle": [("main", convex((0, -0.92), (1.0, 0.82), (-1.0, 0.82)))],
    "star": [("main", star(0.06, 1.1, 0.5))],
    "heart": [("main", heart)],
    "diamond": [("main", convex((0, -1.05), (0.74, 0), (0, 1.05), (-0.74, 0)))],
    "sun": [("main", union(circle(0, 0, 0.54), rays(8, 0.66, 1.04, 0.095)))],
    "moon": [("main", without(circle(0, 0, 0.95), circle(0.42, -0.1, 0.74)))],
    "cloud": [("main", union(circle(-0.52, 0.15, 0.42), circle(-0.02, -0.15, 0.56), circle(0.55, 0.13, 0.44),
                             box(0.0, 0.33, 0.55, 0.24)))],
    "tree": [("brown", box(0, 0.66, 0.14, 0.34)),
             ("main", union(circle(0, -0.4, 0.58), circle(-0.38, 0.02, 0.42), circle(0.38, 0.02, 0.42)))],
    "house": [("main", box(0, 0.42, 0.7, 0.55)),
              ("brown", convex((-0.98, -0.1), (0, -0.98), (0.98, -0.1))),
              ("ink", box(-0.26, 0.64, 0.17, 0.33)),
              ("glass", box(0.32, 0.42, 0.17, 0.17))],
    "flower": [("leaf", union(box(0, 0.55, 0.075, 0.45), ellipse(0.26, 0.62, 0.24, 0.11),
                              ellipse(-0.26, 0.74, 0.24, 0.11))),
               ("main", _petals()), ("seed", circle(0, -0.38, 0.2))],
    "fish": [("main", union(ellipse(-0.2, 0, 0.78, 0.52), convex((0.3, 0), (1.02, -0.5), (1.02, 0.5)))),
             ("ink", circle(-0.55, -0.12, 0.1))],
    "cat": [("main", union(within(ellipse(-0.08, 0.55, 0.5, 0.62), box(0, 0, 2, 0.98)), circle(-0.08, -0.35, 0.44),
                           convex((-0.52, -1.0), (-0.5, -0.38), (-0.08, -0.7)),
                           convex((0.36, -1.0), (0.34, -0.38), (-0.08, -0.7)),
                           within(ring(0.5, 0.5, 0.36, 0.1), convex((0.3, 2), (0.42, -0.5), (2, -0.5), (2, 2))))),
            ("ink", union(circle(-0.26, -0.4, 0.075), circle(0.1, -0.4, 0.075), circle(-0.08, -0.22, 0.055)))],
    "car": [("main", union(box(0, 0.18, 1.0, 0.27), convex((-0.66, -0.06), (-0.4, -0.56), (0.38, -0.56), (0.7, -0.06)))),
            ("glass", union(convex((-0.46, -0.1), (-0.3, -0.42), (-0.05, -0.42), (-0.05, -0.1)),
                            convex((0.07, -0.1), (0.07, -0.42), (0.3, -0.42), (0.5, -0.1)))),
            ("ink", union(circle(-0.54, 0.45, 0.24), circle(0.54, 0.45, 0.24)))],
    "boat": [("brown", box(0, -0.28, 0.055, 0.68)),
             ("main", union(convex((-1.0, 0.38), (1.0, 0.38), (0.62, 0.9), (-0.62, 0.9)),
                            convex((0.12, -0.92), (0.78, 0.22), (0.12, 0.22)),
                            convex((-0.12, -0.62), (-0.12, 0.22), (-0.62, 0.22))))],
    "cup": [("main", union(convex((-0.82, -0.7), (0.42, -0.7), (0.28, 0.8), (-0.68, 0.8)), ring(0.46, -0.08, 0.36, 0.11))),
            ("ink", ellipse(-0.2, -0.66, 0.62, 0.13))],
    "umbrella": [("brown", union(box(0, 0.3, 0.06, 0.56), within(ring(0.19, 0.84, 0.19, 0.06), box(0, 1.84, 2, 1)),
                                 box(0, -0.96, 0.05, 0.12))),
                 ("main", without(within(circle(0, 0.02, 0.98), box(0, -1.0, 2, 1.03)),
                                  circle(-0.66, 0.1, 0.27), circle(0, 0.1, 0.27), circle(0.66, 0.1, 0.27)))],
}


def role_colour(role: str, colour: str) -> tuple[int, int, int]:
    if role == "main":
        return COLOURS[colour]
    if role == "seed":
        return DETAILS["brown"] if colour in ("yellow", "orange") else COLOURS["yellow"]
    return DETAILS[role]


def coverage(kind: str, x: float, y: float, radius: float, side: int):
    """The box of pixels that an object touches, and how much of each pixel every part covers."""
    reach = radius * REACH * side
    left, right = (int(np.clip(np.floor(x * side + s * reach), 0, side)) for s in (-1, 1))
    top, bottom = (int(np.clip(np.floor(y * side + s * reach), 0, side)) for s in (-1, 1))
    scale = radius * side
    u = ((np.arange(left, right, dtype=np.float32) + 0.5) - x * side)[None, :] / scale
    v = ((np.arange(top, bottom, dtype=np.float32) + 0.5) - y * side)[:, None] / scale
    u, v = np.broadcast_arrays(u, v)
    parts = [(role, np.clip(0.5 - distance(u, v) * scale, 0, 1)) for role, distance in PARTS[kind]]
    return (slice(top, bottom), slice(left, right)), parts


def paint(area: np.ndarray, parts: list, colour: str) -> None:
    """Paints the parts onto a float32 [h, w, 3] area, in place."""
    for role, cover in parts:
        area += cover[..., None] * (np.float32(role_colour(role, colour)) - area)


def moved(scene: Scene, rng: random.Random) -> Scene:
    """The scene with places and sizes moved a little, for an autoencoder that knows more than a few places. A denoiser is trained
    on scenes as they are: where an outline may be at many places, its parts do not agree on one."""
    return replace(scene, objects=tuple(
        replace(o, x=o.x + rng.uniform(-0.004, 0.004), y=o.y + rng.uniform(-0.004, 0.004),
                radius=o.radius * rng.uniform(0.99, 1.01)) for o in scene.objects))


def draw(scene: Scene, rng: random.Random | None = None, side: int = SIDE) -> np.ndarray:
    """The picture, uint8 [side, side, 3]; with `rng`, places and sizes are moved a little."""
    if rng:
        scene = moved(scene, rng)
    picture = np.empty((side, side, 3), np.float32)
    picture[:] = COLOURS[scene.background]
    for o in scene.objects:
        where, parts = coverage(o.kind, o.x, o.y, o.radius, side)
        paint(picture[where], parts, o.colour)
    return np.rint(picture).astype(np.uint8)


def body(kind: str, x: float, y: float, radius: float, side: int = SIDE) -> np.ndarray:
    """Which pixels show the object's own colour and no detail, bool [side, side]."""
    where, parts = coverage(kind, x, y, radius, side)
    mask = np.zeros((side, side), bool)
    for role, cover in parts:
        mask[where] = np.where(cover > 0.5, role == "main", mask[where])
    return mask
