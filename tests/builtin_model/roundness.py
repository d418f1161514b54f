"""How far the outline of a drawn circle strays from a circle."""

from __future__ import annotations

import numpy as np

import drawing
import scenes

RAYS = 180
STEP = 0.25  # pixels between samples of a ray
BEYOND = 1.2  # how far a ray goes, in radii: the next object may begin there


def stray_of(picture: np.ndarray, circle: scenes.Object, background: str) -> float:
    """Standard deviation of the radius over the directions, in pixels; `circle` says about where the picture shows it."""
    ground, own = (np.array(scenes.COLOURS[c], np.float32) for c in (background, circle.colour))
    cover = np.clip((picture - ground) @ (own - ground) / np.square(own - ground).sum(), 0, 1)
    reach = BEYOND * circle.radius * drawing.SIDE
    x, y = circle.x * drawing.SIDE - 0.5, circle.y * drawing.SIDE - 0.5
    ys, xs = np.mgrid[: drawing.SIDE, : drawing.SIDE]
    near = cover * (np.hypot(xs - x, ys - y) < reach)
    x, y = (near * xs).sum() / near.sum(), (near * ys).sum() / near.sum()
    angles, along = np.linspace(0, 2 * np.pi, RAYS, endpoint=False)[:, None], np.arange(0, reach, STEP)
    radii = _between(cover, x + along * np.cos(angles), y + along * np.sin(angles)).sum(1) * STEP
    return float(radii.std())


def _between(cover: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The cover at places between the middles of pixels, from the four around each."""
    x, y = np.clip(x, 0, drawing.SIDE - 1.001), np.clip(y, 0, drawing.SIDE - 1.001)
    left, top = x.astype(int), y.astype(int)
    u, v = x - left, y - top
    upper = cover[top, left] * (1 - u) + cover[top, left + 1] * u
    lower = cover[top + 1, left] * (1 - u) + cover[top + 1, left + 1] * u
    return upper * (1 - v) + lower * v
