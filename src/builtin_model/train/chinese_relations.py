"""Where several objects stand, in Chinese sentences that are put together from parts (see english_relations.py)."""

from __future__ import annotations

from relating import Relating

UP = ("上面", "上面", "上方", "上边", "上头", "上", "正上方", "之上")
DOWN = ("下面", "下面", "下方", "下边", "底下", "下", "正下方", "之下")
LEFT = ("左边", "左边", "左侧", "左面", "左方", "左手边")
RIGHT = ("右边", "右边", "右侧", "右面", "右方", "右手边")
MIDDLE = ("中间", "中间", "正中", "中央", "正中间")
BESIDE = ("旁边", "旁边", "边上", "一旁")
THERE = ("是", "有", "有", "放着", "画着", "放", "画", "")
# Of the one that is named, behind a sentence that names both; {o} is the other one.
BEHIND = {
    "左": ("左边", "左", "左侧", "{o}左边", "{o}的左边", "最左边", "它左边"), "右": ("右边", "右", "右侧", "{o}右边", "{o}的右边", "最右边", "它右边"),
    "上": ("上面", "上", "上方", "上边", "{o}上面", "{o}的上面", "{o}上方", "它上面", "顶上", "高处"),
    "下": ("下面", "下", "下方", "下边", "底下", "{o}下面", "{o}的下面", "{o}底下", "它下面", "低处"),
}
FURTHER = {"上": ("再上面是", "往上是", "再往上是"), "下": ("再下面是", "往下是", "再往下是", "其下是"), "左": ("再左边是", "往左是"),
           "右": ("再右边是", "往右是", "接着是")}
PAIRS = ("{a}和{b}", "{a}和{b}", "{a}和{b}", "{a}与{b}", "{a}跟{b}", "{a}、{b}", "{a}和{b}并排", "左边{a}右边{b}", "{a}在左{b}在右", "左边是{a}，右边是{b}")
MARKS = ("，", "，", "，", "；", "。", "、")


