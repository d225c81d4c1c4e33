"""Whether an argument that was called with is the one that was asked for."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from zantara.evals._data import data
from zantara.evals._words import contained, share_of_words
from zantara.language import normalise, plain

__all__ = ["TARGETS", "argument_name", "matches", "moment"]

# Arguments of an update or a delete that name which event is meant: judged by what was resolved.
TARGETS = frozenset({"event", "original_start", "date"})
_ENOUGH_WORDS = 0.6
_OPERATOR = re.compile(r'(\w+):("[^"]*"|\S+)')
_PRESENT = frozenset({"is", "has", "subject", "after"})


def argument_name(name: str) -> str:
    """`timeMin` of the files -> `time_min` of the tools."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def matches(name: str, wanted: Any, given: Any, *, now: datetime) -> bool:
    """Whether `given` says what `wanted` says, by the kind of the argument `name`."""
    if given is None:
        return False
    compare = _BY_NAME.get(name)
    if compare is not None:
        return compare(wanted, given, now)
    return normalise(str(wanted)) == normalise(str(given))


def moment(value: Any, now: datetime) -> datetime | None:
    """An instant; a day is its midnight and a time without an offset is local."""
    try:
        read = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=now.tzinfo)


def _same_instant(wanted: Any, given: Any, now: datetime) -> bool:
    left = moment(wanted, now)
    return left is not None and left == moment(given, now)


def _range_begin(wanted: Any, given: Any, now: datetime) -> bool:
    """A range that begins today may begin now."""
    left, right = moment(wanted, now), moment(given, now)
    if left is None or right is None:
        return False
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return left == right or (left == today and right == now)


def _range_end(wanted: Any, given: Any, now: datetime) -> bool:
    left, right = moment(wanted, now), moment(given, now)
    return left is not None and right is not None and abs(left - right) <= timedelta(minutes=1)


def _same_people(wanted: Any, given: Any, _now: datetime) -> bool:
    return {_person(one) for one in _listed(wanted)} == {_person(one) for one in _listed(given)}


def _person(value: str) -> str:
    """An address in lower case, a phone number as +digits, a handle without its sign."""
    inside = re.search(r"<([^<>]+@[^<>]+)>", value)
    text = inside[1] if inside else value
    digits = re.sub(r"\D", "", text)
    if "@" not in text[1:] and len(digits) >= 8 and not re.search(r"[A-Za-z]", text):
        return "+" + re.sub("^00?", lambda zero: "" if zero[0] == "00" else "62", digits)
    return normalise(text.lstrip("#@"))


def _contained(wanted: Any, given: Any, _now: datetime) -> bool:
    return contained(str(wanted).lstrip("#@"), str(given).lstrip("#@"))


def _says(wanted: Any, given: Any, _now: datetime) -> bool:
    return share_of_words(_text(wanted), _text(given)) >= _ENOUGH_WORDS


def _searches(wanted: Any, given: Any, now: datetime) -> bool:
    """The operators in meaning, and enough of the words, wherever they stand."""
    asked, had = _operators(str(wanted)), _operators(str(given))
    if not all(_has_operator(*one, had, now) for one in asked if one[0] in _PRESENT):
        return False
    loose = " ".join(value for name, value in asked if name not in _PRESENT)
    words = f"{_OPERATOR.sub(' ', str(wanted))} {loose}"
    return share_of_words(words, str(given)) >= _ENOUGH_WORDS


def _operators(query: str) -> list[tuple[str, str]]:
    return [(name.casefold(), value.strip('"')) for name, value in _OPERATOR.findall(query)]


def _has_operator(name: str, value: str, had: Iterable[tuple[str, str]], now: datetime) -> bool:
    if name == "after":
        wanted = _day(value)
        return wanted is not None and wanted in {_since(*one, now) for one in had}
    if name == "subject":
        return any(n == name and contained(value, v) for n, v in had)
    accepted = {name, "label"} if name == "is" else {name}
    return any(n in accepted and v.casefold() == value.casefold() for n, v in had)


def _since(name: str, value: str, now: datetime) -> date | None:
    """The first day that a mail operator lets through."""
    if name in ("after", "newer"):
        return _day(value)
    span = re.fullmatch(r"(\d+)d", value) if name == "newer_than" else None
    return (now - timedelta(days=int(span[1]))).date() if span else None


def _day(text: str) -> date | None:
    parts = re.findall(r"\d+", text)
    try:
        return date(*map(int, parts[:3])) if len(parts) >= 3 else None
    except ValueError:
        return None


def _same_cells(wanted: Any, given: Any, _now: datetime) -> bool:
    return [normalise(one) for one in _cells(wanted)] == [normalise(one) for one in _cells(given)]


def _cells(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [cell for one in value for cell in _cells(one)]
    return [str(value)]


def _same_range(wanted: Any, given: Any, _now: datetime) -> bool:
    left, right = (str(one).rpartition("!")[2].replace("$", "").upper() for one in (wanted, given))
    return left == right


def _same_mode(wanted: Any, given: Any, _now: datetime) -> bool:
    return _mode(str(wanted)) == _mode(str(given))


def _mode(text: str) -> str:
    words = plain(text)
    return next((name for name, same in data("words")["modes"].items() if words in same), words)


def _listed(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [one.strip() for one in re.split("[,;]", str(value)) if one.strip()]


def _text(value: Any) -> str:
    return " ".join(_cells(value)) if isinstance(value, list | tuple) else str(value)


_Compare = Callable[[Any, Any, datetime], bool]
_BY_NAME: Mapping[str, _Compare] = {
    "time_min": _range_begin,
    "time_max": _range_end,
    **dict.fromkeys(("start", "end", "date", "original_start"), _same_instant),
    **dict.fromkeys(("to", "attendees"), _same_people),
    **dict.fromkeys(("origin", "destination", "location", "place", "name", "title"), _contained),
    **dict.fromkeys(("file_name", "folder", "spreadsheet", "space", "channel"), _contained),
    **dict.fromkeys(("summary", "event", "body", "message", "text", "content"), _says),
    "query": _searches,
    "values": _same_cells,
    "range": _same_range,
    "mode": _same_mode,
}
