"""What a prompt means: coloured objects of some kind, size and place on a coloured background.

A Scene is drawn by drawing.py, put into words by prompts.py and judged by tests/builtin_model/checker.py.
Lengths are fractions of the picture's side; y grows downwards.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace

COLOURS = {
    "red": (220, 40, 40),
    "orange": (245, 140, 30),
    "yellow": (250, 215, 50),
    "green": (50, 165, 75),
    "blue": (45, 95, 215),
    "purple": (140, 60, 180),
    "pink": (250, 150, 190),
    "black": (20, 20, 20),
    "white": (250, 250, 250),
    "gray": (135, 135, 140),
}

# What a kind looks like when no colour is named.
SHAPES = {
    "circle": "red",
    "square": "blue",
    "triangle": "green",
    "star": "yellow",
    "heart": "red",
    "diamond": "purple",
}
THINGS = {
    "sun": "yellow",
    "moon": "yellow",
    "cloud": "blue",
    "tree": "green",
    "house": "red",
    "flower": "pink",
    "fish": "orange",
    "cat": "gray",
    "car": "red",
    "boat": "blue",
    "cup": "blue",
    "umbrella": "purple",
}
KINDS = {**SHAPES, **THINGS}
IN_THE_SKY = ("sun", "moon", "cloud", "star")
IN_THE_WATER = ("fish", "boat")

@dataclass(frozen=True)
class Shares:
    """How often what is drawn: the weights of names (1 where none is given), and the chances that several have sizes (by layout or
    count), that they are of one kind or of one colour, that two of three are alike, that the prompt says where what stands alone
    is and where it does when it is big, the colour of a shape or thing, and that of the background."""

    weights: dict[str, float]
    sized: dict[str | int, float]
    same_kind: float = 0.0
    same_colour: float = 0.0
    twins: float = 0.0
    placed: float = 0.62
    big_placed: float = 0.62
    shape_coloured: float = 0.92
    thing_coloured: float = 0.65
    ground_coloured: float = 0.6


EVEN = Shares({}, {"equal": 0.2, 2: 0.4, 3: 0.2})
# Kinds, backgrounds, and sizes of what stands alone, that are learnt late are drawn more often in training, and only there.
LATE_KINDS = {"star": 3.0, "circle": 3.0, "heart": 1.4, "diamond": 1.2, "flower": 1.2, "cat": 1.3, "umbrella": 1.2, "sun": 1.2}
LATE_BACKGROUNDS = {"gray": 3.0}
LATE_SIZES = {"small": 2.0, "big": 4.0}
LATE_LAYOUTS = {"one": 1.25, "row3": 1.3, "under": 1.3, "over": 1.3, "around": 2.0}
IN_TRAINING = Shares({**LATE_KINDS, **LATE_BACKGROUNDS, **LATE_SIZES, **LATE_LAYOUTS}, {"equal": 0.5, 2: 0.5, 3: 0.4}, same_kind=0.1,
                     same_colour=0.12, twins=0.3, big_placed=0.85)
# Prompts of a word or two: nothing but what is to be drawn.
TERSE, TERSE_IN_TRAINING = 0.12, replace(
    IN_TRAINING, weights={**IN_TRAINING.weights, "small": 0.0, "big": 0.0}, sized=dict.fromkeys(IN_TRAINING.sized, 0.0), placed=0.0,
    shape_coloured=0.3, thing_coloured=0.3, ground_coloured=0.0)

PLACES = {
    "top left": (-1, -1), "top": (0, -1), "top right": (1, -1),
    "left": (-1, 0), "center": (0, 0), "right": (1, 0),
    "bottom left": (-1, 1), "bottom": (0, 1), "bottom right": (1, 1),
}

SIZES_ALONE = {"small": 0.12, None: 0.20, "big": 0.30}
SHARES_ALONE = {None: 50, "small": 25, "big": 25}
SIZES_IN_PAIR = {"small": 0.11, None: 0.165, "big": 0.215}
SIZES_IN_ROW_OF_THREE = {"small": 0.095, None: 0.135, "big": 0.145}  # there is no room for more
SIZES_OF_TWO_AND_ONE = {"small": 0.125, None: 0.18, "big": 0.215}
SIZES_IN_SQUARE = {"small": 0.105, None: 0.15, "big": 0.19}
MARGIN = 0.035

ROW_OF_TWO = ((0.26, 0.5), (0.74, 0.5))
COLUMN_OF_TWO = ((0.5, 0.26), (0.5, 0.74))
ROW_OF_THREE = ((0.18, 0.5), (0.5, 0.5), (0.82, 0.5))
TWO_UNDER_ONE = ((0.27, 0.70), (0.73, 0.70), (0.5, 0.25))
TWO_OVER_ONE = ((0.27, 0.30), (0.73, 0.30), (0.5, 0.75))
SQUARE_OF_FOUR = ((0.28, 0.28), (0.72, 0.28), (0.28, 0.72), (0.72, 0.72))

# Where several stand, and how large they are.
DIFFERENT = {
    "row2": (ROW_OF_TWO, SIZES_IN_PAIR), "column2": (COLUMN_OF_TWO, SIZES_IN_PAIR), "row3": (ROW_OF_THREE, SIZES_IN_ROW_OF_THREE),
    "under": (TWO_UNDER_ONE, SIZES_OF_TWO_AND_ONE), "over": (TWO_OVER_ONE, SIZES_OF_TWO_AND_ONE),
}
# Which two of three are alike, where two are, by how they then stand: around the third, before or after it, under or over it.
TWINS = {"row3": {"around": (0, 2), "before": (0, 1), "after": (1, 2)}, "under": {"under": (0, 1)}, "over": {"over": (0, 1)}}
EQUAL = {2: (ROW_OF_TWO, SIZES_IN_PAIR), 3: (ROW_OF_THREE, SIZES_IN_ROW_OF_THREE), 4: (SQUARE_OF_FOUR, SIZES_IN_SQUARE)}


@dataclass(frozen=True)
class Object:
    kind: str
    colour: str
    x: float
    y: float
    radius: float
    size: str | None = None
    colour_named: bool = True


@dataclass(frozen=True)
class Scene:
    """layout is one of: one, row2, column2, row3, under, over, equal.

    The objects stand in reading order: left before right, upper before lower; in `under`, the two lower ones and then
    the upper one.
    """

    layout: str
    objects: tuple[Object, ...]
    background: str
    background_named: bool
    place: str | None = None

    @property
    def name(self) -> str:
        """The class the goals speak of: one, two, equal, three or things."""
        if any(o.kind in THINGS for o in self.objects):
            return "things"
        return {"one": "one", "row2": "two", "column2": "two", "equal": "equal"}.get(self.layout, "three")

    @property
    def told(self) -> str | None:
        """What its prompt says beside the objects: its "place", its "ground", or "both"."""
        if self.place and self.background_named:
            return "both"
        return "place" if self.place else "ground" if self.background_named else None

    @property
    def twins(self) -> tuple[str, Object, Object] | None:
        """Of three of which two are alike: how these stand, one of them, and the third."""
        look = [(o.kind, o.colour) for o in self.objects]
        for way, (a, b) in TWINS.get(self.layout, {}).items():
            if look[a] == look[b]:
                return way, self.objects[a], self.objects[3 - a - b]
        return None


def is_held_out(scene: Scene) -> bool:
    """Whether the scene's combination of kinds, colours and background is kept out of training: one in eight is."""
    looks = sorted({f"{o.colour} {o.kind}" for o in scene.objects})
    combination = " + ".join(looks) + " on " + scene.background
    return hashlib.sha256(combination.encode()).digest()[0] % 8 == 0


