"""What include/zimg/zimg.h declares, for the tests that look at all of it: functions, vtables, enumerators."""
import re
import typing


class Parameter(typing.NamedTuple):
    type: str
    name: str


class Function(typing.NamedTuple):
    since: str
    result: str
    name: str
    parameters: list

    @property
    def is_fallible(self):
        return self.result == "zimg_status" and bool(self.parameters) and self.parameters[-1].type == "zimg_error**"


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def split_parameters(text):
    """`text` at its commas outside of parentheses."""
    parts, depth, part = [], 0, ""
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += character
    return [*parts, part]


def read_parameter(text):
    text = " ".join(text.split())
    pointer = re.fullmatch(r"(.*)\(\*(\w+)\)(\(.*\))", text)
    if pointer:
        return Parameter(pointer[1] + "(*)" + pointer[3], pointer[2])
    match = re.fullmatch(r"(.*?[ *])(\w+)", text)
    return Parameter(match[1].strip(), match[2])


def functions(header):
    """Every function that `header` (its text) declares, in its order."""
    found = []
    for since, result, name, parameters in re.findall(
            r"^ZIMG_SINCE_(\w+) ([\w ]+?\*?) ?\b(zimg_\w+)\((.*?)\);", without_comments(header),
            re.MULTILINE | re.DOTALL):
        listed = [] if parameters.strip() == "void" else [read_parameter(part) for part in split_parameters(parameters)]
        found.append(Function(since, result.strip(), name, listed))
    return found


def enumerators(header):
    return {name: int(value) for name, value in re.findall(r"\b(ZIMG_[A-Z0-9_]+) = (\d+)", without_comments(header))}
