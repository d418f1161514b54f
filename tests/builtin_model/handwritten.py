"""Prompts as people write them, put down by hand beside the scene that each asks for.

Held-out prompts come from the same lists of words as those of training; these do not, so that a word or an order that the
lists forgot is noticed.
"""

from __future__ import annotations

import scenes
from scenes import Object, Scene


def _placed(layout: str, looks: tuple, centres: tuple, radii, background: str) -> Scene:
    objects = tuple(Object(look[0], look[1], x, y, radius, *look[2:]) for look, (x, y), radius in zip(looks, centres, radii))
    return Scene(layout, objects, background, background != "white")


def _one(kind: str, colour: str, background: str = "white", size: str | None = None, place: str | None = None) -> Scene:
    radius = scenes.SIZES_ALONE[size]
    x, y = scenes.place_of(place, radius)
    return Scene("one", (Object(kind, colour, x, y, radius, size),), background, background != "white", place)


def _different(layout: str, looks: tuple, background: str) -> Scene:
    centres, radii = scenes.DIFFERENT[layout]
    return _placed(layout, looks, centres, [radii[look[2] if len(look) > 2 else None] for look in looks], background)


def _row(*looks: tuple, background: str = "white") -> Scene:
    return _different(f"row{len(looks)}", looks, background)


def _column(*looks: tuple, background: str = "white") -> Scene:
    return _different("column2", looks, background)


def _under(*looks: tuple, background: str = "white") -> Scene:
    """The two lower ones, then the upper one."""
    return _different("under", looks, background)


def _over(*looks: tuple, background: str = "white") -> Scene:
    """The two upper ones, then the lower one."""
    return _different("over", looks, background)


def _equal(count: int, kind: str, colour: str, background: str = "white", size: str | None = None) -> Scene:
    centres, radii = scenes.EQUAL[count]
    return _placed("equal", ((kind, colour, size),) * count, centres, (radii[size],) * count, background)


_TREE, _HOUSE, _SUN, _CAT, _FISH, _CAR = (
    ("tree", "green"), ("house", "red"), ("sun", "yellow"), ("cat", "gray"), ("fish", "orange"), ("car", "red"))

