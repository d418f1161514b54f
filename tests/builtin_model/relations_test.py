"""What sentences put together from parts say of where objects stand, read again by rules of their own."""

from __future__ import annotations

import random
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src" / "builtin_model" / "train"))
import checker
import chinese_layouts
import chinese_relations
import drawing
import english_layouts
import english_relations
import prompts
import scenes

TIMES = 4000
LAYOUTS = {"row2": 2, "column2": 2, "row3": 3, "under": 3, "over": 3}
# Which object of each layout stands before another, at the left or above.
FIRST = {"row2": {(0, 1)}, "column2": {(0, 1)}, "row3": {(0, 1), (1, 2), (0, 2)}, "under": {(0, 1), (2, 0), (2, 1)}, "over": {(0, 1), (0, 2), (1, 2)}}
HORIZONTAL = {"row2": {(0, 1)}, "column2": set(), "row3": {(0, 1), (1, 2), (0, 2)}, "under": {(0, 1)}, "over": {(0, 1)}}


def sentences(relations, phrase: str, name: str, layout: str):
    """(sentence, its objects as letters): object i is phrase.format(i)."""
    rng, count = random.Random(layout), LAYOUTS[layout]
    for _ in range(TIMES):
        yield relations(rng).said(layout, [phrase.format(i) for i in range(count)], [name.format(i) for i in range(count)])


class Said(unittest.TestCase):
    """Every object once, nothing left open."""

    def test_every_object_is_named_once(self):
        for relations, phrase, name in ((english_relations.Relations, "a <{}>", "={}="), (chinese_relations.Relations, "一个<{}>", "={}=")):
            for layout, count in LAYOUTS.items():
                for text in sentences(relations, phrase, name, layout):
                    self.assertEqual(sorted(re.findall(r"<(\d)>", text)), [str(i) for i in range(count)], text)
                    self.assertNotRegex(text, r"[{}]|  |^ | $|，，|它们们")

    def test_there_are_many_ways(self):
        for relations in (english_relations.Relations, chinese_relations.Relations):
            for layout in LAYOUTS:
                self.assertGreater(len(set(sentences(relations, "<{}>", "={}=", layout))), 300, layout)


