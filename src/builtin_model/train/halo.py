"""What stands before the background of a picture, and how far off the background is beside it: the halo."""

from __future__ import annotations

import numpy as np

FAR_FROM_BACKGROUND = 36  # in RGB, what belongs to an object
NEAREST, FARTHEST = 3, 14  # pixels from what belongs to an object, where its halo is looked for


def foreground(picture: np.ndarray, background: np.ndarray) -> np.ndarray:
    return np.linalg.norm(picture.astype(np.float32) - background, axis=-1) > FAR_FROM_BACKGROUND


def halo_of(picture: np.ndarray, background: np.ndarray, objects: np.ndarray) -> float | None:
    """Mean distance to the background beside the objects, a mask, in levels of 255. None where nothing is beside one."""
    beside = _grown(objects, FARTHEST) & ~_grown(objects, NEAREST)
    return float(np.abs(picture[beside] - background).mean()) if beside.any() else None


def _grown(mask: np.ndarray, reach: int) -> np.ndarray:
    """All that lies within a square of `reach` pixels around what is set."""
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        mask = np.lib.stride_tricks.sliding_window_view(np.pad(mask, padding), 2 * reach + 1, axis).any(-1)
    return mask
