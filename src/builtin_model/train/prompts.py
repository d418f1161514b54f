"""Puts scenes into words, English or Chinese, as those who ask for them would and as training uses them."""

from __future__ import annotations

import random

import chinese
import english
from choosing import Choosing
from scenes import KINDS, Scene
from writing import rewritten

LANGUAGES = {"en": english, "zh": chinese}

# Ways of saying things that are learnt late are used more often in training, and only there.
LEARNT_LATE = {
    "above {1} is {0}", "below {0} is {1}", "above {0} and {1} is {2}", "{0} together with {1}", "{1} right of {0}",
    "from left to right: {0}, {1}, {2}", "{1} in the middle of {0} and {2}", "{p}: {s} {g}", "{s} {g} ({p})",
    "{0}和{2}中间有{1}", "{0}和{2}之间有{1}", "{0}的下方是{1}", "{1}的左侧有{0}", "{0}的右侧有{1}", "{0} is to the left of {1}",
    "{1} is to the right of {0}", "{0}, {1} and {2} above them", "{1} with {0} on its left and {2} on its right",
    "天上有{0}，地上有{1}", "地上有{0}和{1}，天上有{2}", "{0} and, to its right, {1}", "{0} and to the right of it {1}", "{1} and above it {0}",
    "{1} and, to its left, {0}", "{0} and below it {1}", "{0} and, under it, {1}", "{0} {1}", "{0} {1} {2}",
}
TRAINING_WEIGHTS = dict.fromkeys(LEARNT_LATE, 6)
# The share of colours and kinds that are named by a seldom word, as people do and in training.
SELDOM, SELDOM_IN_TRAINING = 0.02, 0.08
# The share of sentences that are said as english_ways.py and chinese_ways.py have it.
OTHERWISE, OTHERWISE_IN_TRAINING = 0.1, 0.25
# The share of several objects that stand in a sentence put together from parts (english_relations.py, chinese_relations.py),
# in training alone: the model is not sure of those yet, and its card says how often they are drawn right.
COMPOSED_IN_TRAINING = 0.35


def words(scene: Scene, rng: random.Random, language: str, in_training: bool = False) -> str:
    """A prompt for the scene."""
    choose = (Choosing(rng, TRAINING_WEIGHTS, SELDOM_IN_TRAINING, OTHERWISE_IN_TRAINING, COMPOSED_IN_TRAINING) if in_training
              else Choosing(rng, {}, SELDOM, OTHERWISE, composed=0))
    return rewritten(LANGUAGES[language].words(scene, rng, choose), rng, language)


def random_words(scene: Scene, rng: random.Random) -> str:
    """A prompt as training uses it: 46 % Chinese, 8 % empty, so that guidance has something to guide away from.

    Without capitals, which are the same to the model (capitals.py).
    """
    chance = rng.random()
    if chance < 0.08:
        return ""
    language = "zh" if chance < 0.50 else "en"
    text = words(scene, rng, language, in_training=True)
    if rng.random() < 0.1:
        comma = ", " if language == "en" else "，"
        text = comma.join((text.rstrip(".。?"), *rng.sample(LANGUAGES[language].MANNERS, rng.choice((1, 1, 2, 3, 5)))))
    return text.lower()


WAYS = {*english.BARE_ORDERS, *(way for each in LANGUAGES.values() for ways in each.LAYOUTS.values() for way in ways)}
assert LEARNT_LATE <= WAYS
assert set(english.KINDS) == set(chinese.KINDS) == set(KINDS)
