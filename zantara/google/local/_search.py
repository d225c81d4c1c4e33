"""Gmail's search box: operators, phrases, minus, OR."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zantara.google.local._faults import Fault

__all__ = ["matches"]

_ZONE = ZoneInfo("Asia/Makassar")
_TERM = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"|\(([^)]*)\)|([^\s"]+))')
_HEADERS = {"from", "to", "cc", "subject"}
_TIMES = {"after", "newer", "before", "older", "newer_than", "older_than"}
_UNITS = {"d": 1, "m": 30, "y": 365}


def matches(mail: Mapping[str, Any], query: str, now: datetime) -> bool:
    """Whether a stored mail is found by `query`. Raises Fault 501 for an unknown operator."""
    return all(_any(mail, group, now) for group in _groups(query))


def _groups(query: str) -> list[list[re.Match[str]]]:
    """Terms that must all hold; those joined by OR share a group."""
    groups: list[list[re.Match[str]]] = []
    joined = False
    for term in _TERM.finditer(query):
        if term.group() == "OR":
            joined = bool(groups)
        elif joined:
            groups[-1].append(term)
            joined = False
        else:
            groups.append([term])
    return groups


def _any(mail: Mapping[str, Any], terms: list[re.Match[str]], now: datetime) -> bool:
    return any(_term(mail, term, now) for term in terms)


def _term(mail: Mapping[str, Any], term: re.Match[str], now: datetime) -> bool:
    minus, operator, quoted, grouped, word = term.groups()
    value = quoted or word or ""
    if grouped is not None:
        inner = grouped if not operator else " ".join(f"{operator}:{w}" for w in grouped.split())
        held = matches(mail, inner, now)
    elif operator:
        held = _operator(mail, operator.lower(), value, now)
    else:
        held = _contains(_text(mail), value)
    return held != bool(minus)


def _operator(mail: Mapping[str, Any], operator: str, value: str, now: datetime) -> bool:
    if operator in _HEADERS:
        return _contains(str(mail["headers"].get(operator, "")), value)
    if operator in _TIMES:
        return _in_time(mail, operator, value, now)
    if operator in ("in", "label", "is"):
        return _labelled(mail, operator, value.upper())
    if (operator, value) == ("has", "attachment"):
        return bool(mail["attachments"])
    if operator == "filename":
        return any(_contains(name, value) for name in mail["attachments"])
    if operator == "rfc822msgid":
        return str(mail["headers"].get("message-id", "")).strip("<>") == value.strip("<>")
    raise Fault(501, "notImplemented", f"search operator {operator}: is not implemented")


def _in_time(mail: Mapping[str, Any], operator: str, value: str, now: datetime) -> bool:
    received = datetime.fromtimestamp(int(mail["internalDate"]) / 1000, UTC)
    limit = _ago(value, now) if operator.endswith("_than") else _date(value)
    later = operator in ("after", "newer", "newer_than")
    return received >= limit if later else received < limit


def _ago(value: str, now: datetime) -> datetime:
    found = re.fullmatch(r"(\d+)([dmy])", value)
    if not found:
        raise Fault(400, "invalidArgument", f"Invalid query: {value}")
    return now - timedelta(days=int(found[1]) * _UNITS[found[2]])


def _labelled(mail: Mapping[str, Any], operator: str, value: str) -> bool:
    labels = mail["labelIds"]
    if operator == "is" and value == "READ":
        return "UNREAD" not in labels
    if operator == "in" and value == "ANYWHERE":
        return True
    return value in labels or (value == "DRAFTS" and "DRAFT" in labels)


def _date(value: str) -> datetime:
    if re.fullmatch(r"\d{9,11}", value):
        return datetime.fromtimestamp(int(value), UTC)
    found = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", value)
    if not found:
        raise Fault(400, "invalidArgument", f"Invalid query: date {value}")
    return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=_ZONE)


def _text(mail: Mapping[str, Any]) -> str:
    return " ".join([*mail["headers"].values(), mail["text"]])


def _contains(text: str, words: str) -> bool:
    """Whole words, as Gmail finds them; a word may be a part of an address."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None