ENGLISH = (
    ("a red circle", _one("circle", "red")),
    ("red circle", _one("circle", "red")),
    ("A big blue circle.", _one("circle", "blue", size="big")),
    ("a red circle, top left", _one("circle", "red", place="top left")),
    ("a big orange circle, top left", _one("circle", "orange", size="big", place="top left")),
    ("small green star, bottom right corner", _one("star", "green", size="small", place="bottom right")),
    ("a purple heart in the upper right corner", _one("heart", "purple", place="top right")),
    ("yellow triangle on the right", _one("triangle", "yellow", place="right")),
    ("draw a pink diamond on a black background", _one("diamond", "pink", "black")),
    ("Please draw me a small gray cat at the bottom", _one("cat", "gray", size="small", place="bottom")),
    ("a cat", _one("cat", "gray")),
    ("a house", _one("house", "red")),
    ("a tree, left side", _one("tree", "green", place="left")),
    ("yellow sun, blue background", _one("sun", "yellow", "blue")),
    ("the moon on a black background", _one("moon", "yellow", "black")),
    ("a purple umbrella against a yellow background", _one("umbrella", "purple", "yellow")),
    ("red car", _one("car", "red")),
    ("a blue boat in the middle", _one("boat", "blue", place="center")),
    ("a red circle on a blue background, top left", _one("circle", "red", "blue", place="top left")),
    ("pink background, black umbrella in the lower left corner", _one("umbrella", "black", "pink", place="bottom left")),
    ("in the top right there is a small yellow moon", _one("moon", "yellow", size="small", place="top right")),
    ("A large green square in the center", _one("square", "green", size="big", place="center")),
    ("a tiny red heart", _one("heart", "red", size="small")),
    ("an orange fish on a gray background", _one("fish", "orange", "gray")),
    ("a red circle and a blue square", _row(("circle", "red"), ("square", "blue"))),
    ("a green tree next to a red house", _row(_TREE, _HOUSE)),
    ("a cat on the left and a fish on the right", _row(_CAT, _FISH)),
    ("a pink flower beside a blue cup", _row(("flower", "pink"), ("cup", "blue"))),
    ("a big red heart and a small blue star", _row(("heart", "red", "big"), ("star", "blue", "small"))),
    ("a white circle and a black square on a gray background", _row(("circle", "white"), ("square", "black"), background="gray")),
    ("a house to the right of a tree", _row(_TREE, _HOUSE)),
    ("one purple star and one green diamond", _row(("star", "purple"), ("diamond", "green"))),
    ("a yellow star above a purple heart", _column(("star", "yellow"), ("heart", "purple"))),
    ("a black triangle below a red square", _column(("square", "red"), ("triangle", "black"))),
    ("a cloud over a boat", _column(("cloud", "blue"), ("boat", "blue"))),
    ("a moon above a house on a black background", _column(("moon", "yellow"), _HOUSE, background="black")),
    ("two red circles", _equal(2, "circle", "red")),
    ("three yellow stars on blue", _equal(3, "star", "yellow", "blue")),
    ("four green hearts", _equal(4, "heart", "green")),
    ("two cats", _equal(2, "cat", "gray")),
    ("3 purple diamonds", _equal(3, "diamond", "purple")),
    ("four orange fish on a white background", _equal(4, "fish", "orange")),
    ("a house and a tree under a yellow sun", _under(_HOUSE, _TREE, _SUN)),
    ("a sun above a house and a tree", _under(_HOUSE, _TREE, _SUN)),
    ("a car and a house under a blue cloud", _under(_CAR, _HOUSE, ("cloud", "blue"))),
    ("a red circle, a blue square and a green triangle", _row(("circle", "red"), ("square", "blue"), ("triangle", "green"))),
    ("a heart between a star and a diamond", _row(("star", "yellow"), ("heart", "red"), ("diamond", "purple"))),
    ("a car, a house and a tree", _row(_CAR, _HOUSE, _TREE)),
    ("a red square, a yellow circle, a blue heart", _row(("square", "red"), ("circle", "yellow"), ("heart", "blue"))),
    ("A RED CIRCLE ON A BLUE BACKGROUND", _one("circle", "red", "blue")),
    ("TWO BLACK CATS", _equal(2, "cat", "black")),
    ("Red Circle Left Of Blue Square", _row(("circle", "red"), ("square", "blue"))),
    ("A House And A Tree Under A Yellow Sun", _under(_HOUSE, _TREE, _SUN)),
    ("the sun is to the left of the cloud", _row(_SUN, ("cloud", "blue"))),
    ("a red circle and a blue square above a green triangle", _over(("circle", "red"), ("square", "blue"), ("triangle", "green"))),
    ("a moon and a star over a house, black background", _over(("moon", "yellow"), ("star", "yellow"), _HOUSE, background="black")),
    ("a gray background with a pink heart in the middle", _one("heart", "pink", "gray", place="center")),
    ("a red-colored circle", _one("circle", "red")),
    ("put a green heart at the bottom", _one("heart", "green", place="bottom")),
    ("a white moon in a black sky", _one("moon", "white", "black")),
    ("a green diamond, small, at the top", _one("diamond", "green", size="small", place="top")),
    ("Could you please draw a yellow triangle?", _one("triangle", "yellow")),
    ("umbrella, yellow, on blue", _one("umbrella", "yellow", "blue")),
    ("two hearts, both red", _equal(2, "heart", "red")),
    ("two small red circles", _equal(2, "circle", "red", size="small")),
    ("a small red circle, a big blue square and a small green triangle",
     _row(("circle", "red", "small"), ("square", "blue", "big"), ("triangle", "green", "small"))),
    ("a red circle (left) and a blue square (right)", _row(("circle", "red"), ("square", "blue"))),
    ("the heart is pink and the background is black", _one("heart", "pink", "black")),
    ("make the background green and put a white heart in it", _one("heart", "white", "green")),
    ("background should be yellow, with a blue diamond", _one("diamond", "blue", "yellow")),
    ("an orange cat sleeping at the bottom", _one("cat", "orange", place="bottom")),
    ("one lonely black tree", _one("tree", "black")),
    ("a blue triangle and, to its right, a pink star", _row(("triangle", "blue"), ("star", "pink"))),
    ("a scene with a house, a tree and a sun above them", _under(_HOUSE, _TREE, _SUN)),
    ("a kitten and a flower under a cloud", _under(_CAT, ("flower", "pink"), ("cloud", "blue"))),
)