class Sides(unittest.TestCase):
    """Where one object is said to be above, below, left or right of another, it is."""

    def _check(self, relations, phrase: str, name: str, rules: list[tuple[str, str, bool]]):
        for layout in LAYOUTS:
            found = {pattern: 0 for pattern, _, _ in rules}
            for text in sentences(relations, phrase, name, layout):
                for pattern, axis, first in rules:
                    for what, of in re.findall(pattern, text):
                        found[pattern] += 1
                        before, after = (int(what), int(of)) if first else (int(of), int(what))
                        self.assertIn((before, after), FIRST[layout], text)
                        self.assertEqual((before, after) in HORIZONTAL[layout], axis == "row", text)
            horizontal, vertical = layout == "row2", layout == "column2"
            for pattern, axis, _ in rules if horizontal or vertical else ():
                if (axis == "row") == horizontal:
                    self.assertGreater(found[pattern], 0, (layout, pattern))

    def test_english(self):
        verb = r"(?: (?:is|are|sits?|stands?|goes?|should be|that (?:is|are)))?"
        self._check(english_relations.Relations, "a <{}>", "={}=", [
            (rf"<(\d)>{verb} (?:directly |right |just )?(?:above|over|on top of|higher than) a <(\d)>", "column", True),
            (rf"<(\d)>{verb} (?:directly |right |just )?(?:below|under|beneath|underneath) a <(\d)>", "column", False),
            (rf"<(\d)>{verb} (?:just |directly )?(?:to the |on the )?left (?:side )?of a <(\d)>", "row", True),
            (rf"<(\d)>{verb} (?:just |directly )?(?:to the |on the )?right (?:side )?of a <(\d)>", "row", False),
        ])

    def test_english_with_a_pronoun(self):
        link = r"(?: and|,|, and|;|, then| and then)"
        for relation, layout, first in (
                (r"(?:to|on|at) its right", "row2", 0), (r"(?:to|on|at) its left", "row2", 1),
                (r"(?:below|under|beneath|underneath) it", "column2", 0), (r"(?:above|over|on top of) it", "column2", 1)):
            found = 0
            for text in sentences(english_relations.Relations, "a <{}>", "={}=", layout):
                for pattern in (rf"<(\d)>{link} {relation},? (?:there is )?a <(\d)>", rf"<(\d)> (?:with|has) a <(\d)> {relation}",
                                rf"<(\d)>{link} a <(\d)> {relation}"):
                    for of, what in re.findall(pattern, text):
                        found += 1
                        self.assertEqual((int(of), int(what)), (first, 1 - first), text)
            self.assertGreater(found, 50, relation)

    def test_chinese(self):
        self._check(chinese_relations.Relations, "个<{}>", "={}=", [
            (r"<(\d)>在个<(\d)>的?(?:正上方|上面|上方|上边|上头|上|之上)", "column", True), (r"<(\d)>在个<(\d)>的?(?:正下方|下面|下方|下边|底下|下|之下)", "column", False),
            (r"<(\d)>在个<(\d)>的?左", "row", True), (r"<(\d)>在个<(\d)>的?右", "row", False),
        ])

    def test_chinese_from_the_other_side(self):
        for side, layout, first in (("右", "row2", 0), ("左", "row2", 1), ("下", "column2", 0), ("上", "column2", 1)):
            found = 0
            for text in sentences(chinese_relations.Relations, "个<{}>", "={}=", layout):
                for of, what in re.findall(rf"^个<(\d)>(?:，它|，=\d=)?的?正?{side}[边侧面方头手]边?(?:是|有)个<(\d)>$", text):
                    found += 1
                    self.assertEqual((int(of), int(what)), (first, 1 - first), text)
            self.assertGreater(found, 20, side)

    def test_second_mentions_name_the_right_one(self):
        for relations, at_left, at_right in (
                (english_relations.Relations, r"the =(\d)= (?:on|at|to)(?: the)?(?: far)? left", r"the =(\d)= (?:on|at|to)(?: the)?(?: far)? right"),
                (chinese_relations.Relations, r"=(\d)=在左", r"=(\d)=在右")):
            for layout in ("row2", "under", "over"):
                texts = list(sentences(relations, "个<{}>", "={}=", layout))
                for pattern, who in ((at_left, {"0"}), (at_right, {"1"})):
                    self.assertEqual({n for text in texts for n in re.findall(pattern, text)}, who)


    def test_second_mentions_name_the_right_one_of_a_column(self):
        for relations, above, below in (
                (english_relations.Relations, r"the =(\d)= (?:is |goes |sits |being |should be )?(?:at the (?:very )?top|on top|up top|above|over)\b",
                 r"the =(\d)= (?:is |goes |sits |being |should be )?(?:at the (?:very )?bottom|below|down below|under|underneath|beneath)\b"),
                (chinese_relations.Relations, r"=(\d)=(?:在|位于|放在)(?:=\d=的?|它)?上", r"=(\d)=(?:在|位于|放在)(?:=\d=的?|它)?(?:下|底下)")):
            texts = list(sentences(relations, "个<{}>", "={}=", "column2"))
            for pattern, who in ((above, {"0"}), (below, {"1"})):
                found = [n for text in texts for n in re.findall(pattern, text)]
                self.assertGreater(len(found), 50, pattern)
                self.assertEqual(set(found), who, pattern)

    def test_corners_are_those_of_who_is_there(self):
        for layout, row, line in (("over", "top|upper", "上"), ("under", "bottom|lower", "下")):
            english = " / ".join(sentences(english_relations.Relations, "a <{}>", "={}=", layout))
            chinese = "/".join(sentences(chinese_relations.Relations, "个<{}>", "={}=", layout))
            for side, hand, who in (("left", "左", "0"), ("right", "右", "1")):
                for pattern, text in ((rf"<(\d)>(?: (?:at|in|on) the)? (?:{row}) {side}", english), (rf"<(\d)>在{hand}{line}", chinese),
                                      (rf"{hand}{line}[角方]?(?:是|有|放着|画着|放|画)?个<(\d)>", chinese)):
                    found = re.findall(pattern, text)
                    self.assertGreater(len(found), 20, pattern)
                    self.assertEqual(set(found), {who}, pattern)
            self.assertNotRegex(english, f"<.> (?:(?:at|in|on) the )?(?:{'bottom|lower' if layout == 'over' else 'top|upper'}) (?:left|right)")


class Twins(unittest.TestCase):
    """Two that are alike and a third."""

    def test_every_sentence_names_both_and_the_third(self):
        for layouts in (english_layouts, chinese_layouts):
            self.assertEqual(set(layouts.TWINS), {way for ways in scenes.TWINS.values() for way in ways})
            for way in (way for ways in layouts.TWINS.values() for way in ways):
                named = re.findall(r"{(\w+)}", way)
                self.assertEqual(named.count("s"), 1, way)
                on_each_side = bool(re.search("each side|either side|both sides|各", way)) and "{two}" not in way
                self.assertEqual(2 * named.count("two") + named.count("one") + named.count("another"), 1 if on_each_side else 2, way)

    def test_scenes_of_training_have_them_and_are_drawn(self):
        rng, ways = random.Random(4), set()
        while len(ways) < 5:
            scene = scenes.sample(rng)
            if not scene.twins:
                continue
            way, twin, other = scene.twins
            ways.add(way)
            self.assertEqual(sorted((o.kind, o.colour, o.size) == (twin.kind, twin.colour, twin.size) for o in scene.objects), [False, True, True])
            self.assertNotEqual((other.kind, other.colour), (twin.kind, twin.colour))
            picture = drawing.draw(scene)
            self.assertTrue(checker.judge(picture, scene).right, scene)
            for language in prompts.LANGUAGES:
                self.assertNotRegex(prompts.words(scene, rng, language, in_training=True), "[{}]")

    def test_held_out_prompts_have_none(self):
        rng = random.Random(5)
        for _ in range(500):
            self.assertIsNone(scenes.sample(rng, held_out=True, name=rng.choice(("three", "things"))).twins)


if __name__ == "__main__":
    unittest.main()