def sample(rng: random.Random, held_out: bool = False, name: str | None = None) -> Scene:
    """A random scene from inside or outside the training set, of one class when it is named.

    Outside of it every kind and background is as likely as another.
    """
    while True:
        shares = EVEN if held_out else TERSE_IN_TRAINING if rng.random() < TERSE else IN_TRAINING
        scene = _propose(rng, name, shares)
        if scene and (name is None or scene.name == name) and is_held_out(scene) == held_out:
            return scene


def sample_on_gray(rng: random.Random, share: float) -> Scene:
    """A random scene of the training set, a share of them put on gray: for the autoencoder, which knows no prompts."""
    scene = sample(rng)
    on_gray = replace(scene, background="gray")
    if rng.random() >= share or any(o.colour == "gray" for o in scene.objects) or is_held_out(on_gray):
        return scene
    return on_gray


def place_of(place: str | None, radius: float) -> tuple[float, float]:
    """The centre of a single object: as far out as a margin allows, but never further than half-way to the edge."""
    step = min(0.25, 0.5 - radius - MARGIN)
    column, row = PLACES[place or "center"]
    return 0.5 + column * step, 0.5 + row * step


def _weighed(rng: random.Random, names, weights: dict[str, float]) -> str:
    return rng.choices(list(names), [weights.get(n, 1.0) for n in names])[0]


