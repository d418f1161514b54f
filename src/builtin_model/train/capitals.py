"""Capitals without training: a word in capitals falls into the tokens that it has in small letters, and they mean the same.

Every merge of small letters is there for capitals too, directly behind its own, and no other merge of capitals; so a word's
merges happen in the same order however it is written, and its tokens correspond one to one. The embedding of each is that of its
twin in small letters.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

Merge = tuple[str, str]

_TO_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_TO_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


def in_small_letters(token: str) -> str:
    return token.translate(_TO_SMALL)


def is_small(token: str) -> bool:
    return in_small_letters(token) == token


def _is_before_a_word(token: str) -> bool:
    """A space or a hyphen."""
    return len(token) == 1 and token not in ascii_lowercase


def _as_title(token: str) -> str:
    first = 1 if _is_before_a_word(token[:1]) else 0
    return token[:first] + token[first:first + 1].translate(_TO_CAPITALS) + token[first + 1:]


def _ways_to_write(merge: Merge) -> tuple[Merge, ...]:
    """As it is, all in capitals, and as the beginning of a word that is written with a capital."""
    first, second = merge
    title = (first, _as_title(second)) if _is_before_a_word(first) else (_as_title(first), second)
    return merge, (first.translate(_TO_CAPITALS), second.translate(_TO_CAPITALS)), title


def with_capitals(merges: list[Merge]) -> list[Merge]:
    """Those without capitals, and their twins with them."""
    small = (merge for merge in merges if is_small("".join(merge)))
    return list(dict.fromkeys(way for merge in small for way in _ways_to_write(merge)))
