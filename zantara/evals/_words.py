"""Comparing texts by their content words, across spelling, endings and the three languages."""

import re
from functools import cache

from zantara.evals._data import data
from zantara.language import fold, plain

__all__ = ["contained", "content_words", "share_of_words"]

_TOKEN = re.compile(r"\d[\d.,:]*\d|\w+")
_STEM = 4  # letters that two forms of a word share at least
_ENDING = 3  # letters by which their lengths may differ at most


def content_words(text: str) -> list[str]:
    """The words that carry meaning; a figure without its thousands signs."""
    words = [_bare_figure(token) for token in _TOKEN.findall(fold(text))]
    return [word for word in dict.fromkeys(words) if word not in _empty()]


def share_of_words(wanted: str, text: str) -> float:
    """How many of the content words of `wanted` are in `text`, as a share; 1 when there are none."""
    words = content_words(wanted)
    there = content_words(text)
    line = f" {plain(text)} "
    found = [word for word in words if _is_in(word, there, line)]
    return len(found) / len(words) if words else 1.0


def contained(wanted: str, given: str) -> bool:
    """One holds the other; a common noun may be in another language or, with a name, left out."""
    left, right = plain(wanted), plain(given)
    if not left or not right:
        return left == right
    if f" {left} " in f" {right} " or f" {right} " in f" {left} ":
        return True
    if left.replace(" ", "") in right.replace(" ", "") or right.replace(" ", "") in left.replace(
        " ", ""
    ):
        return True
    return _names_within(left, right) or _names_within(right, left)


def _names_within(one: str, other: str) -> bool:
    """Every word of `one` is in `other`, in some language, and a proper name is among them."""
    words = content_words(one)
    there, line = content_words(other), f" {other} "
    named = any(word not in _groups() for word in words)
    return named and all(_is_in(word, there, line) for word in words)


def _is_in(word: str, words: list[str], plain: str) -> bool:
    if any(_alike(word, other) for other in words):
        return True
    return any(f" {same} " in plain for same in _groups().get(word, ()))


def _alike(one: str, other: str) -> bool:
    """The same word, or two forms of it: a common beginning and a short ending."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if not short.isalpha() or len(short) < _STEM or len(long) - len(short) > _ENDING:
        return False
    return long.startswith(short[: max(_STEM, len(short) - 1)])


def _bare_figure(token: str) -> str:
    return re.sub(r"[.,](?=\d{3}\b)", "", token) if token[0].isdigit() else token


@cache
def _empty() -> frozenset[str]:
    return frozenset(plain(w) for words in data("words")["empty"].values() for w in words)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Each word -> all that say the same."""
    groups: dict[str, tuple[str, ...]] = {}
    for group in data("words")["same"]["words"]:
        same = tuple(plain(word) for word in group)
        for word in same:
            groups[word] = (*groups.get(word, ()), *same)
    return groups
