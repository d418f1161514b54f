"""Where several objects stand, in English sentences that are put together from parts.

What english.LAYOUTS lists as wholes is learnt as wholes; these teach that any relation may be said from either side, of one
object or of two, with a verb or without.
"""

from __future__ import annotations

from relating import Relating

ABOVE = ("above", "above", "over", "on top of", "directly above", "right above", "just above", "higher than")
BELOW = ("below", "below", "under", "beneath", "underneath", "directly below", "right below", "just under")
LEFT = ("to the left of", "left of", "on the left of", "on the left side of", "just left of", "directly to the left of")
RIGHT = ("to the right of", "right of", "on the right of", "on the right side of", "just right of", "directly to the right of")
BESIDE = ("next to", "beside", "by", "near", "alongside", "right next to")
# The same of what was named just before; {} stands for it or them, {s} for its or their.
ABOVE_IT = ("above {}", "above {}", "over {}", "on top of {}", "above", "on top", "right above {}", "above that", "directly above {}", "higher up")
BELOW_IT = ("below {}", "below {}", "under {}", "beneath {}", "underneath {}", "underneath", "below", "below that", "under that", "right below {}",
            "directly under {}", "further down")
LEFT_OF_IT = ("to {s} left", "on {s} left", "to the left of {}", "left of {}", "just to the left", "to the left of that", "on the left side of {}",
              "at {s} left")
RIGHT_OF_IT = ("to {s} right", "on {s} right", "to the right of {}", "right of {}", "just to the right", "to the right of that",
               "on the right side of {}", "at {s} right")
BESIDE_IT = ("next to {}", "beside {}", "right next to {}", "next to that", "at {s} side")
# Parts of the picture.
TOP = ("at the top", "on top", "up top", "in the upper half", "higher up", "above", "at the very top")
BOTTOM = ("at the bottom", "below", "down below", "in the lower half", "lower down", "underneath", "at the very bottom")
AT_LEFT = ("on the left", "at the left", "left", "to the left", "on the left side", "on the far left", "in the left half")
IN_MIDDLE = ("in the middle", "in the center", "middle", "in between", "in the centre", "between them")
AT_RIGHT = ("on the right", "at the right", "right", "to the right", "on the right side", "on the far right", "in the right half")
# The same of the one that is named, behind a sentence that names both; {o} is the other one.
BEHIND = {
    "left": (*AT_LEFT, "on the left", "on the left", "first", "to the left of the {o}", "left of the {o}", "on the {o}'s left"),
    "right": (*AT_RIGHT, "on the right", "on the right", "last", "to the right of the {o}", "right of the {o}", "on the {o}'s right"),
    "top": (*TOP, "on top", "above", "above it", "above the {o}", "over the {o}", "on top of the {o}", "over it", "above the other"),
    "bottom": (*BOTTOM, "below", "underneath", "below it", "below the {o}", "under the {o}", "beneath the {o}", "under it", "below the other"),
}
HEADINGS = {"top": ("top", "top row", "above", "upper one"), "bottom": ("bottom", "bottom row", "below", "lower one"),
            "left": ("left", "left one", "on the left", "left side"), "middle": ("middle", "center", "in the middle", "middle one"),
            "right": ("right", "right one", "on the right", "right side")}
VERBS = {False: ("is", "sits", "stands", "goes", "should be", "that is"), True: ("are", "sit", "stand", "go", "should be", "that are")}
LINKS = (" and ", " and ", ", ", ", and ", "; ", ", then ", " and then ")


