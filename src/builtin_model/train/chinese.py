"""Scenes in Chinese words, with ordinary synonyms and word orders."""

from __future__ import annotations

import random
from dataclasses import replace

import chinese_ways
from chinese_layouts import ALIKE, LAYOUTS, TWINS
from chinese_relations import Relations
from choosing import Choosing
from scenes import IN_THE_SKY, IN_THE_WATER, Object, Scene

COLOURS = {
    "red": "红", "orange": "橙橘", "yellow": "黄黄黄金", "green": "绿", "blue": "蓝", "purple": "紫", "pink": "粉", "black": "黑", "white": "白",
    "gray": "灰",
}
SHADES = "深亮浅"
# What is said now and then.
SELDOM_COLOURS = {
    "red": ("鲜红", "火红", "朱红"), "orange": ("橘黄", "亮橙", "橙"), "yellow": ("金黄", "嫩黄", "明黄"), "green": ("翠绿", "草绿", "嫩绿", "碧绿"),
    "blue": ("天蓝", "湛蓝", "宝蓝", "蔚蓝"), "purple": ("紫罗兰", "深紫", "亮紫"), "pink": ("桃粉", "嫩粉", "玫粉"), "black": ("纯黑", "漆黑", "乌黑"),
    "white": ("雪白", "纯白", "洁白"), "gray": ("银灰", "灰白", "深灰"),
}
# The measure words of a kind, then its names.
KINDS = {
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
SELDOM_KINDS = {
    "circle": ("球", "实心圆", "圆盘", "圆面"), "square": ("方格", "正四边形", "实心方块"), "triangle": ("三角图形", "三角块", "实心三角形"),
    "star": ("五星", "星", "星形图案", "五角形星星"), "heart": ("桃心", "心型", "心形图案"), "diamond": ("钻石", "菱形块", "菱形图案"),
    "sun": ("日头", "太阳公公"), "moon": ("月", "新月", "月亮婆婆", "弯弯的月牙"), "cloud": ("浮云", "云团"), "tree": ("果树", "树儿", "苹果树"),
    "house": ("木屋", "住宅", "楼房"), "flower": ("花儿", "野花", "盛开的花"), "fish": ("金鱼", "鱼类"), "cat": ("猫儿", "猫咪宝宝"),
    "car": ("小轿车", "车子", "跑车"), "boat": ("船只", "船儿", "帆船", "轮船"), "cup": ("咖啡杯", "马克杯", "杯"), "umbrella": ("太阳伞", "阳伞", "遮雨伞"),
}
SIZES = {"small": ("小", "小", "小", "小", "小小", "很小", "小小的", "迷你"),
         "big": ("大", "大", "大", "大", "很大", "巨大", "超大", "特大", "巨型")}
PLACES = {
    "top left": ("左上角", "左上角", "左上角", "左上方", "左上", "左上边"),
    "top": ("上方", "上方", "上面", "上面", "顶部", "上部", "最上面", "顶端", "上边", "最上方", "正上方"),
    "top right": ("右上角", "右上角", "右上角", "右上方", "右上"), "left": ("左边", "左边", "左侧", "左边", "最左边", "左方", "左面", "左手边"),
    "center": ("中间", "中央", "中心", "正中间", "正中央", "正中", "中间位置", "画面正中", "居中位置"),
    "right": ("右边", "右边", "右侧", "右边", "最右边", "右方", "右面", "右手边"),
    "bottom left": ("左下角", "左下角", "左下角", "左下方", "左下"), "bottom": ("下方", "下方", "下面", "下面", "底部", "下部", "最下面", "底端", "下边", "最下方", "正下方"),
    "bottom right": ("右下角", "右下角", "右下角", "右下方", "右下"),
}
# What no verb stands before.
ADVERBS = (*"从左右上下把在中先顶底高低横自依第", "一左一右", "一上一下", "一边", "一字")
NUMBERS = {2: ("两", "两", "两", "2", "二"), 3: ("三", "三", "3"), 4: ("四", "四", "4")}
PLACED = ("{s}在{p}", "{s}在{p}", "{p}有{s}", "{p}有{s}", "{p}的{s}", "{p}的{s}", "{s}，在{p}", "{s}，{p}", "{p}{s}", "{p}是{s}", "在{p}画{s}", "{s}位于{p}",
          "画面{p}有{s}", "{p}：{s}", "图片{p}有{s}", "画面的{p}是{s}", "在图的{p}画{s}", "在画面{p}画{s}", "{s}放在{p}", "把{s}画在{p}", "图中{p}有{s}",
          "在{p}放{s}", "{s}，放在{p}", "请在{p}画{s}")
ALONE = ("{s}",) * 8 + (
    "画{s}", "画{s}", "请画{s}", "帮我画{s}", "给我画{s}", "生成{s}", "有{s}", "我想要{s}", "我要{s}", "绘制{s}", "请绘制{s}", "请生成{s}", "{s}的图片",
    "画面上有{s}", "图中有{s}", "请帮我画{s}", "生成一张{s}的图片", "一幅画，画着{s}", "一张图，里面有{s}", "来{s}", "请帮我生成{s}", "{s}的图", "这是{s}",
    "画面里有{s}", "图里有{s}", "我想看{s}", "让我看看{s}", "只有{s}", "只要{s}",
    "图标：{s}", "{s}的图标", "贴纸：{s}", "logo：{s}", "app图标，{s}", "设计{s}", "做一个{s}的图标", "能不能画{s}", "麻烦画{s}", "做个logo：{s}", "设计个标志，{s}",
    "贴纸用的，{s}", "画{s}就行", "{s}就好")
ON_GROUND_PLACED = (
    "{s}在{p}，{b}背景", "{b}背景，{s}在{p}", "{b}背景上{p}有{s}", "{b}背景的{p}有{s}", "{p}有{s}，{b}背景", "{p}的{s}，背景是{b}",
    "在{b}背景的{p}画{s}", "{b}背景，{p}有{s}", "{s}在{b}背景的{p}", "{s}，{b}背景，{p}", "{s}，{p}，{b}背景", "{b}背景，{p}{s}",
    "{b}背景，{p}是{s}", "{s}位于{p}，背景为{b}", "{p}有{s}，背景是{b}的", "背景是{b}，{p}有{s}", "{p}有{s}，底色是{b}",
    "{b}打底，{p}画{s}", "{p}画{s}，{b}打底", "{b}底，{p}有{s}", "{s}，{p}，底色{b}", "{p}有{s}，其余都是{b}", "{p}是{s}，其他地方都是{b}", "{b}底，{s}在{p}",
    "以{b}为背景，{s}在{p}", "{b}的背景，{p}有{s}",
    "背景为{b}，{p}有{s}", "{b}背景{p}的{s}", "{b}背景下，{s}在{p}", "{p}画{s}，背景用{b}")
ON_GROUND = ("{b}背景上的{s}", "{b}背景上有{s}", "{s}，{b}背景", "{s}，背景是{b}的", "{b}背景，{s}", "在{b}背景上画{s}", "{s}在{b}背景上", "以{b}为背景，{s}",
             "背景是{b}，{s}", "{s}，{b}底", "{b}底，{s}", "{s} {b}背景", "{b}背景 {s}", "{b}底 {s}", "{b}的背景上有{s}", "{b}背景的{s}", "{b}背景下的{s}", "{s}，{b}的背景", "背景为{b}，{s}",
             "背景{b}，{s}", "画{s}，背景用{b}", "把背景设成{b}，画{s}", "纯{b}背景，{s}", "{s}，纯{b}背景", "{b}底的{s}", "{b}底{s}",
             "{b}底上有{s}", "{b}底上的{s}", "{b}底上只有{s}", "{s}，底色是{b}", "{s}，底色{b}", "底色{b}，{s}", "{s}，{b}打底", "{b}打底，{s}", "{s}，其余都是{b}",
             "{s}，其余全是{b}",
             "{s}，其他地方都是{b}", "{s}，衬着{b}底", "{s}，背景全是{b}", "{s}，背景要{b}", "{s}，{b}做背景", "{s}，背景填充{b}", "{b}底上{s}", "{s}，后面是{b}")
SEVERAL_ON_GROUND = ("{b}背景上，{s}", "{s}，{b}背景", "{s}，背景是{b}的", "{b}背景，{s}", "{b}的背景，{s}", "以{b}为背景，{s}", "背景是{b}，{s}",
                     "{s}，{b}底", "纯{b}背景，{s}", "背景为{b}，{s}", "{s}，{b}的背景", "{b}背景下，{s}",
                     "{s}，底色是{b}", "{s}，底色{b}", "底色{b}，{s}", "{s}，{b}打底", "{b}打底，{s}", "{s}，其余都是{b}", "{s}，其余全是{b}",
                     "{s}，其他地方都是{b}", "{s}，衬着{b}底", "{s}，背景全是{b}", "{s}，背景要{b}", "{s}，{b}做背景", "{s}，背景填充{b}", "{b}底上{s}", "{s}，后面是{b}")

# What is seen in the sky or on the water; {c} is the colour in one character.
WATERS = ("{b}的海上有{s}", "{b}的水里有{s}", "{b}的海面上有{s}", "{s}，水是{b}的", "{s}，{b}的大海", "{b}的湖面上有{s}", "{b}的水面上漂着{s}", "{s}在{b}的水里", "水是{b}的，{s}")
SKIES = ("{c}天上{s}", "{c}天上有{s}", "{c}天{s}", "{c}天，{s}", "{s}，{c}天", "{b}的天空，{s}", "{b}天空，{s}", "{s}，{b}天空",
         "{s}，{b}的天空", "{b}的天空中有{s}", "{b}的天空上有{s}", "{s}，天空是{b}的", "{b}的夜空，{s}", "天空是{b}的，{s}", "{s}，{b}的天",
         "{b}的天上有{s}")

# Two side by side, {2} and {3} their colours.
FIRST_AND_SECOND = ("{0}和{1}，前者{2}，后者{3}", "{0}和{1}，前一个{2}，后一个{3}", "{0}和{1}，第一个{2}，第二个{3}", "{0}与{1}，前者是{2}的，后者是{3}的", "{0}和{1}，分别是{2}和{3}",
                    "{0}和{1}，一个{2}一个{3}")

# What people add and what changes nothing here.
MANNERS = ("扁平风格", "简笔画", "简单的图画", "极简插画", "矢量图", "高清", "高质量", "可爱", "线条清晰", "儿童画风格", "卡通风格", "没有别的东西")


def colour_of(colour: str, rng: random.Random, choose: Choosing) -> str:
    if colour == "pink" and rng.random() < 0.4:
        return "粉红色"
    word = choose.word(COLOURS[colour], SELDOM_COLOURS[colour])
    is_plain = word in COLOURS[colour] and colour not in ("black", "white")
    return (rng.choice(SHADES) if is_plain and rng.random() < 0.04 else "") + word + "色"


def name_of(kind: str, choose: Choosing) -> str:
    return choose.word(KINDS[kind][1], SELDOM_KINDS[kind])


def _object(o: Object, name: str, rng: random.Random, choose: Choosing, number: str, plain: bool) -> str:
    measures = KINDS[o.kind][0]
    measure = rng.choice(measures) if rng.random() < 0.8 else "个"
    colour = ""
    if o.colour_named:
        colour = colour_of(o.colour, rng, choose) + rng.choice(("的", "的", ""))
        if rng.random() < 0.12:
            colour = rng.choice(COLOURS[o.colour])
    size = rng.choice(SIZES[o.size]) if o.size else ""
    if o.size == "big" and len(colour) == 1 and rng.random() < 0.2:
        name = f"又大又{colour}的{name}"
    elif size and colour:
        name = rng.choice((f"{size}{colour}{name}" if colour.endswith("的") else f"{size.rstrip('的')}的{colour}{name}",
                           f"{colour}{size}{name}"))
    elif size:
        name = rng.choice((f"{size}{name}", f"{size.rstrip('的')}的{name}"))
    else:
        name = colour + name
    return name if plain else number + measure + name


def _equal(o: Object, count: int, rng: random.Random, choose: Choosing) -> str:
    if count == 2 and rng.random() < 0.1:
        return rng.choice(("一对", "一对", "俩")) + _object(o, name_of(o.kind, choose), rng, choose, "", True)
    name, number = name_of(o.kind, choose), rng.choice(NUMBERS[count])
    if o.size and rng.random() < 0.12:
        size = rng.choice(SIZES[o.size]).rstrip("的")
        return _object(replace(o, size=None), name, rng, choose, number, False) + rng.choice((f"，都很{size[-1]}", f"，都是{size}的", f"，{size[-1]}的"))
    text = _object(o, name, rng, choose, number, False)
    if rng.random() < 0.05:
        amount = rng.choice(NUMBERS[count]) + rng.choice(KINDS[o.kind][0])
        return _object(o, name, rng, choose, "", True) + rng.choice(("{}", "，{}", "，一共{}", "，要{}", "，总共{}")).format(amount)
    return text + rng.choice(("并排", "排成一排")) if count < 4 and rng.random() < 0.03 else text


def _subject(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    if scene.layout == "equal":
        return _equal(scene.objects[0], len(scene.objects), rng, choose)
    if scene.twins:
        return _with_twins(scene, rng, choose)
    if scene.layout != "one" and choose.composes():
        return _composed(scene, rng, choose)
    plain = rng.choices((0, 0.5, 1), (65, 10, 25))[0]  # how many go without number and measure
    objects = [_object(o, name_of(o.kind, choose), rng, choose, "一", rng.random() < plain) for o in scene.objects]
    return objects[0] if scene.layout == "one" else choose.either(LAYOUTS[scene.layout], chinese_ways.LAYOUTS[scene.layout]).format(*objects)


def _with_twins(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    """Two that are alike and a third."""
    way, twin, other = scene.twins
    name, third = name_of(twin.kind, choose), name_of(other.kind, choose)
    pair, alone = (_object(twin, name, rng, choose, number, False) for number in (rng.choice(NUMBERS[2]), "一"))
    if rng.random() < 0.05:
        pair = "一对" + _object(twin, name, rng, choose, "", True)
    single = _object(other, third, rng, choose, "一", rng.random() < 0.2)
    if way in ("over", "under") and choose.composes():
        return Relations(rng).over_or_under(way, pair, single, [name, name, third])
    return choose.either(TWINS[way], chinese_ways.TWINS[way]).format(two=pair, s=single, one=alone)


def _composed(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    """Several objects in a sentence put together from parts; what all have in common may be said once, at its end."""
    objects, tail = scene.objects, ""
    every = rng.choice(("都", "都", "全都", "两个都" if len(objects) == 2 else "三个都"))
    if len({o.size for o in objects}) == 1 and objects[0].size and rng.random() < 0.4:
        tail += f"，{every}" + rng.choice(("很{}", "是{}的")).format("大" if objects[0].size == "big" else "小")
        objects = tuple(replace(o, size=None) for o in objects)
    if len({o.kind for o in objects}) == 1 and not any(o.size for o in objects) and scene.layout in ALIKE and rng.random() < 0.6:
        kind = objects[0].kind
        number = NUMBERS[len(objects)][0] + rng.choice(KINDS[kind][0])
        shown = [rng.choice(COLOURS[o.colour]) if rng.random() < 0.3 else colour_of(o.colour, rng, choose) for o in objects]
        return choose.either(ALIKE[scene.layout], chinese_ways.ALIKE[scene.layout]).format(n=number + name_of(kind, choose), c=shown) + tail
    if len({o.colour for o in objects}) == 1 and all(o.colour_named for o in objects) and not tail and rng.random() < 0.6:
        colour = colour_of(objects[0].colour, rng, choose)
        tail = rng.choice((f"，{every}是{colour}的", f"，{every}是{colour}", f"，颜色{every}是{colour}", f"，全是{colour}", f"，全部{colour}"))
        objects = tuple(replace(o, colour_named=False) for o in objects)
    if scene.layout == "row2" and not tail and all(o.colour_named for o in objects) and rng.random() < 0.04:
        pair = [_object(replace(o, colour_named=False), name_of(o.kind, choose), rng, choose, "一", rng.random() < 0.4) for o in objects]
        return rng.choice(FIRST_AND_SECOND).format(*pair, *(colour_of(o.colour, rng, choose) for o in objects))
    names, plain = [name_of(o.kind, choose) for o in objects], rng.choices((0, 0.5, 1), (65, 10, 25))[0]
    if len({o.kind for o in objects}) == len(objects) and not tail and rng.random() < 0.3:
        objects, tail = (_all_told_later if rng.random() < 0.5 else _one_told_later)(objects, names, rng, choose)
    phrases = [_object(o, name, rng, choose, "一", rng.random() < plain) for o, name in zip(objects, names)]
    if len({o.kind for o in objects}) < len(objects):
        names = [COLOURS[o.colour][0] + "的" for o in objects]
    return Relations(rng).said(scene.layout, phrases, names) + tail


def _one_told_later(objects: tuple[Object, ...], names: list[str], rng: random.Random, choose: Choosing) -> tuple[tuple[Object, ...], str]:
    """The objects, one of them without its colour or size, and a clause that says it: "…，星星是白色的"."""
    which = rng.randrange(len(objects))
    o = objects[which]
    if o.colour_named and (o.size is None or rng.random() < 0.6):
        colour = colour_of(o.colour, rng, choose)
        ways, without = (f"是{colour}的", f"是{colour}", f"用{colour}", f"要{colour}的"), replace(o, colour_named=False)
    elif o.size:
        ways, without = ("要大", "很大", "大一点", "是大的") if o.size == "big" else ("要小", "很小", "小一点", "是小的"), replace(o, size=None)
    else:
        return objects, ""
    return (*objects[:which], without, *objects[which + 1:]), f"，{names[which]}{rng.choice(ways)}"


def _all_told_later(objects: tuple[Object, ...], names: list[str], rng: random.Random, choose: Choosing) -> tuple[tuple[Object, ...], str]:
    """The objects without the colours that their prompt names, and a sentence that names them: "…，杯子是红色的，猫是蓝色的"."""
    told = [(name, colour_of(o.colour, rng, choose) if rng.random() < 0.8 else rng.choice(COLOURS[o.colour]))
            for o, name in zip(objects, names) if o.colour_named]
    if not told:
        return objects, ""
    if rng.random() < 0.2:
        rng.shuffle(told)
    clause = rng.choice(("{n}是{c}的", "{n}是{c}的", "{n}{c}", "{n}是{c}", "{n}要{c}的", "{n}用{c}", "{n}：{c}"))
    link = rng.choice(("，", "，", "、", "；"))
    return tuple(replace(o, colour_named=False) for o in objects), rng.choice("，，。；") + link.join(clause.format(n=n, c=c) for n, c in told)


def _list(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    """One thing after the other: a circle, its colour is red, its place the top."""
    o = scene.objects[0]
    number = "一" if scene.layout == "one" else rng.choice(NUMBERS[len(scene.objects)])
    place = rng.choice(PLACES[scene.place]) if scene.place else ""
    ground = colour_of(scene.background, rng, choose) if scene.background_named else ""
    if scene.layout == "one" and rng.random() < 0.4:
        return _bare_list(o, place, ground, rng, choose)
    said = [rng.choice(("", "", "画")) + _object(replace(o, colour_named=False), name_of(o.kind, choose), rng, choose, number, False)]
    said.append(rng.choice(("颜色是", "颜色为", "")) + colour_of(o.colour, rng, choose))
    if place:
        said.append(rng.choice(("位置在", "在", "位于", "")) + place)
    if ground:
        said.append(rng.choice(("背景是", "背景为", "背景")) + ground)
    return rng.choice("，，，，。、").join(said)


def _bare_list(o: Object, place: str, ground: str, rng: random.Random, choose: Choosing) -> str:
    """The words alone or with a colon behind the name of each."""
    name, colour = name_of(o.kind, choose), colour_of(o.colour, rng, choose)
    size = rng.choice(("大", "大", "很大") if o.size == "big" else ("小", "小", "很小")) if o.size else ""
    if rng.random() < 0.4:
        fields = (("形状", name), ("颜色", colour), ("大小", size), ("位置", place), ("背景", ground))
        return "，".join(f"{field}：{value}" for field, value in fields if value)
    attributes = [attribute for attribute in (colour, size) if attribute]
    rng.shuffle(attributes)
    said = [name, *attributes, place, ground and ground + "背景"]
    if rng.random() < 0.3:
        rng.shuffle(said)
    return rng.choice("，，， ").join(filter(None, said))


def _orders(scene: Scene, subject: str, rng: random.Random) -> tuple[str, ...]:
    if not scene.background_named:
        return PLACED if scene.place else ALONE
    if scene.place:
        return ON_GROUND_PLACED
    for kinds, ways in ((IN_THE_SKY, SKIES), (IN_THE_WATER, WATERS)):
        there = [o.kind in kinds for o in scene.objects]
        if any(there) and rng.random() < 0.25:
            return ways if all(there) and "，" not in subject else [way for way in ways if "{s}，" in way or "，{s}" in way]
    if scene.layout in ("one", "equal"):
        return ON_GROUND
    if scene.layout.startswith("row") and "在" not in subject and "是" not in subject:
        return (*SEVERAL_ON_GROUND, "{b}背景上有{s}")
    return SEVERAL_ON_GROUND


def _ways_for(scene: Scene, subject: str, rng: random.Random, choose: Choosing) -> tuple[str, ...]:
    if scene.layout in ("one", "equal") and scene.told and choose.says_otherwise():
        return chinese_ways.ONE[scene.told]
    return _orders(scene, subject, rng)


def words(scene: Scene, rng: random.Random, choose: Choosing) -> str:
    if scene.layout in ("one", "equal") and scene.objects[0].colour_named and rng.random() < 0.08:
        return _list(scene, rng, choose)
    subject = _subject(scene, rng, choose)
    orders = _ways_for(scene, subject, rng, choose)
    if subject.startswith(ADVERBS) or "，" in subject:
        orders = [o for o in orders if not any(verb in o for verb in ("画", "生成", "有", "绘", "想", "要", "图", "来", "这是"))] or ["{s}"]
    place = rng.choice(PLACES[scene.place]) if scene.place else ""
    ground = rng.choice(COLOURS[scene.background]) if rng.random() < 0.06 else colour_of(scene.background, rng, choose)
    text = rng.choice(orders).format(s=subject, p=place, b=ground, c=rng.choice(COLOURS[scene.background]))
    return text + "。" if rng.random() < 0.15 else text
