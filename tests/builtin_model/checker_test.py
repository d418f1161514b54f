"""The checker accepts right pictures, also slightly blurred, noisy and moved ones, and rejects every kind of wrong one."""

from __future__ import annotations

import random
import unittest
from dataclasses import replace

import numpy as np

import checker
import drawing
import english
import fitting
import prompts
import scenes
from choosing import Choosing


def degraded(picture: np.ndarray, seed: int) -> np.ndarray:
    """About what an autoencoder does to a picture: soft edges and a little noise."""
    wide = picture.astype(np.float32)
    soft = sum(np.roll(np.roll(wide, dy, 0), dx, 1) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) / 9
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return np.clip(0.5 * wide + 0.5 * soft + noise, 0, 255).astype(np.uint8)


def some(name: str, count: int, seed: int = 1):
    rng = random.Random(seed)
    return [scenes.sample(rng, held_out=True, name=name) for _ in range(count)]


CLASSES = ("one", "two", "equal", "three", "things")


class RightPictures(unittest.TestCase):
    def test_accepts_what_was_asked_for(self):
        for name in CLASSES:
            for i, scene in enumerate(some(name, 12)):
                picture = degraded(drawing.draw(scene, random.Random(i)), i)
                verdict = checker.judge(picture, scene)
                self.assertTrue(verdict.right, f"{name} {i}: {scene} {verdict}")


class WrongPictures(unittest.TestCase):
    def assert_rejected(self, aspect: str, wrong: scenes.Scene, scene: scenes.Scene):
        verdict = checker.judge(drawing.draw(wrong), scene)
        self.assertFalse(getattr(verdict, aspect), f"{scene} drawn as {wrong}: {verdict}")
        self.assertFalse(verdict.right)

    def test_another_background(self):
        for scene in some("one", 10) + some("things", 10):
            used = {o.colour for o in scene.objects} | {scene.background}
            other = next(c for c in scenes.COLOURS if c not in used)
            self.assert_rejected("background", replace(scene, background=other), scene)

    def test_another_colour_of_one_object(self):
        for name in CLASSES:
            for scene in some(name, 3):
                first, *rest = scene.objects
                for colour in scenes.COLOURS:
                    if colour not in (first.colour, scene.background):
                        self.assert_rejected("colour", replace(scene, objects=(replace(first, colour=colour), *rest)), scene)

    def test_one_object_less(self):
        for name in CLASSES:
            for scene in some(name, 8):
                self.assert_rejected("count", replace(scene, objects=scene.objects[1:]), scene)

    def test_one_object_more(self):
        for scene in some("one", 20):
            o = scene.objects[0]
            x = 0.12 if o.x > 0.5 else 0.88
            self.assert_rejected("count", replace(scene, objects=(o, replace(o, x=x, y=0.9 if o.y < 0.5 else 0.1, radius=0.05))), scene)

    def test_another_place(self):
        for scene in some("one", 20) + some("things", 10):
            first, *rest = scene.objects
            moved = replace(first, x=first.x + (0.08 if first.x < 0.5 else -0.08))
            self.assert_rejected("place", replace(scene, objects=(moved, *rest)), scene)

    def test_places_exchanged(self):
        for scene in some("two", 20):
            a, b = scene.objects
            exchanged = (replace(a, x=b.x, y=b.y), replace(b, x=a.x, y=a.y))
            self.assertFalse(checker.judge(drawing.draw(replace(scene, objects=exchanged)), scene).right)

    def test_another_size(self):
        for scene in some("one", 20):
            o = scene.objects[0]
            factor = 0.7 if o.radius > 0.15 else 1.5
            self.assert_rejected("size", replace(scene, objects=(replace(o, radius=o.radius * factor),)), scene)

    def test_every_other_kind(self):
        for kind in scenes.KINDS:
            for other in scenes.KINDS:
                if kind != other:
                    o = scenes.Object(kind, "blue", 0.5, 0.5, 0.12)
                    scene = scenes.Scene("one", (o,), "white", False)
                    self.assert_rejected("shape", replace(scene, objects=(replace(o, kind=other),)), scene)

    def test_blank_and_noise(self):
        scene = some("two", 1)[0]
        self.assertFalse(checker.judge(np.full((256, 256, 3), 250, np.uint8), scene).right)
        noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3)).astype(np.uint8)
        self.assertFalse(checker.judge(noise, scene).right)

    def test_a_square_is_no_circle(self):
        o = scenes.Object("square", "blue", 0.5, 0.5, 0.22)
        circle = scenes.Scene("one", (replace(o, kind="circle"),), "white", False)
        self.assertFalse(checker.judge(drawing.draw(replace(circle, objects=(o,))), circle).shape)


