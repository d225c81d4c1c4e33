"""Gmail's search box: operators, phrases, minus, OR, and groups in () and {}."""

import re
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zantara.google.local._faults import Fault
from zantara.google.local._times import ZONE
from zantara.language import fold

__all__ = ["matcher"]

Mail = Mapping[str, Any]
Test = Callable[[Mail], bool]

_HEADERS = ("from", "to", "cc", "bcc", "subject")
_TIMES = ("after", "newer", "before", "older", "newer_than", "older_than")
_LABELS = ("in", "label", "is")
_OTHERS = ("has", "filename", "rfc822msgid")
_MISSING = ("larger", "smaller", "size", "category", "list", "deliveredto")
_OPERATORS = "|".join((*_HEADERS, *_TIMES, *_LABELS, *_OTHERS, *_MISSING))
_TOKEN = re.compile(
    rf'-(?=\S)|[(){{}}]|(?i:{_OPERATORS}):(?=\S)|"[^"]*"?|[^\s(){{}}"]+', re.UNICODE
)
_CLOSING = {"(": ")", "{": "}"}
_UNITS = {"d": 1, "m": 30, "y": 365}
_DATES = (
    re.compile(r"(?P<y>\d{4})[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})"),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
)


def matcher(query: str, now: datetime, account: str) -> Test:
    """What a stored mail must be to be found.

    Raises Fault 501 for an operator of Gmail's that is not implemented, 400 for a bad date.
    """
    try:
        return _all(_Parser(query, now, account).terms(stop="", operator=""))
    except RecursionError as error:
        raise Fault(400, "invalidArgument", "Invalid query: too many brackets") from error


class _Parser:
    def __init__(self, query: str, now: datetime, account: str) -> None:
        self._left = deque(_TOKEN.findall(query))
        self._now = now
        self._account = account

    def terms(self, *, stop: str, operator: str) -> list[Test]:
        """Tests up to the closing bracket; those joined by OR are one."""
        found: list[Test] = []
        joined = False
        while self._left:
            piece = self._left.popleft()
            if piece == stop:
                break
            if piece in ("OR", "AND", ")", "}"):
                joined = joined or piece == "OR"
                continue
            test = self._term(piece, operator)
            found = [*found[:-1], _any([found[-1], test])] if joined and found else [*found, test]
            joined = False
        return found

    def _term(self, piece: str, operator: str) -> Test:
        if piece == "-" and self._left:
            return _not(self._term(self._left.popleft(), operator))
        if piece in _CLOSING:
            inner = self.terms(stop=_CLOSING[piece], operator=operator)
            return _any(inner) if piece == "{" else _all(inner)
        if piece.endswith(":") and piece[:-1].lower() in _OPERATORS.split("|") and self._left:
            return self._term(self._left.popleft(), piece[:-1].lower())
        return self._leaf(operator, piece.strip('"'))

    def _leaf(self, operator: str, value: str) -> Test:
        if operator in _HEADERS:
            return _header(operator, self._account if value.lower() == "me" else value)
        if operator in _TIMES:
            return _time(operator, value, self._now)
        if operator in _LABELS:
            return _label(operator, value.upper())
        if operator in _OTHERS:
            return _other(operator, value)
        if operator:
            raise Fault(501, "notImplemented", f"search operator {operator}: is not implemented")
        words = _folded(value).strip(".,;:!?-")
        return lambda mail: _contains(_text(mail), words)


def _all(tests: list[Test]) -> Test:
    return lambda mail: all(test(mail) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda mail: any(test(mail) for test in tests)


def _not(test: Test) -> Test:
    return lambda mail: not test(mail)


def _header(name: str, value: str) -> Test:
    words = _folded(value)
    return lambda mail: _contains(_folded(str(mail["headers"].get(name, ""))), words)


def _other(operator: str, value: str) -> Test:
    if operator == "filename":
        words = _folded(value)
        return lambda mail: any(_contains(_folded(name), words) for name in mail["attachments"])
    if operator == "rfc822msgid":
        wanted = value.strip("<>")
        return lambda mail: str(mail["headers"].get("message-id", "")).strip("<> ") == wanted
    if value.lower() == "attachment":
        return lambda mail: bool(mail["attachments"])
    raise Fault(501, "notImplemented", f"search operator has:{value} is not implemented")


def _label(operator: str, value: str) -> Test:
    if operator == "is" and value == "READ":
        return lambda mail: "UNREAD" not in mail["labelIds"]
    if operator == "in" and value == "ANYWHERE":
        return lambda _mail: True
    label = "DRAFT" if value == "DRAFTS" else value
    return lambda mail: label in mail["labelIds"]


def _time(operator: str, value: str, now: datetime) -> Test:
    limit = _ago(value, now) if operator.endswith("_than") else _date(value)
    if operator in ("after", "newer", "newer_than"):
        return lambda mail: _received(mail) >= limit
    return lambda mail: _received(mail) < limit


def _received(mail: Mail) -> datetime:
    return datetime.fromtimestamp(int(mail["internalDate"]) / 1000, UTC)


def _ago(value: str, now: datetime) -> datetime:
    found = re.fullmatch(r"(\d{1,3})([dmy])", value)
    if not found:
        raise Fault(400, "invalidArgument", f"Invalid query: {value}")
    return now - timedelta(days=int(found[1]) * _UNITS[found[2]])


def _date(value: str) -> datetime:
    if re.fullmatch(r"\d{9,11}", value):
        return datetime.fromtimestamp(int(value), UTC)
    found = next((one for form in _DATES if (one := form.fullmatch(value))), None)
    try:
        if found:
            day = {name: int(found[name]) for name in ("y", "m", "d")}
            return datetime(day["y"], day["m"], day["d"], tzinfo=ZoneInfo(ZONE))
    except ValueError:
        pass
    raise Fault(400, "invalidArgument", f"Invalid query: date {value}")


def _text(mail: Mail) -> str:
    return _folded(" ".join([*map(str, mail["headers"].values()), mail["text"]]))


def _folded(text: str) -> str:
    """Without case, accents and line breaks, none of which a search minds."""
    return " ".join(fold(text).split())


def _contains(text: str, words: str) -> bool:
    """Whole words, as Gmail finds them; a word may be a part of an address."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None
