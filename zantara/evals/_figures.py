"""Whether an answer states a figure, a code or a name, however it is written."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from zantara.evals._data import data

__all__ = ["exact", "money_figures", "numbers", "states"]

Number = tuple[float, bool]  # the value, and whether it is a percentage

_WHOLE_GROUPS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_RANGE = re.compile(r"(\d+)-(\d+)%?")
_FIVE_DIGITS = re.compile(r"\d{5}")
_FIGURE = re.compile(r"[\d.,]+\s*(%|[A-Za-z])?")
_MONEY = 100_000


def exact(answer: str, *, must: Iterable[str], must_not: Iterable[str] = ()) -> bool:
    """All of `must` and none of `must_not` are stated."""
    return all(states(answer, one) for one in must) and not any(
        states(answer, one) for one in must_not
    )


def states(answer: str, wanted: str) -> bool:
    """A range and an activity code match as written, a figure by value, a name as a whole word."""
    text, want = _levelled(answer), _levelled(wanted)
    if ends := _RANGE.fullmatch(want):
        return bool(re.search(rf"(?<!\d){ends[1]}%?-{ends[2]}(?!\d)", text))
    if _FIVE_DIGITS.fullmatch(want):
        return bool(re.search(rf"(?<!\d){want}(?!\d)", text))
    if _FIGURE.fullmatch(want) and (values := numbers(want)):
        return _has_figure(numbers(text), values, percent=want.endswith("%"))
    return bool(re.search(rf"(?<!\w){re.escape(want)}(?!\w)", text, re.IGNORECASE))


def money_figures(answer: str) -> list[float]:
    """Amounts of at least 100,000, by value."""
    return sorted({value for value, _percent in numbers(answer) if value >= _MONEY})


def numbers(text: str) -> set[Number]:
    """Every value that a figure or a small number's name in `text` may stand for."""
    found = {number for match in _pattern().finditer(text) for number in _read(match)}
    words = re.findall(r"[a-z]+", text.lower())
    return found | {(float(_spelled()[word]), False) for word in words if word in _spelled()}


def _has_figure(have: set[Number], wanted: set[Number], *, percent: bool) -> bool:
    if percent:
        return any((value, True) in have for value, _percent in wanted)
    largest = max(wanted)[0]
    return any(value == largest for value, _percent in have)


def _read(match: re.Match[str]) -> Iterator[Number]:
    unit = (match[2] or "").lower()
    scale = _scales().get(unit, 1)
    percent = bool(unit) and unit not in _scales()
    for value in _values(match[1]):
        yield round(value * scale, 6), percent
        if unit in data("figures")["letters"]:
            yield round(value, 6), False


def _values(digits: str) -> list[float]:
    """2,300,000 and 2.300.000 are whole; 4.8 and 4,8 are not; of two kinds the last is decimal."""
    signs = re.findall(r"[.,]", digits)
    kinds = set(signs)
    joined = re.sub(r"[.,]", "", digits)
    if not signs or (len(kinds) == 1 and _WHOLE_GROUPS.fullmatch(digits)):
        return [float(joined)]
    if len(kinds) == 1:
        return [float(joined if len(signs) > 1 else digits.replace(",", "."))]
    whole, _, rest = digits.rpartition(signs[-1])
    return [] if signs[-1] in whole else [float(f"{re.sub(r'[.,]', '', whole)}.{rest}")]


@cache
def _scales() -> dict[str, float]:
    return {w: float(size) for size, words in data("figures")["scales"].items() for w in words}


@cache
def _spelled() -> dict[str, int]:
    lists = data("figures")["spelled"].values()
    return {word: value for words in lists for value, word in enumerate(words, 1)}


@cache
def _pattern() -> re.Pattern[str]:
    scales = "|".join(sorted(_scales(), key=len, reverse=True))
    units = "|".join([*data("figures")["percent"], rf"(?:{scales})\b"])
    return re.compile(rf"(?<![A-Za-z\d])(\d+(?:[.,]\d+)*)\s*({units})?", re.IGNORECASE)


@cache
def _levellers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    currencies, between = (data("figures")[name] for name in ("currencies", "between"))
    return (
        re.compile(rf"\b({'|'.join(currencies)})(?=\d)"),
        re.compile(rf"(\d%?)\s*(?:{'|'.join(between)})\s*(?=\d)"),
    )


def _levelled(text: str) -> str:
    """A currency apart from its figure, one kind of dash, a range as 5-10."""
    currency, between = _levellers()
    text = re.sub("[–—−]", "-", currency.sub(r"\1 ", text))
    return between.sub(r"\1-", text)