class Halo(unittest.TestCase):
    def test_an_ideal_picture_has_none(self):
        for name in CLASSES:
            for scene in some(name, 10):
                self.assertLess(checker.judge(drawing.draw(scene), scene).halo, 0.1, scene)

    def test_how_far_off_the_background_is_beside_an_object(self):
        star = scenes.Scene("one", (scenes.Object("star", "blue", 0.5, 0.5, 0.2),), "gray", True)
        picture = drawing.draw(star)
        ground = np.array(scenes.COLOURS["gray"])
        flat = (picture == ground).all(-1)
        picture[flat] = ground + (6, -6, 0)
        picture[:40] = picture[-40:] = ground  # far from the star, where the background is told from
        picture[:, :40] = picture[:, -40:] = ground
        self.assertAlmostEqual(checker.judge(picture, star).halo, 4, delta=0.1)

    def test_nothing_to_stand_beside(self):
        star = scenes.Scene("one", (scenes.Object("star", "blue", 0.5, 0.5, 0.2),), "gray", True)
        self.assertIsNone(checker.judge(np.full((256, 256, 3), 135, np.uint8), star).halo)


class Roundness(unittest.TestCase):
    def circle(self, radius: float) -> scenes.Scene:
        return scenes.Scene("one", (scenes.Object("circle", "blue", 0.48, 0.51, radius),), "gray", True)

    def test_an_ideal_circle_strays_by_nothing(self):
        for radius in (0.11, 0.2, 0.3):
            scene = self.circle(radius)
            self.assertLess(checker.judge(drawing.draw(scene), scene).strays[0], 0.002)

    def test_how_far_an_outline_strays(self):
        for radius in (0.2, 0.3):
            for corners, depth in ((3, 0.02), (8, 0.01), (8, 0.03)):
                scene = self.circle(radius)
                o = scene.objects[0]
                ys, xs = np.mgrid[:256, :256] + 0.5
                x, y = xs - o.x * 256, ys - o.y * 256
                outline = 0.95 * radius * 256 * (1 + depth * np.cos(corners * np.arctan2(y, x)))
                cover = np.clip(0.5 + outline - np.hypot(x, y), 0, 1)[..., None]
                ground, own = (np.array(scenes.COLOURS[c]) for c in ("gray", "blue"))
                picture = np.rint(ground + cover * (own - ground)).astype(np.uint8)
                self.assertAlmostEqual(checker.judge(picture, scene).strays[0], 0.95 * depth / 2**0.5, delta=0.001)

    def test_only_circles_are_measured_each_by_itself(self):
        scene = next(s for s in some("three", 200) if [o.kind for o in s.objects].count("circle") == 1 and s.layout == "row3")
        verdict = checker.judge(drawing.draw(scene), scene)
        self.assertEqual(len(verdict.strays), 1)
        self.assertLess(verdict.strays[0], 0.003)


class Fitting(unittest.TestCase):
    def test_finds_objects_where_they_were_moved_to(self):
        rng = random.Random(8)
        for name in CLASSES:
            for i, scene in enumerate(some(name, 4)):
                moved = drawing.moved(scene, rng)
                found = fitting.as_shown(scene, degraded(drawing.draw(moved), i))
                for a, b in zip(found.objects, moved.objects):
                    for field in ("x", "y", "radius"):
                        self.assertAlmostEqual(getattr(a, field), getattr(b, field), delta=0.5 / drawing.SIDE, msg=f"{scene}")

    def test_finds_nothing_where_another_thing_is_shown(self):
        fish = scenes.Scene("one", (scenes.Object("fish", "purple", 0.5, 0.5, 0.2),), "green", True)
        other = replace(fish, objects=(replace(fish.objects[0], kind="circle"),))
        self.assertIsNone(fitting.as_shown(fish, drawing.draw(other)))
        self.assertIsNone(fitting.as_shown(fish, drawing.draw(replace(fish, objects=()))))


