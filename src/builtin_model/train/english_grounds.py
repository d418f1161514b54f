"""How English prompts say the background's colour: {c}, or {a} with its article."""

from __future__ import annotations

import random

from scenes import IN_THE_SKY, IN_THE_WATER, Scene

GROUNDS = ("on {a} background",) * 6 + (
    "on {c}", "on {c}", "with {a} background", "with {a} background", "against {a} background", "against {a} background",
    "on a plain {c} background", "in front of {a} background", "over {a} background", "with the background in {c}", "on {a} backdrop",
    "on {a} canvas", "against {c}", "against {c}", "on {a} surface", "set on {a} background",
    "with everything else {c}", "with {c} everywhere else", "with {c} behind", "with {a} backdrop", "against {a} backdrop", "set on {c}",
    "set against {c}", "on all {c}", "with {c} all around", "on top of {a} background", "on {a} page", "with {c} as the background",
    "on {a} base")
# The same behind a comma.
GROUNDS_BEHIND = ("{} background",) * 5 + (
    "the background is {}", "the background is {}", "background {}", "background: {}", "everything else {}", "everything else is {}",
    "{} everywhere else",
    "the rest is {}", "the rest {}", "{} backdrop", "backdrop is {}", "the backdrop is {}", "{} behind it", "{} behind", "background in {}",
    "background should be {}", "and the background is {}", "and make the background {}", "{} fill behind", "background color {}", "{} bg")

# The same of what is seen in the sky or on the water, and behind a comma of what has some such among it.
SKIES = ("in {a} sky", "in {a} sky", "in {a} night sky", "against {a} sky", "on {a} sky", "up in {a} sky", "in the {c} sky", "in the {c} night sky")
SKIES_BEHIND = ("{} sky", "{} sky", "the sky is {}", "sky is {}", "with a sky that is {}", "{} night sky")
WATERS = ("in {c} water", "on {c} water", "on {a} sea", "on the {c} sea", "in {a} ocean", "in the {c} water", "on {a} lake", "swimming in {c} water",
          "in {a} pond")
WATERS_BEHIND = ("{} water", "{} sea", "the water is {}", "the sea is {}", "with {} water all around", "{} ocean")


def ways_for(scene: Scene, rng: random.Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ways to say the background's colour, and those behind a comma."""
    for kinds, ways, behind in ((IN_THE_SKY, SKIES, SKIES_BEHIND), (IN_THE_WATER, WATERS, WATERS_BEHIND)):
        there = [o.kind in kinds for o in scene.objects]
        if any(there) and rng.random() < 0.25:
            return ways if all(there) else GROUNDS, behind
    return GROUNDS, GROUNDS_BEHIND
