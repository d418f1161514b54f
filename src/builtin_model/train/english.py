"""Scenes in English words, with ordinary synonyms and word orders."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import english_grounds
import english_ways
from choosing import Choosing
from english_layouts import ALIKE, LAYOUTS, TWINS
from english_relations import Relations
from scenes import Object, Scene

COLOURS = {
    "red": ("red", "red", "red", "crimson", "scarlet"), "orange": ("orange",), "yellow": ("yellow", "yellow", "yellow", "golden"),
    "green": ("green",), "blue": ("blue",), "purple": ("purple", "purple", "violet"), "pink": ("pink",), "black": ("black",),
    "white": ("white",), "gray": ("gray", "grey"),
}
# What is said now and then.
SELDOM_COLOURS = {
    "red": ("ruby red", "bright red", "cherry red"), "orange": ("tangerine",), "yellow": ("gold", "lemon yellow", "sunny yellow"),
    "green": ("lime green", "emerald green", "forest green", "grass green", "emerald"),
    "blue": ("sky blue", "navy blue", "royal blue", "navy", "azure", "light-blue"), "purple": ("lilac", "lavender", "purplish"),
    "pink": ("hot pink", "rose pink", "rosy"), "black": ("jet black", "pitch black", "pure black"),
    "white": ("snow white", "pure white", "snowy white"), "gray": ("ash gray", "silver gray", "greyish"),
}
SHADES = ("dark ", "bright ", "deep ", "light ")  # which are not drawn: ten colours are all there is
KINDS = {
    "circle": ("circle", "circle", "circle", "circle", "disc", "disk", "round shape", "ball", "dot"),
    "square": ("square", "square", "square", "square", "square shape", "box"),
    "triangle": ("triangle", "triangle", "triangle", "triangle shape"),
    "star": ("star", "star", "star", "star", "five-pointed star", "star shape"),
    "heart": ("heart", "heart", "heart", "heart shape", "love heart"),
    "diamond": ("diamond", "diamond", "diamond", "rhombus", "diamond shape"),
    "sun": ("sun",),
    "moon": ("moon", "moon", "crescent moon", "crescent"),
    "cloud": ("cloud",),
    "tree": ("tree",),
    "house": ("house", "house", "house", "home", "cottage"),
    "flower": ("flower", "flower", "blossom"),
    "fish": ("fish",),
    "cat": ("cat", "cat", "cat", "kitten", "kitty"),
    "car": ("car", "car", "car", "automobile"),
    "boat": ("boat", "boat", "sailboat", "ship", "sailing boat"),
    "cup": ("cup", "cup", "mug", "teacup", "coffee cup"),
    "umbrella": ("umbrella", "umbrella", "umbrella", "parasol"),
}
SELDOM_KINDS = {
    "circle": ("round circle", "circular shape", "sphere", "perfect circle", "round disc", "filled circle"),
    "square": ("block", "perfect square", "square block", "filled square"),
    "triangle": ("triangular shape", "filled triangle"), "star": ("5-pointed star", "five pointed star", "filled star"),
    "heart": ("heart symbol", "valentine heart", "heart-shape"), "diamond": ("lozenge", "rhomb", "diamond-shaped tile"),
    "sun": ("shining sun", "sun disc"), "moon": ("half moon", "crescent-shaped moon", "new moon", "sickle moon"),
    "cloud": ("fluffy cloud", "puffy cloud"), "tree": ("leafy tree", "oak tree", "apple tree"), "house": ("hut", "building", "cabin"),
    "flower": ("daisy", "bloom", "blooming flower"), "fish": ("swimming fish", "sea fish"), "cat": ("kitty cat", "pussycat", "house cat"),
    "car": ("vehicle", "auto", "motor car", "racing car"), "boat": ("sailing ship", "yacht", "fishing boat", "boat with a sail"),
    "cup": ("tea cup", "cup of tea", "cup of coffee", "coffee mug"), "umbrella": ("open umbrella", "rain umbrella", "brolly"),
}
SIZES = {
    "small": ("small", "small", "small", "little", "tiny", "very small", "mini", "miniature"),
    "big": ("big", "big", "big", "large", "large", "huge", "very big", "giant", "very large", "enormous", "massive", "gigantic"),
}
CORNER = ("in the {} corner", "in the {} corner", "at the {}", "in the {}", "on the {}", "at {}", "in {} corner", "in the {} corner of the picture",
          "tucked in the {} corner", "close to the {} corner", "over in the {} corner", "in the {} part")
CORNERS = {
    "top left": ("top left", "top left", "upper left", "top-left", "upper-left"),
    "top right": ("top right", "top right", "upper right", "top-right", "upper-right"),
    "bottom left": ("bottom left", "bottom left", "lower left", "bottom-left", "lower-left"),
    "bottom right": ("bottom right", "bottom right", "lower right", "bottom-right", "lower-right"),
}
PLACES = {
    "top": ("at the top", "at the top", "at the top of the picture", "near the top", "on the top", "at top", "in the upper part",
            "at the very top", "in the top center", "in the upper half", "at the top of the image", "up at the top", "close to the top",
            "along the top edge"),
    "left": ("on the left", "on the left", "on the left side", "at the left", "to the left", "in the left half",
             "at the left edge", "on the left side of the picture", "on the left hand side", "at the left side", "over on the left",
             "by the left edge", "close to the left side"),
    "center": ("in the center", "in the middle", "in the centre", "at the center", "in the very center", "in the middle of the picture",
               "right in the middle", "in the center of the image", "dead center", "placed in the middle", "in the exact center"),
    "right": ("on the right", "on the right", "on the right side", "at the right", "to the right", "in the right half",
              "at the right edge", "on the right side of the picture", "on the right hand side", "at the right side",
              "over on the right", "by the right edge", "close to the right side"),
    "bottom": ("at the bottom", "at the bottom", "at the bottom of the picture", "near the bottom", "on the bottom", "at bottom",
               "in the lower part", "at the very bottom", "in the bottom center", "in the lower half", "at the bottom of the image",
               "down at the bottom",
               "close to the bottom", "along the bottom edge"),
}
# The same after a comma or a colon.
BARE_PLACES = {
    "top left": ("top left", "top left", "upper left", "top left corner", "upper left corner", "top-left"),
    "top": ("top", "top center", "upper part"),
    "top right": ("top right", "top right", "upper right", "top right corner", "upper right corner", "top-right"),
    "left": ("left", "left side", "center left"),
    "center": ("center", "centre", "middle", "centered", "middle of the image"),
    "right": ("right", "right side", "center right"),
    "bottom left": ("bottom left", "bottom left", "lower left", "bottom left corner", "lower left corner", "bottom-left"),
    "bottom": ("bottom", "bottom center", "lower part"),
    "bottom right": ("bottom right", "bottom right", "lower right", "bottom right corner", "lower right corner", "bottom-right"),
}
BARE_ORDERS = ("{s} {g}, {p}", "{s}, {p} {g}", "{s}, {p}, {g}", "{p}: {s} {g}", "{s} {g} ({p})")
NUMBERS = {
    2: ("two", "two", "two", "two", "2", "2", "a pair of", "a couple of", "two identical", "a set of two", "twin"),
    3: ("three", "three", "three", "three", "3", "3", "three identical", "a group of three", "a trio of", "a set of three"),
    4: ("four", "four", "four", "four", "4", "4", "four identical", "a group of four", "a set of four"),
}
OPENINGS = ("draw ", "please draw ", "a picture of ", "an image of ", "a drawing of ", "show ", "there is ", "draw me ", "generate ", "create ",
            "can you draw ", "make a picture of ", "an illustration of ", "i want ", "paint ", "put ", "place ", "a photo of ",
            "could you please draw ", "could you draw ", "i would like ", "i'd like a picture of ", "give me ", "the picture shows ",
            "picture of ", "image of ", "an icon of ", "a simple picture of ", "a simple drawing of ", "show me ", "sketch ", "make ",
            "please generate ", "this is ", "please create an image of ", "a sketch of ", "i need a picture of ", "here is ",
            "i'd love to see ", "i would love to see ", "i'd like to see ", "let me see ", "a scene with ", "draw a scene with ",
            "we need ", "a card with ",
            "sticker of ", "logo of ", "icon of ", "clipart of ", "app icon, ", "icon: ", "logo: ", "sticker: ", "can i have ", "could i get ",
            "my daughter wants ", "our logo is ", "there should be ", "i'm looking for ", "let's have ", "design ", "could you make ",
            "for a sticker: ", "make me a logo with ", "pattern with ", "just ", "only ", "there's ", "gimme ", "i'd like to have ")
# Two side by side, {2} and {3} their colours.
FIRST_AND_SECOND = ("{0} and {1}, the first one {2}, the second one {3}", "{0} and {1}; the first is {2}, the second is {3}",
                    "{0} and {1}, {2} and {3}", "{0} and {1}, one {2}, one {3}", "{0} and {1}. make the first one {2} and the second one {3}",
                    "{0} and {1}, first in {2}, second in {3}", "{0} and {1} in {2} and {3}", "{0} and {1}, {2} and {3} respectively")
# What no verb stands before.
ADVERBS = (
    "to ", "on ", "from ", "above", "below", "under", "left", "top", "at ", "between ", "both ", "in ", "up ", "put ", "place ", "draw ",
    "have ",
    "show ", "set ", "right", "bottom", "middle", "center", "upper", "lower", "beneath", "over ", "directly ", "just ", "higher ",
    "next ", "beside ", "by ",
    "near ", "alongside ", "first ", "down ", "two things", "two shapes", "pair of", "three things", "starting ", "side by side", "1.",
    "one above ", "second ")

# What people add and what changes nothing here.
MANNERS = ("flat style", "simple drawing", "clean and simple", "minimalist illustration", "flat design", "vector art", "cute",
           "high quality", "sharp edges", "simple shapes, solid colors, no shading", "children's book illustration", "nothing else",
           "cartoon style", "clip art", "logo", "for a sticker", "no text", "plain and simple")


def _article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def colour_of(colour: str, rng: random.Random, choose: Choosing) -> str:
    word = choose.word(COLOURS[colour], SELDOM_COLOURS[colour])
    is_plain = word in COLOURS[colour] and colour not in ("black", "white")
    return rng.choice(SHADES) + word if is_plain and rng.random() < 0.04 else word


def name_of(kind: str, choose: Choosing) -> str:
    return choose.word(KINDS[kind], SELDOM_KINDS[kind])


def _colour_behind(size: str, colour: str, name: str, rng: random.Random) -> str:
    ways = ["{n} in {c}", "{n} in {c}", "{n} that is {c}", "{n} colored {c}", "{c}-colored {n}", "{c} colored {n}", "{n} in {c} color"]
    return _joined(size, rng.choice(ways).format(n=name, c=colour))


def _object(o: Object, name: str, rng: random.Random, choose: Choosing, bare: bool) -> str:
    colour = colour_of(o.colour, rng, choose) if o.colour_named else ""
    size = rng.choice(SIZES[o.size]) if o.size else ""
    if colour and not bare and rng.random() < 0.08:
        return _article(_colour_behind(size, colour, name, rng))
    comma = "," if size and colour and rng.random() < 0.05 else ""
    phrase = _joined(size + comma, colour, name)
    if bare:
        return phrase
    if rng.random() < (0.25 if o.kind in ("sun", "moon") else 0.04):
        return "the " + phrase
    return "one " + phrase if rng.random() < 0.04 else _article(phrase)


def _plural(name: str) -> str:
    for inside in (" of ", " with "):
        if inside in name:
            head, rest = name.split(inside)
            return _plural(head) + inside + rest
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name if name.endswith("fish") else name + ("es" if name.endswith(("s", "x")) else "s")


def _equal(o: Object, count: int, rng: random.Random, choose: Choosing) -> str:
    colour = colour_of(o.colour, rng, choose) if o.colour_named else ""
    number = _joined(rng.choice(NUMBERS[count]), rng.choice(SIZES[o.size]) if o.size else "")
    names = _plural(name_of(o.kind, choose))
    every = "both" if count == 2 else "all"
    if rng.random() < 0.06:
        how_many = rng.choice(("{} x{}", "{} x {}", "{}, {} of them", "{}, exactly {} of them", "{}, {}", "{} ({})"))
        look = _joined(rng.choice(SIZES[o.size]) if o.size else "", colour, names)
        return how_many.format(look, count if " x" in how_many else rng.choice(NUMBERS[count][:5]))
    if o.size and rng.random() < 0.15:
        size = rng.choice(SIZES[o.size])
        return _joined(rng.choice(NUMBERS[count]), colour, names) + rng.choice((f", {every} {size}", f", {every} of them {size}", f", {size}"))
    if colour and rng.random() < 0.1:
        ways = (f"{number} {names} in {colour}", f"{number} {names}, {every} {colour}", f"{number} {names}, {colour}")
        return rng.choice(ways)
    text = _joined(number, colour, names)
    if rng.random() < 0.12:
        text += rng.choice((" side by side", " next to each other", " in a row", " in one row") if count < 4 else (" in a square", " together", " in a grid"))
    return text


def _subject(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    bare = rng.random() < (0.25 if any(o.colour_named for o in scene.objects) else 0.5)
    if scene.layout == "equal":
        return _equal(scene.objects[0], len(scene.objects), rng, choose)
    if scene.twins:
        return _with_twins(scene, rng, choose, bare)
    if scene.layout != "one" and choose.composes():
        return _composed(scene, rng, choose, bare)
    objects = [_object(o, name_of(o.kind, choose), rng, choose, bare) for o in scene.objects]
    return objects[0] if scene.layout == "one" else choose.either(LAYOUTS[scene.layout], english_ways.LAYOUTS[scene.layout]).format(*objects)


def _with_twins(scene: Scene, rng: random.Random, choose: Choosing, bare: bool) -> str:
    """Two that are alike and a third."""
    way, twin, other = scene.twins
    name, colour = name_of(twin.kind, choose), colour_of(twin.colour, rng, choose) if twin.colour_named else ""
    look = _joined(rng.choice(SIZES[twin.size]) if twin.size else "", colour)
    pair = _joined(rng.choice(NUMBERS[2]), look, _plural(name))
    third = _object(other, name_of(other.kind, choose), rng, choose, bare)
    if way in ("over", "under") and choose.composes():
        return Relations(rng).over_or_under(way, pair, third, [name, name, name])
    alone = _joined(look, name)
    return choose.either(TWINS[way], english_ways.TWINS[way]).format(two=pair, s=third, one=_article(alone), another="another " + alone)


def _composed(scene: Scene, rng: random.Random, choose: Choosing, bare: bool) -> str:
    """Several objects in a sentence put together from parts; what all have in common may be said once, at its end."""
    objects, tail = scene.objects, ""
    every = rng.choice(("both", "both", "both of them") if len(objects) == 2 else ("all", "all three", "all of them"))
    if len({o.size for o in objects}) == 1 and objects[0].size and rng.random() < 0.4:
        tail += f", {every} {rng.choice(SIZES[objects[0].size])}"
        objects = tuple(replace(o, size=None) for o in objects)
    if len({o.kind for o in objects}) == 1 and not any(o.size for o in objects) and scene.layout in ALIKE and rng.random() < 0.6:
        names = _plural(name_of(objects[0].kind, choose))
        return choose.either(ALIKE[scene.layout], english_ways.ALIKE[scene.layout]).format(n=names, c=[colour_of(o.colour, rng, choose) for o in objects]) + tail
    if len({o.colour for o in objects}) == 1 and all(o.colour_named for o in objects) and not tail and rng.random() < 0.6:
        tail = f", {every}{rng.choice((' ', ' ', ' in ', ' colored '))}{colour_of(objects[0].colour, rng, choose)}"
        objects = tuple(replace(o, colour_named=False) for o in objects)
    names = [name_of(o.kind, choose) for o in objects]
    if scene.layout == "row2" and not tail and all(o.colour_named for o in objects) and names[0] != names[1] and rng.random() < 0.05:
        pair = [_object(replace(o, colour_named=False), name, rng, choose, bare) for o, name in zip(objects, names)]
        return rng.choice(FIRST_AND_SECOND).format(*pair, *(colour_of(o.colour, rng, choose) for o in objects))
    if len({o.kind for o in objects}) == len(objects) and not tail and rng.random() < 0.3:
        objects, tail = (_all_told_later if rng.random() < 0.5 else _one_told_later)(objects, names, rng, choose)
    phrases = [_object(o, name, rng, choose, bare) for o, name in zip(objects, names)]
    if len({o.kind for o in objects}) < len(objects):
        names = [f"{o.colour} one" for o in objects]
    return Relations(rng).said(scene.layout, phrases, names) + tail


def _one_told_later(objects: tuple[Object, ...], names: list[str], rng: random.Random, choose: Choosing) -> tuple[tuple[Object, ...], str]:
    """The objects, one of them without its colour or size, and a clause that says it: "…, the star is white"."""
    which = rng.randrange(len(objects))
    o = objects[which]
    if o.colour_named and (o.size is None or rng.random() < 0.6):
        said, without = colour_of(o.colour, rng, choose), replace(o, colour_named=False)
    elif o.size:
        said, without = rng.choice(SIZES[o.size]), replace(o, size=None)
    else:
        return objects, ""
    clause = rng.choice((", the {n} is {a}", ", the {n} is {a}", ", the {n} {a}", ", {n} is {a}", ", with the {n} being {a}", ". the {n} should be {a}"))
    return (*objects[:which], without, *objects[which + 1:]), clause.format(n=names[which], a=said)


def _all_told_later(objects: tuple[Object, ...], names: list[str], rng: random.Random, choose: Choosing) -> tuple[tuple[Object, ...], str]:
    """The objects without the colours that their prompt names, and a sentence that names them: "… . the cup is red, the cat is blue"."""
    told = [(name, colour_of(o.colour, rng, choose)) for o, name in zip(objects, names) if o.colour_named]
    if not told:
        return objects, ""
    if rng.random() < 0.2:
        rng.shuffle(told)
    clause = rng.choice(("the {n} is {c}", "the {n} is {c}", "{n} is {c}", "the {n} {c}", "{n} {c}", "{n}'s {c}", "the {n} in {c}", "{n}: {c}",
                         "the {n} should be {c}", "{n} = {c}"))
    link = rng.choice((", ", ", ", " and ", ", and ", "; "))
    behind = rng.choice((", ", ". ", ". ", "; ", ": ", ", with ", " - "))
    return tuple(replace(o, colour_named=False) for o in objects), behind + link.join(clause.format(n=n, c=c) for n, c in told)


def _place(place: str | None, rng: random.Random) -> str:
    if place in CORNERS:
        return rng.choice(CORNER).format(rng.choice(CORNERS[place]))
    return rng.choice(PLACES[place]) if place else ""


def _ordered(rng: random.Random, opening: str, subject: str, place: str, ground: str, colour: str, behind: tuple[str, ...]) -> str:
    """Subject, place and ground, where there are such, in one of the usual orders; `behind` a comma, the ground is said in these ways."""
    order = rng.random()
    comma = ", " if rng.random() < 0.12 else " "
    if ground and order < 0.15:
        return rng.choice((
            f"{ground}, {subject} {place}", f"{colour} background, {subject} {place}", f"{colour} background: {subject} {place}",
            f"{_article(colour)} background with {subject} {place}",
            f"make the background {colour} and put {subject} {place or 'on it'}",
            f"the background is {colour}, with {subject} {place}", f"background should be {colour}, with {subject} {place}",
            f"{ground} there is {subject} {place}"))
    if ground and order < 0.32:
        return f"{subject} {place}, " + rng.choice(behind).format(colour)
    if ground and place and order < 0.40:
        return f"{subject} {ground}{comma}{place}"
    if ground and place and order < 0.46:
        return f"{opening}{subject} {place} of {_article(colour)} background"
    if place and order < 0.54:
        return f"{place}, {subject} {ground}" if rng.random() < 0.7 else f"{place} there is {subject} {ground}"
    return f"{opening}{subject} {place}{comma if place and ground else ' '}{ground}"


def _list(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    """One thing after the other: a circle, red, big, top left."""
    o = scene.objects[0]
    name, colour = name_of(o.kind, choose), colour_of(o.colour, rng, choose)
    size = rng.choice(SIZES[o.size]) if o.size else ""
    place = rng.choice(BARE_PLACES[scene.place]) if scene.place else ""
    ground = colour_of(scene.background, rng, choose) if scene.background_named else ""
    if rng.random() < 0.3:
        fields = (("shape" if rng.random() < 0.5 else "object", name), ("color", colour), ("size", size), ("position", place), ("background", ground))
        return ", ".join(f"{field}: {value}" for field, value in fields if value)
    attributes = [attribute for attribute in (colour, size) if attribute]
    rng.shuffle(attributes)
    if rng.random() < 0.15:
        return f"{name} ({', '.join(attributes)})" + (f", {place}" if place else "") + (f", background ({ground})" if ground else "")
    said = [name if rng.random() < 0.5 else _article(name), *attributes]
    if place:
        said.append(place if rng.random() < 0.5 else _place(scene.place, rng))
    if ground:
        said.append(rng.choice((f"{ground} background", f"on {ground}", f"on {_article(ground)} background")))
    return rng.choice((", ",) * 6 + (". ", " - ", " / ")).join(said)


def _sentence(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    """The heart is red and the background is black."""
    o = scene.objects[0]
    size = rng.choice(SIZES[o.size]) if o.size else ""
    thing = _joined("the", size, name_of(o.kind, choose), _place(scene.place, rng))
    text = f"{thing} is {colour_of(o.colour, rng, choose)}"
    if scene.background_named:
        text += rng.choice((" and", ",")) + f" the background is {colour_of(scene.background, rng, choose)}"
    return text


def _said_otherwise(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    """One thing or one group, and where it is or on what."""
    if scene.layout == "one":
        o = scene.objects[0]
        name = name_of(o.kind, choose)
        subject, bare = (_object(o, name, rng, choose, without_article) for without_article in (False, True))
        way = rng.choice(english_ways.ONE[scene.told] + english_ways.ONE_ALONE[scene.told])
    else:
        subject = bare = _equal(scene.objects[0], len(scene.objects), rng, choose)
        way = rng.choice(english_ways.ONE[scene.told])
    place = rng.choice(BARE_PLACES[scene.place]) if scene.place else ""
    return way.format(s=subject, bare=bare, p=_place(scene.place, rng), q=place, c=colour_of(scene.background, rng, choose))


def words(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    if scene.layout == "one" and scene.objects[0].colour_named and rng.random() < 0.08:
        return (_list if rng.random() < 0.8 else _sentence)(scene, rng, choose)
    if scene.layout in ("one", "equal") and scene.told and choose.says_otherwise():
        return _said_otherwise(scene, rng, choose)
    subject = _subject(scene, rng, choose)
    place = _place(scene.place, rng)
    ground = colour = ""
    grounds, grounds_behind = english_grounds.ways_for(scene, rng)
    if scene.background_named:
        colour = colour_of(scene.background, rng, choose)
        ground = rng.choice(grounds).format(a=_article(colour), c=colour)
    head = re.split("[,.;:]", subject)[0] + " "
    is_sentence = subject.startswith(ADVERBS) or any(verb in head for verb in (" is ", " are ", " sit", " has ", " stand", " goes ", " hovers ", " floats ", " hangs ", " rests "))
    opening = rng.choice(OPENINGS) if rng.random() < 0.25 and not is_sentence else ""
    if place and rng.random() < 0.2:
        bare = rng.choice(BARE_PLACES[scene.place])
        text = choose.way(BARE_ORDERS).format(s=subject, g=ground, p=bare)
    else:
        text = _ordered(rng, opening, subject, place, ground, colour, grounds_behind)
    text = " ".join(text.strip(" ,").split()).replace(" ,", ",")
    if rng.random() < 0.22:
        text = text[0].upper() + text[1:]
    if text.lower().startswith(("can ", "could ")) and rng.random() < 0.6:
        return text + "?"
    return text + "." if rng.random() < 0.15 else text