def _propose(rng: random.Random, name: str | None, shares: Shares) -> Scene | None:
    layouts = {
        "one": (("one", 1),),
        "two": (("row2", 2), ("column2", 1)),
        "equal": (("equal", 1),),
        "three": (("row3", 4), ("under", 2), ("over", 1)),
    }.get(name, (("one", 32), ("row2", 17), ("column2", 10), ("equal", 20), ("row3", 12), ("under", 8), ("over", 5)))
    layout = rng.choices([l for l, _ in layouts], [w * shares.weights.get(l, 1.0) for l, w in layouts])[0]
    background_named = rng.random() < shares.ground_coloured
    background = _weighed(rng, COLOURS, shares.weights) if background_named else "white"
    world = "shapes" if name in ("one", "two", "equal", "three") else rng.choices(
        ("shapes", "things", "both"), (40, 44, 16))[0]
    if name == "things" and world == "shapes":
        world = "things"

    def look() -> tuple[str, str, bool]:
        kinds = {"shapes": SHAPES, "things": THINGS, "both": KINDS}[world]
        kind = _weighed(rng, kinds, shares.weights)
        named = rng.random() < (shares.thing_coloured if kind in THINGS else shares.shape_coloured)
        return kind, rng.choice(list(COLOURS)) if named else KINDS[kind], named

    count = {"one": 1, "row2": 2, "column2": 2, "row3": 3, "under": 3, "over": 3, "equal": 1}[layout]
    looks = [look() for _ in range(count)]
    if layout == "under" and world != "shapes" and rng.random() < 0.6:
        kind = rng.choice(("sun", "sun", "moon", "cloud"))
        named = rng.random() < 0.5
        looks[2] = (kind, rng.choice(list(COLOURS)) if named else KINDS[kind], named)
    looks = _made_alike(rng, looks, shares)
    if any(colour == background for _, colour, _ in looks) or len({l[:2] for l in looks}) < count:
        return None
    if rng.random() < shares.twins and layout in TWINS:
        a, b = TWINS[layout][_weighed(rng, TWINS[layout], shares.weights)]
        looks[b] = looks[a]
    return _arrange(rng, layout, looks, background, background_named, shares)


def _made_alike(rng: random.Random, looks: list, shares: Shares) -> list:
    """Now and then with the kind or the colour of the first for all, named wherever it is what tells them apart or joins them."""
    chance = rng.random()
    if chance < shares.same_kind:
        return [(looks[0][0], colour if named else rng.choice(list(COLOURS)), True) for _, colour, named in looks]
    if chance < shares.same_kind + shares.same_colour:
        return [(kind, looks[0][1], True) for kind, _, _ in looks]
    return looks


def _arrange(rng: random.Random, layout: str, looks: list, background: str, background_named: bool,
             shares: Shares) -> Scene:
    place = None
    if layout == "one":
        size = rng.choices(list(SHARES_ALONE), [share * shares.weights.get(s, 1.0) for s, share in SHARES_ALONE.items()])[0]
        place = rng.choice(list(PLACES)) if rng.random() < (shares.big_placed if size == "big" else shares.placed) else None
        centres, sizes = [place_of(place, SIZES_ALONE[size])], [(size, SIZES_ALONE[size])]
    elif layout == "equal":
        number = rng.choice((2, 3, 4))
        looks, (centres, radii) = looks * number, EQUAL[number]
        size = rng.choice(("small", "big")) if rng.random() < shares.sized["equal"] else None
        sizes = [(size, radii[size])] * number
    else:
        centres, radii = DIFFERENT[layout]
        plain = rng.random() >= shares.sized[len(looks)]
        words = {look: None if plain else rng.choice((None, "small", "big")) for look in looks}
        sizes = [(words[look], radii[words[look]]) for look in looks]
    objects = tuple(
        Object(kind, colour, x, y, radius, size, named)
        for (kind, colour, named), (x, y), (size, radius) in zip(looks, centres, sizes))
    return Scene(layout, objects, background, background_named, place)