CHINESE = (
    ("一个红色的圆", _one("circle", "red")),
    ("红色的圆形", _one("circle", "red")),
    ("一个大大的蓝色圆形", _one("circle", "blue", size="big")),
    ("左上角有一个红色的圆", _one("circle", "red", place="top left")),
    ("一个绿色的小星星，右下角", _one("star", "green", size="small", place="bottom right")),
    ("右上角画一颗紫色的爱心", _one("heart", "purple", place="top right")),
    ("黄色三角形在右边", _one("triangle", "yellow", place="right")),
    ("黑色背景上的粉色菱形", _one("diamond", "pink", "black")),
    ("一只猫", _one("cat", "gray")),
    ("一座红房子", _one("house", "red")),
    ("蓝色背景，黄色的太阳", _one("sun", "yellow", "blue")),
    ("黑色背景，一个月亮", _one("moon", "yellow", "black")),
    ("一把紫色的雨伞，黄色背景", _one("umbrella", "purple", "yellow")),
    ("请画一辆红色的汽车", _one("car", "red")),
    ("中间有一艘蓝色的船", _one("boat", "blue", place="center")),
    ("左下角一棵小树", _one("tree", "green", size="small", place="bottom left")),
    ("一个大的橙色正方形", _one("square", "orange", size="big")),
    ("画一条红色的鱼，背景是灰色", _one("fish", "red", "gray")),
    ("在右下角画一个小小的黑色三角形", _one("triangle", "black", size="small", place="bottom right")),
    ("一个红色的圆和一个蓝色的正方形", _row(("circle", "red"), ("square", "blue"))),
    ("一棵树在房子旁边", _row(_TREE, _HOUSE)),
    ("左边一只猫，右边一条鱼", _row(_CAT, _FISH)),
    ("左边是红色的车，右边是一棵树", _row(_CAR, _TREE)),
    ("粉色的花和蓝色的杯子", _row(("flower", "pink"), ("cup", "blue"))),
    ("一颗大红心和一颗小蓝星", _row(("heart", "red", "big"), ("star", "blue", "small"))),
    ("一只猫和一只杯子", _row(_CAT, ("cup", "blue"))),
    ("紫色星星的右边是绿色菱形", _row(("star", "purple"), ("diamond", "green"))),
    ("黄色的星星在紫色的心形上面", _column(("star", "yellow"), ("heart", "purple"))),
    ("红色正方形下面有一个黑色三角形", _column(("square", "red"), ("triangle", "black"))),
    ("上面一朵白云，下面一艘红船，蓝色背景", _column(("cloud", "white"), ("boat", "red"), background="blue")),
    ("两个红色的圆", _equal(2, "circle", "red")),
    ("三颗黄色的星星，蓝色背景", _equal(3, "star", "yellow", "blue")),
    ("四颗绿色的爱心", _equal(4, "heart", "green")),
    ("两只猫", _equal(2, "cat", "gray")),
    ("三只黑色的猫", _equal(3, "cat", "black")),
    ("4条橙色的鱼", _equal(4, "fish", "orange")),
    ("太阳下面有一座房子和一棵树", _under(_HOUSE, _TREE, _SUN)),
    ("房子和树，上面有太阳", _under(_HOUSE, _TREE, _SUN)),
    ("一辆车和一座房子在一朵云下面", _under(_CAR, _HOUSE, ("cloud", "blue"))),
    ("红色的圆、蓝色的正方形和绿色的三角形", _row(("circle", "red"), ("square", "blue"), ("triangle", "green"))),
    ("星星和菱形中间有一颗爱心", _row(("star", "yellow"), ("heart", "red"), ("diamond", "purple"))),
    ("一辆车、一座房子和一棵树", _row(_CAR, _HOUSE, _TREE)),
    ("从左到右：红色正方形、黄色圆形、蓝色爱心", _row(("square", "red"), ("circle", "yellow"), ("heart", "blue"))),
    ("蓝色正方形的左侧有一个红色圆形", _row(("circle", "red"), ("square", "blue"))),
    ("深蓝色背景上的白色圆形", _one("circle", "white", "blue")),
    ("画三个方块，颜色是紫色", _equal(3, "square", "purple")),
    ("一个圆，颜色为红色，位置在右上角", _one("circle", "red", place="top right")),
    ("一座房子，上面有月亮和星星，黑色背景", _over(("moon", "yellow"), ("star", "yellow"), _HOUSE, background="black")),
    ("一個藍色的大圓形", _one("circle", "blue", size="big")),
    ("左邊是紅色的車，右邊是一棵樹", _row(_CAR, _TREE)),
    ("三隻黑色的貓", _equal(3, "cat", "black")),
    ("黃色背景，一把紫色的雨傘", _one("umbrella", "purple", "yellow")),
    ("一对红色的心", _equal(2, "heart", "red")),
    ("我想要一只橙色的猫", _one("cat", "orange")),
    ("绘制一个黄色的圆形", _one("circle", "yellow")),
    ("在图的左边画一只灰猫", _one("cat", "gray", place="left")),
    ("房子在左边，树在右边，太阳在上面", _under(_HOUSE, _TREE, _SUN)),
    ("方块，绿色，大", _one("square", "green", size="big")),
    ("一个又大又红的圆", _one("circle", "red", size="big")),
    ("四个小的绿色三角形", _equal(4, "triangle", "green", size="small")),
    ("左边停着一辆蓝色的车", _one("car", "blue", place="left")),
    ("孤零零的一棵黑树", _one("tree", "black")),
    ("纯黑背景上有一颗白星星", _one("star", "white", "black")),
    ("底部开着一朵红花", _one("flower", "red", place="bottom")),
    ("画面里有房子和树，天上有太阳", _under(_HOUSE, _TREE, _SUN)),
    ("蓝底红圆", _one("circle", "red", "blue")),
)