class Relations(Relating):
    def _two(self, phrases: list[str], names: list[str]) -> str:
        way = self.rng.random()
        if way < 0.35:
            text, tail = self._pair(phrases, names, often=0.75)
            return self.rng.choice(("", "", "", "两样东西：", "两个图形：")) + text + tail
        if way < 0.4:
            return self._related(phrases[0], phrases[1], names, BESIDE, "右", turned=True)
        if way < 0.8:
            side = self.rng.random() < 0.5
            return self._related(*phrases, names, LEFT, "左") if side else self._related(*phrases[::-1], names[::-1], RIGHT, "右")
        return self._apart(phrases, [LEFT, RIGHT], "左右")

    def _pair(self, phrases: list[str], names: list[str], often: float = 0.2) -> tuple[str, str]:
        if names[0] != names[1] and self.rng.random() < often:
            return self._told_behind(phrases, names, "左右")
        return self.rng.choice(PAIRS[:7] if self.rng.random() < 0.6 else PAIRS[:9] if often < 0.5 else PAIRS).format(a=phrases[0], b=phrases[1]), ""

    def _told_behind(self, phrases: list[str], names: list[str], sides: str) -> tuple[str, str]:
        """Both, in any order, and what is said behind about which is at which side."""
        shown = self.rng.sample((0, 1), 2)
        which = self.rng.choice((0, 1))
        name, side = names[which], sides[which]
        place = self.rng.choice(BEHIND[side]).format(o=names[1 - which])
        tail = self.rng.choice((f"，{name}在{place}", f"，{name}在{place}", f"，{name}在{place}", f"，{name}放在{place}", f"。{name}在{place}", f"；{name}在{place}",
                                f"，{name}靠{side}", f"，{name}{side}边", f"，{name}位于{place}", f"，{side}边是{name}", f"，{side}边的是{name}", f"（{name}在{side}）",
                                f"，{names[0]}在{sides[0]}{names[1]}在{sides[1]}", f"，{names[0]}在{sides[0]}边，{names[1]}在{sides[1]}边",
                                f"，{sides[0]}边是{names[0]}，{sides[1]}边是{names[1]}"))
        return self.rng.choice((*PAIRS[:6], "{a}，{b}", "{a}，还有{b}", "{a}，再要{b}", "{a} {b}")).format(a=phrases[shown[0]], b=phrases[shown[1]]), tail

    def _stacked(self, above: str, below: str, names: list[str], layout: str = "column2") -> str:
        if layout != "column2":
            names = ["它们", names[2]] if layout == "over" else [names[2], "它们"]
        elif names[0] != names[1] and self.rng.random() < 0.25:
            return "".join(self._told_behind([above, below], names, "上下"))
        way = self.rng.random()
        if way < 0.37:
            return self._related(above, below, names, UP, "上")
        if way < 0.74:
            return self._related(below, above, names[::-1], DOWN, "下")
        if way < 0.8:
            return self.rng.choice((f"{above}和{below}一上一下", f"一上一下：{above}，{below}", f"{above}在上，{below}在下", f"{below}在下，{above}在上"))
        return self._apart([above, below], [UP[:5], DOWN[:5]], "上下")

    def _in_corners(self, phrases: list[str], two_above: bool) -> str:
        row, others = ("上", DOWN[:5]) if two_above else ("下", UP[:5])
        corner = self.rng.choice(("角", "", "方", "角"))
        parts = [f"左{row}{corner}", f"右{row}{corner}", self.rng.choice(others)]
        order = self.rng.choice(((0, 1, 2), (0, 1, 2), (2, 0, 1)))
        if self.rng.random() < 0.4:
            return "，".join(f"{phrases[i]}在{parts[i]}" for i in order)
        there = self.rng.choice(THERE)
        return "，".join(f"{parts[i]}{there}{phrases[i]}" for i in order)

    def _related(self, what: str, of: str, names: list[str], places: tuple[str, ...], side: str, turned: bool = False) -> str:
        """`what` is at that side of `of`; turned: the other way round, for what lies beside the first."""
        if turned:  # what is named first stands at the left
            what, of, names = of, what, names[::-1]
        place, there = self.rng.choice(places), self.rng.choice(THERE)
        joint = self.rng.choice(("的", "")) if place not in ("上", "下", "之上", "之下") else ""
        ways = [f"{what}在{of}{joint}{place}", f"{of}{joint}{place}{there or '是'}{what}", f"{of}，{place}{there}{what}", f"{of}，它{joint}{place}{there}{what}",
                f"{of}，{self.rng.choice(FURTHER[side])}{what}", f"把{what}放在{of}{joint}{place}", f"在{of}{joint}{place}画{what}",
                f"{of}，{names[1]}{joint}{place}{there or '是'}{what}", f"{what}位于{of}{joint}{place}", f"{of}，{what}在它{joint}{place}"]
        if names[1] == "它们":
            ways = [way.replace("它", "它们").replace("它们们", "它们") for way in ways]
        return self.rng.choice([way for way in ways if way.startswith(of)] if turned else ways)

    def _apart(self, phrases: list[str], parts: list[tuple[str, ...]], sides: str) -> str:
        """Each with the part of the picture where it is."""
        order = list(range(len(phrases)))
        if self.rng.random() < 0.4:
            self.rng.shuffle(order)
        way, mark, there = self.rng.random(), self.rng.choice(MARKS[:-1]), self.rng.choice(("是", "是", "", "有", "放", "那个是"))
        if way < 0.25:
            suffix = self.rng.choice(("", "边", "排")) if sides == "上下" else self.rng.choice(("", "边"))
            return mark.join(f"{sides[i]}{suffix if sides[i] != '中' else suffix and '间'}：{phrases[i]}" for i in order)
        if way < 0.5:
            return mark.join(f"{phrases[i]}在{self.rng.choice(parts[i])}" for i in order)
        if way < 0.6:
            return mark.join(f"{phrases[i]}在{sides[i]}" for i in order)
        return mark.join(f"{self.rng.choice(parts[i])}{there}{phrases[i]}" for i in order)

    def _three(self, phrases: list[str], names: list[str]) -> str:
        a, b, c = phrases
        if self.rng.random() < 0.35:
            return self._apart(phrases, [LEFT, MIDDLE, RIGHT], "左中右")
        left, right, beside = self.rng.choice(LEFT[:4]), self.rng.choice(RIGHT[:4]), self.rng.choice(BESIDE[:2])
        there = self.rng.choice(("是", "有", ""))
        return self.rng.choice((
            f"{b}在{self.rng.choice(MIDDLE)}，{left}{there}{a}，{right}{there}{c}", f"{b}居中，{left}{there}{a}，{right}{there}{c}",
            f"{b}，{left}{there}{a}，{right}{there}{c}", f"{b}在{self.rng.choice(MIDDLE)}，{right}{there}{c}，{left}{there}{a}",
            f"{b}，{names[1]}{left}是{a}，{right}是{c}", f"先是{a}，然后是{b}，最后是{c}", f"{a}，{beside}是{b}，再{beside}是{c}", f"{a}，接着{b}，然后{c}",
            f"{a}，{names[0]}{right}是{b}，{names[1]}{right}是{c}", f"{a}，右边是{b}，再右边是{c}", f"三样东西：{a}、{b}、{c}", f"{a}、{b}、{c}排成一排", f"一排：{a}，{b}，{c}", f"{a}和{c}，{self.rng.choice(MIDDLE)}{there}{b}",
            f"{b}放在{a}和{c}{self.rng.choice(('之间', '中间', '当中'))}", f"{a}与{c}{self.rng.choice(('之间', '中间', '当中'))}是{b}",
            f"{a}加{b}加{c}", f"{a}、{b}、{c}从左到右", f"左起依次是{a}、{b}、{c}"))