class HeldOut(unittest.TestCase):
    def test_one_in_eight_and_never_in_training(self):
        rng = random.Random(2)
        self.assertFalse(any(scenes.is_held_out(scenes.sample(rng)) for _ in range(500)))
        share = np.mean([scenes.is_held_out(s) for s in (scenes._propose(rng, None, scenes.EVEN) for _ in range(4000)) if s])
        self.assertAlmostEqual(share, 1 / 8, delta=0.03)

    def test_a_scene_put_on_gray_is_not_held_out_either(self):
        rng = random.Random(6)
        found = [scenes.sample_on_gray(rng, 0.8) for _ in range(500)]
        self.assertFalse(any(scenes.is_held_out(s) for s in found))
        self.assertFalse(any(o.colour == s.background for s in found for o in s.objects))
        self.assertGreater(np.mean([s.background == "gray" for s in found]), 0.5)

    def test_what_is_drawn_more_often_in_training_is_not_asked_for_more_often(self):
        rng = random.Random(4)
        share = lambda held_out: np.mean(
            [o.kind == "star" for _ in range(800) for o in scenes.sample(rng, held_out, "three").objects])
        self.assertAlmostEqual(share(True), 1 / len(scenes.SHAPES), delta=0.05)
        weights = [scenes.LATE_KINDS.get(kind, 1.0) for kind in scenes.SHAPES]
        self.assertAlmostEqual(share(False), scenes.LATE_KINDS["star"] / sum(weights), delta=0.05)
        big = lambda held_out: np.mean([scenes.sample(rng, held_out, "one").objects[0].size == "big" for _ in range(1500)])
        weights = {size: share * scenes.LATE_SIZES.get(size, 1.0) for size, share in scenes.SHARES_ALONE.items()}
        self.assertAlmostEqual(big(True), scenes.SHARES_ALONE["big"] / sum(scenes.SHARES_ALONE.values()), delta=0.05)
        self.assertAlmostEqual(big(False), weights["big"] / sum(weights.values()), delta=0.05)

    def test_order_does_not_let_a_combination_in(self):
        for scene in some("two", 50):
            a, b = scene.objects
            self.assertTrue(scenes.is_held_out(replace(scene, objects=(b, a))))

    def test_every_scene_has_words(self):
        rng = random.Random(3)
        for _ in range(300):
            scene = scenes.sample(rng)
            for language in ("en", "zh"):
                text = prompts.words(scene, rng, language)
                self.assertTrue(text.strip() and "{" not in text and "  " not in text and " ," not in text, text)

    def test_what_is_learnt_late_is_said_more_often_in_training_and_only_there(self):
        rng = random.Random(5)
        pairs = [s for s in (scenes.sample(rng, name="two") for _ in range(3000)) if s.layout == "column2"]
        ways = english.LAYOUTS["column2"]
        late = [way for way in ways if way.startswith(("above", "below"))]
        self.assertLessEqual(set(late), prompts.LEARNT_LATE)
        for weights in ({}, prompts.TRAINING_WEIGHTS):
            choose = Choosing(rng, weights, seldom=0, otherwise=0, composed=0)
            said = np.mean([english.words(s, rng, choose).lower().startswith(("above", "below")) for s in pairs])
            share = sum(weights.get(way, 1) for way in late) / sum(weights.get(way, 1) for way in ways)
            self.assertAlmostEqual(said, 0.95 * share, delta=0.05)  # one in twenty or so begins with the background

    def test_what_several_have_in_common_is_drawn_and_said_more_often_in_training(self):
        rng = random.Random(7)
        for held_out, shares in ((True, scenes.EVEN), (False, scenes.IN_TRAINING)):
            several = [scenes.sample(rng, held_out, "two") for _ in range(1500)]
            sized = np.mean([any(o.size for o in s.objects) for s in several])
            self.assertAlmostEqual(sized, shares.sized[2] * (1 - 1 / 9), delta=0.05)  # of three sizes, plain is one
            same = np.mean([len({o.colour for o in s.objects}) == 1 for s in several])
            self.assertAlmostEqual(same, 0.1 + shares.same_colour, delta=0.05)
        alike = [s for s in several if len({o.colour for o in s.objects}) == 1 and all(o.colour_named for o in s.objects)]
        said = [any(f", {every}" in prompts.words(s, rng, "en", in_training=True).lower() for every in ("both", "all")) for s in alike]
        self.assertAlmostEqual(np.mean(said), 0.6 * prompts.COMPOSED_IN_TRAINING, delta=0.1)


if __name__ == "__main__":
    unittest.main()
