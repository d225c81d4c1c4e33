"""Whether the user pointed at a thing: by its name, or as the largest, the newest, of a list."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from zantara.gate.lexicon import word_list
from zantara.gate.provenance import Provenance
from zantara.gate.requests import Superlative, superlatives
from zantara.gate.wording import Spoken
from zantara.language import plain

__all__ = ["NAMING", "Thing", "is_named", "is_the_one", "names_person", "shares_words"]

NAMING = (
    "name", "title", "summary", "subject", "filename", "from", "sender", "display_name", "channel",
    "space", "spreadsheet", "company",
)  # fmt: skip
"""Fields of a result by which people call the thing it tells of."""

_STATES = ("in", "is", "has", "label", "category")  # of a search: they choose no thing by its words
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_FEWEST_DIGITS = 5  # of an amount, an account or a phone number
_SMALL = 3  # letters: a shorter word names nothing by itself


@dataclass(frozen=True, slots=True)
class Thing:
    """What a call would act on, as a preview found it.

    names: what people call it. owner: own where the user alone decides what it is, else outside. day:
    when it is, YYYY-MM-DD in the user's zone, where it has a day.
    """

    names: tuple[str, ...]
    owner: Provenance = Provenance.OWN
    day: str = ""


def is_named(
    names: Iterable[str], request: Sequence[Spoken], rivals: Iterable[Sequence[str]] = ()
) -> str:
    """The name by which the user pointed at it; empty where they did not.

    The whole name stands in their words, or two words of it side by side, or one that says something;
    and none of the `rivals`, other things by their names, fits these words as well.
    """
    said = [f" {plain(one.own)} " for one in request]
    fit, name = _best(names, said)
    if not fit or any(_best(other, said)[0] >= fit for other in rivals):
        return ""
    return name


def _best(names: Iterable[str], said: Sequence[str]) -> tuple[int, str]:
    """How well the words fit the name that they fit best: 3 the whole of it, 2 a pair, 1 a word."""
    fits = ((max((_fit(name, words) for words in said), default=0), name) for name in names)
    return max(fits, key=lambda one: one[0], default=(0, ""))


def _fit(name: str, said: str) -> int:
    words = _name_words(name)
    if _tells(words) and f" {' '.join(words)} " in said:
        return 3
    if any(f" {' '.join(pair)} " in said for pair in _pairs(words)):
        return 2
    return int(any(f" {word} " in said for word in words if len(word) > _SMALL and _tells((word,))))


@lru_cache(maxsize=4096)
def _name_words(name: str) -> tuple[str, ...]:
    bare = _SUFFIX.sub("", name[:2000].strip())
    return tuple(plain(bare.replace("_", " ").replace("-", " ")).split())


@cache
def _common() -> frozenset[str]:
    return word_list("small") | word_list("common")


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return (
        pair
        for pair in pairwise(words)
        if all(len(word) >= _SMALL and word not in word_list("small") for word in pair)
        and _tells(pair)
    )


def _tells(words: Sequence[str]) -> bool:
    """Whether a word among them is more than a number or a kind of thing."""
    return any(w not in _common() and not w.isdigit() and len(w) > 1 for w in words)


def names_person(name: str, request: Sequence[Spoken]) -> str:
    """People are called by one of their names."""
    said = {word for one in request for word in plain(one.own).split()}
    words = [w for w in plain(name.partition("<")[0]).split() if len(w) >= _SMALL]
    return name if any(word in said and word not in _common() for word in words) else ""


def shares_words(name: str, request: Sequence[Spoken]) -> bool:
    """Whether a name of the model's is made of the user's words by half, with no figure of its own."""
    texts = [one.own.replace("-", "") for one in request]
    said = {word for text in texts for word in plain(text).split()}
    if "@" in name or "/" in name:
        return False
    words = [w for w in plain(name.replace("-", "")).split() if w not in word_list("small")]
    known = [word for word in words if word in said]
    figures = sum(map(str.isdigit, "".join(word for word in words if word not in known)))
    return bool(known) and len(known) * 2 >= len(words) and figures < _FEWEST_DIGITS


def is_the_one(value: str, window: Sequence[BaseMessage], request: Sequence[Spoken]) -> str:
    """Whether `value` names the thing with the most (or least) of what the user asked for.

    It must be so in the first list of this turn that holds it, and that list must not have been chosen
    by the model: its call had no argument that the user did not say. A later list, from which the first
    choice is gone already, makes nothing else "the largest".
    """
    kinds = superlatives(request)
    for rows in _lists(window, request) if kinds else ():
        mine = [row for row in rows if _identity(row) == value]
        if mine:
            return next((k.fields[0] for k in kinds if _leads(mine[0], rows, k)), "")
    return ""


def _leads(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], kind: Superlative) -> bool:
    field = next((name for name in kind.fields if name in row), None)
    if field is None:
        return False
    sizes = [_measure(one.get(field)) for one in rows]
    known = [size for size in sizes if size is not None]
    mine = _measure(row[field])
    best = max(known, default=None) if kind.most else min(known, default=None)
    return mine is not None and mine == best and known.count(mine) == 1


def _measure(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        return None


def _lists(
    window: Sequence[BaseMessage], request: Sequence[Spoken]
) -> Iterator[list[Mapping[str, Any]]]:
    """The lists of this turn's results, in order, but for those whose call the model made up.

    One thing alone is the first of what the user asked to look for, and of nothing else.
    """
    begin = max((i for i, m in enumerate(window) if isinstance(m, HumanMessage)), default=0)
    args = {
        call["id"]: call["args"]
        for m in window[begin:]
        if isinstance(m, AIMessage)
        for call in m.tool_calls
    }
    for message in window[begin:]:
        if isinstance(message, ToolMessage):
            asked = [value for value in args.get(message.tool_call_id, {}).values() if value]
            if all(_said(text, request) for text in asked):
                fewest = 1 if asked else 2
                yield from (rows for rows in _lists_in(message.text) if len(rows) >= fewest)


def _said(value: Any, request: Sequence[Spoken]) -> bool:
    """Nothing, or words of the user that say something, also behind a search's operators."""
    return all(
        word.partition(":")[0] in _STATES
        or (_tells((word.rpartition(":")[2],)) and any(_has(word, one) for one in request))
        for word in str(value or "").casefold().split()
    )


def _has(word: str, spoken: Spoken) -> bool:
    return spoken.holds(word.rpartition(":")[2].strip("\"'"))


def _lists_in(text: str) -> Iterator[list[Mapping[str, Any]]]:
    try:
        data = json.loads(text)
    except ValueError:
        return
    if isinstance(data, dict) and not data.get("more"):
        for rows in data.values():
            if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
                yield rows


def _identity(row: Mapping[str, Any]) -> str:
    return str(row.get("id", ""))