class Relations(Relating):
    def _two(self, phrases: list[str], names: list[str]) -> str:
        way = self.rng.random()
        if way < 0.35:
            text, tail = self._pair(phrases, names, often=0.75)
            return self.rng.choice(("", "", "", "two things: ", "two shapes: ", "pair of shapes: ")) + text + tail
        if way < 0.55:
            relation, turned = self.rng.choice(((LEFT, False), (RIGHT, True), (LEFT, False), (RIGHT, True), (BESIDE, False)))
            return self._named(*(phrases[::-1] if turned else phrases), relation, False, False)
        if way < 0.8:
            relation, turned = self.rng.choice(((RIGHT_OF_IT, False), (LEFT_OF_IT, True), (RIGHT_OF_IT, False), (LEFT_OF_IT, True), (BESIDE_IT, False)))
            return self._pointed(*(phrases[::-1] if turned else phrases), relation, False, False)
        return self._apart(phrases, [AT_LEFT, AT_RIGHT], ["left", "right"])

    def _pair(self, phrases: list[str], names: list[str], often: float = 0.2) -> tuple[str, str]:
        link = self.rng.choice((" and ",) * 5 + (" next to ", " beside ", " & ", ", "))
        if names[0] != names[1] and self.rng.random() < often:
            text, tail = self._told_behind(phrases, names, ("left", "right"), link)
            return text + self.rng.choice(("", "", "", " side by side", " next to each other")), tail
        way = self.rng.random()
        if way < 0.12:
            return f"{phrases[0]} {self.rng.choice(AT_LEFT[:2])} and {phrases[1]} {self.rng.choice(AT_RIGHT[:2])}", ""
        return phrases[0] + link + phrases[1] + (" side by side" if way > 0.92 else ""), ""

    def _told_behind(self, phrases: list[str], names: list[str], sides: tuple[str, str], link: str) -> tuple[str, str]:
        """Both, in any order, and what is said behind about which is at which side; what stands first in place is told of as `sides[0]`."""
        shown = self.rng.sample((0, 1), 2)
        which = self.rng.choice((0, 1))
        parts = [self.rng.choice(BEHIND[side]) for side in sides]
        if shown[0] == 1:  # what is named last is not "first" in any sense, nor the other "last"
            parts = [side if part in ("first", "last") else part for side, part in zip(sides, parts)]
        tail = self.rng.choice((", the {n} {p}", ", {n} {p}", ", with the {n} {p}", ", the {n} {p}", " ({n} {p})", ". the {n} goes {p}",
                                ", the {n} is {p}", "; the {n} is {p}", ". the {n} is {p}", ", and the {n} is {p}", ", the {n} being {p}",
                                ", the {n} should be {p}", ". the {n} sits {p}", ", {n} goes {p}", "; {n} {p}", None, None))
        if tail is None:
            both = self.rng.choice((", {} {}, {} {}", ", the {} {} and the {} {}", ". {} {}, {} {}", ": {} {}, {} {}"))
            tail, parts = both.format(names[0], "{p}", names[1], "{q}"), [self.rng.choice(BEHIND[side][:3]) for side in sides]
            return phrases[shown[0]] + link + phrases[shown[1]], tail.format(p=parts[0], q=parts[1])
        return phrases[shown[0]] + link + phrases[shown[1]], tail.format(n=names[which], p=parts[which].format(o=names[1 - which]))

    def _stacked(self, above: str, below: str, names: list[str], layout: str = "column2") -> str:
        two_above, two_below = layout == "over", layout == "under"
        if layout == "column2" and names[0] != names[1] and self.rng.random() < 0.25:
            link = self.rng.choice((" and ",) * 5 + (" & ", ", ", "; ", " plus "))
            text, tail = self._told_behind([above, below], names, ("top", "bottom"), link)
            return text + self.rng.choice(("",) * 6 + (" stacked vertically", " one above the other", " stacked", " on top of each other")) + tail
        way = self.rng.random()
        if way < 0.25:
            return self._named(above, below, ABOVE, two_above, two_below)
        if way < 0.5:
            return self._named(below, above, BELOW, two_below, two_above)
        if way < 0.65:
            return self._pointed(above, below, BELOW_IT, two_above, two_below)
        if way < 0.8:
            return self._pointed(below, above, ABOVE_IT, two_below, two_above)
        return self._apart([above, below], [TOP, BOTTOM], ["top", "bottom"])

    def _in_corners(self, phrases: list[str], two_above: bool) -> str:
        high, low = self.rng.choice((("top", "bottom"), ("top", "bottom"), ("upper", "lower")))
        row, other = (high, "bottom") if two_above else (low, "top")
        at = self.rng.choice(("at the {}", "in the {}", "{}", "in the {} corner", "on the {}"))
        said = [f"{phrases[0]} {at.format(row + ' left')}", f"{phrases[1]} {at.format(row + ' right')}"]
        third = f"{phrases[2]} {self.rng.choice(BOTTOM if two_above else TOP)}" if self.rng.random() < 0.7 else f"{phrases[2]} {other}"
        said.insert(self.rng.choice((0, 2)) if not two_above else self.rng.choice((0, 2, 2, 2)), third)
        return ", ".join(said[:2]) + self.rng.choice((", ", " and ", ", and ", "; ")) + said[2]

    def _named(self, what: str, of: str, relations: tuple[str, ...], several: bool, of_several: bool) -> str:
        relation, verbs = self.rng.choice(relations), VERBS[several]
        way = self.rng.random()
        if way < 0.45:
            return f"{what} {relation} {of}"
        if way < 0.6:
            return f"{what} {self.rng.choice(verbs)} {relation} {of}"
        if way < 0.7 or relations is BESIDE:  # what is named first stands at the left
            return f"{self.rng.choice(('put', 'place', 'draw', 'have', 'show', 'set'))} {what} {relation} {of}"
        link = self.rng.choice((",", " " + verbs[0], " there " + verbs[0], " " + verbs[1], " there is", " there's", ", draw", " put"))
        return f"{relation} {of}{link} {what}"

    def _pointed(self, of: str, what: str, relations: tuple[str, ...], of_several: bool, several: bool) -> str:
        relation = self.rng.choice(relations).format("them" if of_several else "it", s="their" if of_several else "its")
        link, verb = self.rng.choice(LINKS), VERBS[several][0]
        way = self.rng.choice((
            "{of}{l}{r} {what}", "{of}{l}{r} {what}", "{of}{l}{what} {r}", "{of}{l}{what} {r}", "{of} with {what} {r}", "{of} with {what} {r}",
            "{of} has {what} {r}", "{of}{l}{r} there {v} {what}", "{of}. {r} {v} {what}", "{of}{l}{r}, {what}", "{of}, {r} {what}",
            "{of}. put {what} {r}", "{of}. {r}, {what}", "{of}; {what} goes {r}"))
        return way.format(of=of, what=what, r=relation, l=link, v=verb)

    def _apart(self, phrases: list[str], parts: list[tuple[str, ...]], headings: list[str]) -> str:
        """Each with the part of the picture where it is."""
        order = list(range(len(phrases)))
        if self.rng.random() < 0.35:
            self.rng.shuffle(order)
        if self.rng.random() < 0.25:
            mark, between = self.rng.choice((": ", ": ", " - ", " ")), self.rng.choice((", ", "; ", " / ", ". ", " | "))
            return between.join(self.rng.choice(HEADINGS[headings[i]]) + mark + phrases[i] for i in order)
        before = self.rng.random() < 0.4
        said = [f"{self.rng.choice(parts[i])} {phrases[i]}" if before else f"{phrases[i]} {self.rng.choice(parts[i])}" for i in order]
        return ", ".join(said[:-1]) + self.rng.choice((" and ", " and ", ", ", "; ", ", and ")) + said[-1]

    def _three(self, phrases: list[str], names: list[str]) -> str:
        a, b, c = phrases
        way = self.rng.random()
        if way < 0.3:
            return self._apart(phrases, [AT_LEFT, IN_MIDDLE[:-1], AT_RIGHT], ["left", "middle", "right"])
        left, right = (self.rng.choice(r).format("it", s="its") for r in (LEFT_OF_IT, RIGHT_OF_IT))
        beside = self.rng.choice((*RIGHT_OF_IT, *BESIDE_IT)).format("it", s="its")
        return self.rng.choice((
            f"{b} {self.rng.choice(IN_MIDDLE[:2])}, {a} {left}, {c} {right}", f"{b} {self.rng.choice(IN_MIDDLE[:2])}, {c} {right} and {a} {left}",
            f"{b} with {a} {left} and {c} {right}", f"{b}, {a} {left}, {c} {right}", f"{b} has {a} {left} and {c} {right}",
            f"{a}, then {b} {beside}, then {c} {beside}", f"{a}, {beside} {b}, and {beside} {c}",
            f"{a}, then {b} {beside}, then {c} on the far right", f"{a}, {beside} {b}, to the right of the {names[1]} {c}", f"{a}, then {b}, then {c}",
            f"{a}, next {b}, and then {c}", f"first {a}, then {b}, and finally {c}", f"three things: {a}, {b}, {c}", f"three things in a row: {a}, {b} and {c}",
            f"in a row: {a}, {b}, {c}", f"{a} and {c} with {b} {self.rng.choice(IN_MIDDLE)}", f"{a} & {b} & {c}", f"{a} + {b} + {c}",
            f"{a} then {b} then {c}", f"{a} and {c}, {b} {self.rng.choice(IN_MIDDLE)}",
            f"{b} {self.rng.choice(('between', 'in between', 'right between', 'in the middle of'))} {a} and {c}",
            f"{self.rng.choice(('between', 'in between'))} {a} and {c} {self.rng.choice(('is', 'there is', 'sits', 'put'))} {b}"))

