"""Puts scenes into words, English or Chinese, with ordinary synonyms and word orders."""

from __future__ import annotations

import random
from dataclasses import replace

from scenes import KINDS, Object, Scene
from writing import rewritten

ENGLISH_COLOURS = {
    "red": ("red", "red", "red", "crimson", "scarlet"), "orange": ("orange",), "yellow": ("yellow", "yellow", "yellow", "golden"),
    "green": ("green",), "blue": ("blue",), "purple": ("purple", "purple", "violet"), "pink": ("pink",), "black": ("black",),
    "white": ("white",), "gray": ("gray", "grey"),
}
ENGLISH_SHADES = ("dark ", "bright ", "deep ")  # which are not drawn: ten colours are all there is
ENGLISH_KINDS = {
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
ENGLISH_SIZES = {"small": ("small", "small", "little", "tiny", "very small"), "big": ("big", "big", "large", "huge", "very big", "giant")}
ENGLISH_PLACES = {
    "top left": ("in the top left corner", "at the top left", "in the upper left corner", "in the top left", "in the upper left",
                 "on the top left", "at top left", "in top left corner", "in the top-left corner"),
    "top": ("at the top", "at the top", "at the top of the picture", "near the top", "on the top", "at top"),
    "top right": ("in the top right corner", "at the top right", "in the upper right corner", "in the top right", "in the upper right",
                 "on the top right", "at top right", "in top right corner", "in the top-right corner"),
    "left": ("on the left", "on the left", "on the left side", "at the left", "to the left"),
    "center": ("in the center", "in the middle", "in the centre", "at the center"),
    "right": ("on the right", "on the right", "on the right side", "at the right", "to the right"),
    "bottom left": ("in the bottom left corner", "at the bottom left", "in the lower left corner", "in the bottom left", "in the lower left",
                 "on the bottom left", "at bottom left", "in bottom left corner", "in the bottom-left corner"),
    "bottom": ("at the bottom", "at the bottom", "at the bottom of the picture", "near the bottom", "on the bottom", "at bottom"),
    "bottom right": ("in the bottom right corner", "at the bottom right", "in the lower right corner", "in the bottom right", "in the lower right",
                 "on the bottom right", "at bottom right", "in bottom right corner", "in the bottom-right corner"),
}
# The same after a comma or a colon.
ENGLISH_BARE_PLACES = {
    "top left": ("top left", "top left", "upper left", "top left corner", "upper left corner", "top-left"),
    "top": ("top", "top center", "upper part"),
    "top right": ("top right", "top right", "upper right", "top right corner", "upper right corner", "top-right"),
    "left": ("left", "left side", "center left"),
    "center": ("center", "centre", "middle", "centered"),
    "right": ("right", "right side", "center right"),
    "bottom left": ("bottom left", "bottom left", "lower left", "bottom left corner", "lower left corner", "bottom-left"),
    "bottom": ("bottom", "bottom center", "lower part"),
    "bottom right": ("bottom right", "bottom right", "lower right", "bottom right corner", "lower right corner", "bottom-right"),
}
ENGLISH_BARE_ORDERS = ("{s} {g}, {p}", "{s}, {p} {g}", "{s}, {p}, {g}", "{p}: {s} {g}", "{s} {g} ({p})")
ENGLISH_NUMBERS = {2: ("two", "two", "2", "a pair of", "a couple of"), 3: ("three", "three", "3"), 4: ("four", "four", "4")}
ENGLISH_LAYOUTS = {
    "row2": ("{0} and {1}", "{0} and {1}", "{0} to the left of {1}", "{0} left of {1}", "{1} to the right of {0}", "{1} right of {0}",
             "{0} on the left and {1} on the right", "{1} on the right and {0} on the left", "{0} next to {1}", "{0} beside {1}",
             "{0}, {1}", "{0} and {1} side by side", "{0} with {1} on its right", "on the left {0}, on the right {1}",
             "left: {0}, right: {1}", "to the left of {1} is {0}", "{0} together with {1}", "{0} with {1}",
             "{0} on the left, {1} on the right", "{0} is to the left of {1}", "{1} is to the right of {0}", "{0} is left of {1}",
             "{0} on the left side of {1}", "{1} on the right side of {0}", "{1} with {0} on its left"),
    "column2": ("{0} above {1}", "{0} above {1}", "{0} over {1}", "{1} below {0}", "{1} under {0}", "{1} beneath {0}",
                "{0} on top of {1}", "{0} at the top and {1} at the bottom", "{1} at the bottom and {0} at the top",
                "{1} with {0} above it", "{0} with {1} below it", "{0} with {1} below", "{1}, {0} above it", "above {1} is {0}",
                "below {0} is {1}", "top: {0}, bottom: {1}", "{0} is above {1}", "{1} is below {0}", "{1} is under {0}",
                "{0} is on top of {1}"),
    "row3": ("{0}, {1} and {2}", "{0}, {1} and {2}", "{0}, {1}, and {2}", "{0} and {1} and {2}", "{0}, {1}, {2}",
             "{0} on the left, {1} in the middle and {2} on the right", "{1} between {0} and {2}",
             "from left to right: {0}, {1}, {2}", "{0}, {1} and {2} from left to right", "{1} in the middle of {0} and {2}",
             "{0}, then {1}, then {2}", "{0} next to {1} and {2}",
             "{0} on the left, {1} in the middle, {2} on the right"),
    "under": ("{0} and {1} under {2}", "{0} and {1} under {2}", "{0} and {1} below {2}", "{2} above {0} and {1}",
              "{2} over {0} and {1}", "under {2}, {0} and {1}", "{0} next to {1} under {2}",
              "{0} and {1} with {2} above them", "{0} and {1} with {2} above", "{0} and {1} beneath {2}", "{0} and {1}, {2} above them",
              "{2} over {0} next to {1}", "{0} beside {1} below {2}", "above {0} and {1} is {2}", "{0}, {1} and above them {2}"),
    "over": ("{0} and {1} above {2}", "{0} and {1} over {2}", "{2} under {0} and {1}", "{2} below {0} and {1}",
             "{0} and {1} with {2} below them", "{0} and {1}, {2} below them", "above {2}, {0} and {1}", "{0} next to {1} above {2}",
             "{2} with {0} and {1} above it", "below {0} and {1} is {2}"),
}
ENGLISH_OPENINGS = ("draw ", "please draw ", "a picture of ", "an image of ", "a drawing of ", "show ", "there is ",
                    "draw me ", "generate ", "create ", "can you draw ", "make a picture of ", "an illustration of ", "i want ", "paint ")
ENGLISH_ADVERBS = ("to ", "on ", "from ", "above ", "below ", "under ", "left", "top")  # what no verb stands before
ENGLISH_GROUNDS = ("on {a} background",) * 6 + (
    "on {c}", "on {c}", "with {a} background", "with {a} background", "against {a} background", "against {a} background",
    "on a plain {c} background", "in front of {a} background", "over {a} background", "with the background in {c}", "on {a} backdrop")

CHINESE_COLOURS = {
    "red": "红", "orange": "橙橘", "yellow": "黄", "green": "绿", "blue": "蓝", "purple": "紫", "pink": "粉", "black": "黑", "white": "白",
    "gray": "灰",
}
CHINESE_SHADES = "深亮"
# The measure words of a kind, then its names.
CHINESE_KINDS = {
    "circle": ("个", ("圆", "圆形", "圆形", "圆圈", "圆点", "圆球")),
    "square": ("个", ("正方形", "正方形", "方块", "方形", "四方形")),
    "triangle": ("个", ("三角形", "三角形", "三角")),
    "star": ("颗个", ("星星", "星星", "五角星", "星形")),
    "heart": ("颗个", ("心形", "心形", "爱心", "心")),
    "diamond": ("个", ("菱形", "菱形", "钻石形")),
    "sun": ("个轮", ("太阳",)),
    "moon": ("个轮", ("月亮", "月亮", "弯月", "月牙", "弯弯的月亮")),
    "cloud": ("朵片", ("云", "云朵", "云彩")),
    "tree": ("棵", ("树", "树", "树木")),
    "house": ("座栋间", ("房子", "房子", "屋子", "房屋")),
    "flower": ("朵", ("花", "花", "花朵", "鲜花")),
    "fish": ("条", ("鱼", "鱼儿")),
    "cat": ("只", ("猫", "猫咪")),
    "car": ("辆", ("汽车", "汽车", "车", "轿车")),
    "boat": ("艘条", ("船", "帆船")),
    "cup": ("个只", ("杯子", "杯子", "茶杯", "水杯")),
    "umbrella": ("把", ("伞", "雨伞", "伞", "遮阳伞")),
}
CHINESE_SIZES = {"small": ("小", "小", "小", "小小", "很小"), "big": ("大", "大", "大", "很大", "巨大")}
CHINESE_PLACES = {
    "top left": ("左上角", "左上角", "左上方"), "top": ("上方", "上面", "顶部"), "top right": ("右上角", "右上角", "右上方"),
    "left": ("左边", "左侧", "左边"), "center": ("中间", "中央", "中心", "正中间"), "right": ("右边", "右侧", "右边"),
    "bottom left": ("左下角", "左下角", "左下方"), "bottom": ("下方", "下面", "底部"), "bottom right": ("右下角", "右下角", "右下方"),
}
CHINESE_ADVERBS = "从左右上下"  # what no verb stands before
CHINESE_NUMBERS = {2: ("两", "两", "2", "二"), 3: ("三", "三", "3"), 4: ("四", "四", "4")}
CHINESE_LAYOUTS = {
    "row2": ("{0}和{1}", "{0}和{1}", "{0}与{1}", "{0}在{1}的左边", "{0}在{1}左边", "{1}在{0}的右边", "{1}在{0}右边", "左边是{0}，右边是{1}",
             "右边是{1}，左边是{0}", "左边{0}，右边{1}", "{1}的左边有{0}", "{0}的右边是{1}", "{0}、{1}", "{0}旁边有{1}",
             "{0}跟{1}", "{0}，{1}", "{0}还有{1}", "{0}和{1}并排", "左侧是{0}，右侧是{1}",
             "{0}的右侧是{1}", "{1}左边是{0}", "左边一侧是{0}，右边一侧是{1}", "{0}的旁边是{1}", "{0}在左边，{1}在右边",
             "{0}在左，{1}在右", "{0}在{1}旁边", "{0}在{1}的旁边", "{0}在{1}的左侧", "{1}在{0}的右侧", "{1}的左侧有{0}",
             "{0}的右侧有{1}", "{0}的右边有{1}", "{0}位于{1}左侧"),
    "column2": ("{0}在{1}的上面", "{0}在{1}上面", "{0}在{1}上方", "{1}在{0}的下面", "{1}在{0}下面", "{1}在{0}下方", "上面是{0}，下面是{1}",
                "下面是{1}，上面是{0}", "{1}的上方有{0}", "{0}下面有{1}", "{0}在上，{1}在下", "{0}位于{1}上方", "上方是{0}，下方是{1}",
                "{0}的下方是{1}", "{1}上面有{0}", "{1}的上面是{0}", "上面{0}，下面{1}", "{0}在上面，{1}在下面"),
    "row3": ("{0}、{1}和{2}", "{0}、{1}和{2}", "{0}、{1}、{2}", "{0}，{1}和{2}", "{0}和{1}和{2}", "左边是{0}，中间是{1}，右边是{2}",
             "{1}在{0}和{2}中间", "{1}在{0}和{2}之间", "从左到右是{0}、{1}和{2}", "从左到右：{0}，{1}，{2}", "从左往右依次是{0}、{1}和{2}",
             "{0}、{1}还有{2}", "左侧是{0}，中间是{1}，右侧是{2}", "{0}和{2}之间有{1}", "{0}在左边，{1}在中间，{2}在右边",
             "{0}和{2}中间有{1}", "{0}和{2}的中间是{1}"),
    "under": ("{2}下面有{0}和{1}", "{2}下有{0}和{1}", "{0}和{1}在{2}下面", "{0}和{1}在{2}的下方", "{2}在{0}和{1}的上面", "{2}在{0}和{1}上方",
              "上面是{2}，下面是{0}和{1}", "{2}下的{0}和{1}", "{0}和{1}，上面是{2}", "{0}和{1}上方有{2}", "{2}下方有{0}和{1}",
              "上方是{2}，下方是{0}和{1}", "{0}和{1}的上面有{2}", "{0}和{1}，{2}在上面"),
    "over": ("{2}上面有{0}和{1}", "{2}上有{0}和{1}", "{0}和{1}在{2}上面", "{0}和{1}在{2}的上方", "{2}在{0}和{1}的下面", "{2}在{0}和{1}下方",
             "上面是{0}和{1}，下面是{2}", "上方是{0}和{1}，下方是{2}", "{2}，上面有{0}和{1}", "{2}上方有{0}和{1}"),
}

# What people add and what changes nothing here.
ENGLISH_MANNERS = ("flat style", "simple drawing", "clean and simple", "minimalist illustration", "flat design", "vector art", "cute",
                   "high quality", "sharp edges", "simple shapes, solid colors, no shading", "children's book illustration")
CHINESE_MANNERS = ("扁平风格", "简笔画", "简单的图画", "极简插画", "矢量图", "高清", "高质量", "可爱", "线条清晰", "儿童画风格")


# Ways of saying things that are learnt late are used more often in training, and only there.
LEARNT_LATE = {
    "above {1} is {0}", "below {0} is {1}", "above {0} and {1} is {2}", "{0} together with {1}", "{1} right of {0}",
    "from left to right: {0}, {1}, {2}", "{1} in the middle of {0} and {2}", "{p}: {s} {g}", "{s} {g} ({p})",
    "{0}和{2}中间有{1}", "{0}和{2}之间有{1}", "{0}的下方是{1}", "{1}的左侧有{0}", "{0}的右侧有{1}", "{0} is to the left of {1}",
    "{1} is to the right of {0}",
}
LATE_WEIGHT = 6


def words(scene: Scene, rng: random.Random, language: str, late_weight: int = 1) -> str:
    """A prompt for the scene; language is "en" or "zh", and what is learnt late is used `late_weight` times as often."""
    return rewritten((_english if language == "en" else _chinese)(scene, rng, late_weight), rng, language)


def random_words(scene: Scene, rng: random.Random) -> str:
    """A prompt as training uses it: 46 % Chinese, 8 % empty, so that guidance has something to guide away from."""
    chance = rng.random()
    if chance < 0.08:
        return ""
    language = "zh" if chance < 0.50 else "en"
    text = words(scene, rng, language, LATE_WEIGHT)
    if rng.random() < 0.1:
        manners = ENGLISH_MANNERS if language == "en" else CHINESE_MANNERS
        comma = ", " if language == "en" else "，"
        text = comma.join((text.rstrip(".。"), *rng.sample(manners, rng.choice((1, 1, 2, 3, 5)))))
    return text


def _way(rng: random.Random, ways: tuple[str, ...], late_weight: int) -> str:
    return rng.choices(ways, [late_weight if way in LEARNT_LATE else 1 for way in ways])[0]


# ---- English ----------------------------------------------------------------------------------------------------------


def _article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def _english_colour(colour: str, rng: random.Random) -> str:
    shade = rng.choice(ENGLISH_SHADES) if rng.random() < 0.04 and colour not in ("black", "white") else ""
    return shade + rng.choice(ENGLISH_COLOURS[colour])


def _english_object(o: Object, rng: random.Random, bare: bool) -> str:
    colour = _english_colour(o.colour, rng) if o.colour_named else ""
    name = rng.choice(ENGLISH_KINDS[o.kind])
    size = rng.choice(ENGLISH_SIZES[o.size]) if o.size else ""
    if colour and not bare and rng.random() < 0.05:
        return _article(" ".join(filter(None, (size, name, "in", colour))))
    phrase = " ".join(filter(None, (size, colour, name)))
    if bare:
        return phrase
    if rng.random() < (0.25 if o.kind in ("sun", "moon") else 0.04):
        return "the " + phrase
    return "one " + phrase if rng.random() < 0.04 else _article(phrase)


def _plural(name: str) -> str:
    return name if name == "fish" else name + ("es" if name.endswith(("s", "x")) else "s")


def _english_subject(scene: Scene, rng: random.Random, late_weight: int) -> str:
    bare = rng.random() < 0.1
    if scene.layout == "equal":
        o = scene.objects[0]
        colour = _english_colour(o.colour, rng) if o.colour_named else ""
        number = rng.choice(ENGLISH_NUMBERS[len(scene.objects)])
        return " ".join(filter(None, (number, colour, _plural(rng.choice(ENGLISH_KINDS[o.kind])))))
    objects = [_english_object(o, rng, bare) for o in scene.objects]
    return objects[0] if scene.layout == "one" else _way(rng, ENGLISH_LAYOUTS[scene.layout], late_weight).format(*objects)


def _ordered(rng: random.Random, opening: str, subject: str, place: str, ground: str, colour: str) -> str:
    """Subject, place and ground, where there are such, in one of the usual orders."""
    order = rng.random()
    comma = ", " if rng.random() < 0.12 else " "
    if ground and order < 0.12:
        return rng.choice((f"{ground}, {subject} {place}", f"{colour} background, {subject} {place}", f"{colour} background: {subject} {place}"))
    if ground and order < 0.30:
        return f"{subject} {place}, " + rng.choice(("{} background",) * 4 + ("the background is {}", "background {}")).format(colour)
    if ground and place and order < 0.40:
        return f"{subject} {ground}{comma}{place}"
    if place and order < 0.48:
        return f"{place}, {subject} {ground}" if rng.random() < 0.7 else f"{place} there is {subject} {ground}"
    return f"{opening}{subject} {place}{comma if place and ground else ' '}{ground}"


def _english(scene: Scene, rng: random.Random, late_weight: int) -> str:
    subject = _english_subject(scene, rng, late_weight)
    place = rng.choice(ENGLISH_PLACES[scene.place]) if scene.place else ""
    ground = colour = ""
    if scene.background_named:
        colour = _english_colour(scene.background, rng)
        ground = rng.choice(ENGLISH_GROUNDS).format(a=_article(colour), c=colour)
    is_sentence = subject.startswith(ENGLISH_ADVERBS) or " is " in subject
    opening = rng.choice(ENGLISH_OPENINGS) if rng.random() < 0.2 and not is_sentence else ""
    if place and rng.random() < 0.25:
        bare = rng.choice(ENGLISH_BARE_PLACES[scene.place])
        text = _way(rng, ENGLISH_BARE_ORDERS, late_weight).format(s=subject, g=ground, p=bare)
    else:
        text = _ordered(rng, opening, subject, place, ground, colour)
    text = text.strip(" ,")
    text = " ".join(text.split()).replace(" ,", ",")
    if rng.random() < 0.22:
        text = text[0].upper() + text[1:]
    return text + "." if rng.random() < 0.15 else text


# ---- Chinese ----------------------------------------------------------------------------------------------------------


def _chinese_colour(colour: str, rng: random.Random) -> str:
    if colour == "pink" and rng.random() < 0.4:
        return "粉红色"
    shade = rng.choice(CHINESE_SHADES) if rng.random() < 0.04 and colour not in ("black", "white") else ""
    return shade + rng.choice(CHINESE_COLOURS[colour]) + "色"


def _chinese_object(o: Object, rng: random.Random, number: str, plain: bool) -> str:
    measures, names = CHINESE_KINDS[o.kind]
    name = rng.choice(names)
    measure = rng.choice(measures) if rng.random() < 0.8 else "个"
    colour = ""
    if o.colour_named:
        colour = _chinese_colour(o.colour, rng) + rng.choice(("的", "的", ""))
        if rng.random() < 0.08:
            colour = rng.choice(CHINESE_COLOURS[o.colour])
    size = rng.choice(CHINESE_SIZES[o.size]) if o.size else ""
    if size and colour:
        name = rng.choice((f"{size}{colour}{name}" if colour.endswith("的") else f"{size}的{colour}{name}",
                           f"{colour}{size}{name}" if colour.endswith("的") else f"{size}的{colour}{name}"))
    elif size:
        name = rng.choice((f"{size}{name}", f"{size}的{name}"))
    else:
        name = colour + name
    return name if plain else number + measure + name


def _chinese_subject(scene: Scene, rng: random.Random, late_weight: int) -> str:
    if scene.layout == "equal":
        return _chinese_object(scene.objects[0], rng, rng.choice(CHINESE_NUMBERS[len(scene.objects)]), False)
    plain = rng.choices((0, 0.5, 1), (75, 10, 15))[0]  # how many go without number and measure
    objects = [_chinese_object(o, rng, "一", rng.random() < plain) for o in scene.objects]
    return objects[0] if scene.layout == "one" else _way(rng, CHINESE_LAYOUTS[scene.layout], late_weight).format(*objects)


def _chinese_list(scene: Scene, rng: random.Random) -> str:
    """One thing after the other: a circle, its colour is red, its place the top."""
    o = scene.objects[0]
    number = "一" if scene.layout == "one" else rng.choice(CHINESE_NUMBERS[len(scene.objects)])
    said = [rng.choice(("", "", "画")) + _chinese_object(replace(o, colour_named=False), rng, number, False)]
    said.append(rng.choice(("颜色是", "颜色为")) + _chinese_colour(o.colour, rng))
    if scene.place:
        said.append(rng.choice(("位置在", "在", "位于")) + rng.choice(CHINESE_PLACES[scene.place]))
    if scene.background_named:
        said.append(rng.choice(("背景是", "背景为")) + _chinese_colour(scene.background, rng))
    return "，".join(said)


def _chinese(scene: Scene, rng: random.Random, late_weight: int) -> str:
    if scene.layout in ("one", "equal") and scene.objects[0].colour_named and rng.random() < 0.05:
        return _chinese_list(scene, rng)
    subject = _chinese_subject(scene, rng, late_weight)
    place = rng.choice(CHINESE_PLACES[scene.place]) if scene.place else ""
    orders = ["{s}在{p}", "{p}有{s}", "{p}的{s}", "{s}，在{p}", "{s}，{p}", "{p}{s}", "{p}是{s}", "在{p}画{s}", "{s}位于{p}", "画面{p}有{s}",
              "{p}：{s}"] if place else ["{s}", "{s}", "{s}", "画{s}", "请画{s}", "帮我画{s}", "给我画{s}", "生成{s}", "有{s}"]
    if scene.background_named:
        if place:
            orders = ["{s}在{p}，{b}背景", "{b}背景，{s}在{p}", "{b}背景上{p}有{s}", "{b}背景的{p}有{s}", "{p}有{s}，{b}背景", "{p}的{s}，背景是{b}",
                      "在{b}背景的{p}画{s}", "{b}背景，{p}有{s}", "{s}在{b}背景的{p}", "{s}，{b}背景，{p}", "{s}，{p}，{b}背景", "{b}背景，{p}{s}",
                      "{b}背景，{p}是{s}", "{s}位于{p}，背景为{b}", "{p}有{s}，背景是{b}的", "背景是{b}，{p}有{s}", "以{b}为背景，{s}在{p}"]
        elif scene.layout == "one" or scene.layout == "equal":
            orders = ["{b}背景上的{s}", "{b}背景上有{s}", "{s}，{b}背景", "{s}，背景是{b}的", "{b}背景，{s}", "在{b}背景上画{s}", "{s}在{b}背景上", "以{b}为背景，{s}", "背景是{b}，{s}",
                      "{s}，{b}底", "{b}底，{s}", "{b}的背景上有{s}"]
        else:
            orders = ["{b}背景上，{s}", "{s}，{b}背景", "{s}，背景是{b}的", "{b}背景，{s}", "{b}的背景，{s}", "以{b}为背景，{s}", "背景是{b}，{s}",
                      "{s}，{b}底"]
            if scene.layout == "row2" or scene.layout == "row3":
                orders.append("{b}背景上有{s}" if "在" not in subject and "是" not in subject else orders[0])
    if subject[0] in CHINESE_ADVERBS:
        orders = [o for o in orders if not any(verb in o for verb in ("画", "生成", "有"))] or ["{s}"]
    text = rng.choice(orders).format(s=subject, p=place, b=_chinese_colour(scene.background, rng))
    return text + "。" if rng.random() < 0.15 else text


assert LEARNT_LATE <= {*ENGLISH_BARE_ORDERS, *(way for layouts in (ENGLISH_LAYOUTS, CHINESE_LAYOUTS) for ways in layouts.values() for way in ways)}
assert set(ENGLISH_KINDS) == set(CHINESE_KINDS) == set(KINDS)
