"""Arguments from a request's words, by parameter name, type and format."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from zantara.gateway.embedded._goals import _cues
from zantara.gateway.embedded._lexicon import LANGUAGES, fold, key, keys, table
from zantara.gateway.embedded._schema import Parameter, ToolSpec
from zantara.language import TimeSpan, read_times

__all__ = ["ADDRESS", "Filled", "fill", "names", "topic", "unsaid"]

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d ()-]{7,}\d")
_QUOTED = re.compile(r"[\"“«](.+?)[\"”»]|(?<!\w)['‘](.+?)['’](?!\w)")
_POSSESSIVE = re.compile(r"['’]s(?!\w)")
_ELIDED = re.compile(r"(?<!\w)(?:l|un|d|dell|all|nell|sull|dall|quell|quest)['’]", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments, and the required parameters for which the words hold nothing."""

    args: dict[str, Any]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """One clause with what was read from it."""

    clause: str
    tool: ToolSpec
    spans: tuple[TimeSpan, ...]
    now: datetime
    addresses: tuple[str, ...]


def fill(tool: ToolSpec, clause: str, now: datetime, *, found: Mapping[str, Any]) -> Filled:
    """Read every parameter of `tool` from `clause`; `found` holds values that results have brought."""
    addresses = tuple(dict.fromkeys(ADDRESS.findall(clause)))
    read = _Words(clause, tool, tuple(read_times(clause, now=now)), now, addresses)
    args: dict[str, Any] = {}
    missing: list[str] = []
    for parameter in tool.parameters:
        value = found.get(parameter.name) or _value(parameter, read)
        if value not in (None, "", []):
            args[parameter.name] = value
        elif parameter.required or _needed(parameter, args, tool):
            missing.append(parameter.name)
    return Filled(args, tuple(missing))


def _needed(parameter: Parameter, args: Mapping[str, Any], tool: ToolSpec) -> bool:
    """An update with nothing to change lacks its new time."""
    changes = {p.name for p in tool.parameters if not p.required} - {"date"}
    return tool.action == "update" and parameter.name == "location" and not changes & set(args)


def _value(parameter: Parameter, read: _Words) -> Any:
    reader = _READERS.get(parameter.name)
    if reader is not None:
        return reader(read)
    if parameter.format == "date-time":
        return _start(read)
    if parameter.kind in ("integer", "number"):
        numbers = re.findall(r"\d+(?:\.\d+)?", read.clause)
        return float(numbers[0]) if numbers else None
    if parameter.choices:
        return next((c for c in parameter.choices if fold(c) in fold(read.clause)), None)
    return topic(read.clause, read.tool, read.spans) if parameter.required else None


def _start(read: _Words) -> str | None:
    """The time that a new event begins; of two the last: what something moves to."""
    clocks = [span for span in read.spans if span.has_clock]
    if not clocks:
        return None
    start, last = clocks[-1].start, read.spans[-1]
    days = [span for span in read.spans if span.has_day and span is not clocks[-1]]
    moved = read.tool.action == "update" and last is not clocks[-1] and last.has_day
    if days and (moved or not clocks[-1].has_day):
        day = days[-1].start
        start = start.replace(year=day.year, month=day.month, day=day.day)
    return start.isoformat()


def _end(read: _Words) -> str | None:
    clocks = [span for span in read.spans if span.has_clock]
    return clocks[-1].end.isoformat() if clocks and clocks[-1].has_end and clocks[-1].end else None


def _range(read: _Words, *, end: bool) -> str:
    if read.spans:
        span = read.spans[0]
        return (span.end if end else span.start).isoformat()
    midnight = read.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=7 if end else 0)).isoformat()


def _date(read: _Words) -> str | None:
    """The day on which an event is now: of two times the first."""
    if not read.spans or (read.tool.action == "update" and len(read.spans) < 2):
        return None
    return f"{read.spans[0].start:%Y-%m-%d}"


def _subject(read: _Words) -> str:
    named = _after("subject_is").search(read.clause)
    if named:
        until = re.split(rf",|;|(?<!\w)(?:{_any_of('saying')})(?!\w)", named[1], maxsplit=1)
        return until[0].strip(" .:'\"")
    body = _said(read) or topic(read.clause, read.tool, read.spans)
    return (body[:1].upper() + body[1:])[:60].rstrip(" .,;:")


def _said(read: _Words) -> str:
    """What is to be said: after "that", "kalau", "che", a colon; else what a subject names."""
    for pattern in _saying():
        match = pattern.search(read.clause)
        if match and match[1].strip():
            return match[1].strip(" .")
    return ""


def _body(read: _Words) -> str:
    return _said(read) or _about(read)


def _about(read: _Words) -> str:
    match = _after("about").search(read.clause)
    return match[1].strip(" .?") if match else ""


@cache
def _saying() -> tuple[re.Pattern[str], ...]:
    return (re.compile(r":\s+(.+)$", re.DOTALL), _after("saying"))


@cache
def _any_of(group: str) -> str:
    """A pattern for the phrases of a group, the longest first."""
    listed = {re.escape(word) for lang in LANGUAGES for word in table(lang)["words"][group]}
    return "|".join(sorted(listed, key=len, reverse=True))


@cache
def _after(group: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{_any_of(group)})(?:(?<=')|(?!\w))\s*(.+)$", re.IGNORECASE | re.DOTALL
    )


def names(text: str) -> str:
    """The words with a capital inside a request: whom or what it names."""
    found = re.findall(r"(?<=\s)[A-ZÀ-Ù][\w-]+", _POSSESSIVE.sub(" ", text))
    return " ".join(found)


def _query(read: _Words) -> str:
    if read.tool.action == "list":
        return ""
    words = " ".join([topic(_plain(read.clause), read.tool, read.spans), *_operators(read)]).strip()
    since = _after("since").search(read.clause)
    if read.tool.domain == "gmail" and read.spans and since:
        return f"{words} after:{read.spans[0].start:%Y/%m/%d}".strip()
    return words


def _operators(read: _Words) -> list[str]:
    """Gmail's operators for what is said in words."""
    if read.tool.domain != "gmail":
        return []
    said = {"unread": "is:unread", "attached": "has:attachment"}
    return [operator for group, operator in said.items() if _holds(read.clause, group)]


def _holds(clause: str, group: str) -> bool:
    return re.search(rf"(?<!\w)(?:{_any_of(group)})(?!\w)", clause, re.IGNORECASE) is not None


def _plain(clause: str) -> str:
    """The clause without the words that became operators."""
    listed = f"{_any_of('unread')}|{_any_of('attached')}"
    return re.sub(rf"(?<!\w)(?:{listed})(?!\w)", " ", clause, flags=re.IGNORECASE)


def _location(read: _Words) -> str | None:
    """A place after "at", "di", "presso", "a": words that begin with a capital or name one."""
    bare = _cut(read.clause, read.spans)
    match = re.search(_place_pattern(), bare)
    return match[1].strip(" ,.") if match else None


@cache
def _place_pattern() -> str:
    capital = r"[A-ZÀ-Ù][\w'.-]*"
    more = r"[A-ZÀ-Ù0-9][\w'.-]*"
    return rf"(?<!\w)(?:{_any_of('at')})\s+((?:[a-zà-ù']+\s+)?{capital}(?:\s+{more})*)"


def _event(read: _Words) -> str:
    """The words of its title: what follows a comma tells why, not which."""
    for part in read.clause.split(","):
        found = topic(part, read.tool, read_times(part, now=read.now))
        if found:
            return found
    return ""


def _topic(read: _Words) -> str:
    return topic(read.clause, read.tool, read.spans)


_READERS: dict[str, Callable[[_Words], Any]] = {
    "time_min": lambda read: _range(read, end=False),
    "time_max": lambda read: _range(read, end=True),
    "start": _start,
    "end": _end,
    "date": _date,
    "to": lambda read: list(read.addresses),
    "attendees": lambda read: list(read.addresses),
    "subject": _subject,
    "body": _body,
    "query": _query,
    "summary": lambda read: (
        topic(read.clause, read.tool, read.spans) if read.tool.action == "create" else None
    ),
    "location": lambda read: _location(read) if read.tool.action == "create" else None,
    "description": lambda _read: None,
    "event": _event,
    "message": lambda read: topic(unsaid(read.clause), read.tool, read.spans),
}


def unsaid(clause: str) -> str:
    """The clause without what is to be said."""
    for pattern in _saying():
        match = pattern.search(clause)
        if match:
            return clause[: match.start()]
    return clause


def _cut(clause: str, spans: Sequence[TimeSpan]) -> str:
    for span in sorted(spans, key=lambda one: one.begin, reverse=True):
        clause = f"{clause[: span.begin]} {clause[span.stop :]}"
    return clause


def topic(clause: str, tool: ToolSpec, spans: Sequence[TimeSpan]) -> str:
    """What the clause is about: quoted words, else what verbs, times and small words leave."""
    quoted = _QUOTED.search(clause)
    if quoted:
        return (quoted[1] or quoted[2]).strip()
    bare = _POSSESSIVE.sub(" ", ADDRESS.sub(" ", _cut(clause, spans)))
    if tool.action not in ("create", "send", "draft"):
        bare = _ELIDED.sub(" ", bare)
    tokens = re.findall(r"[^\s,;:!?]+", bare)
    keep = _trimmed(tokens, tool)
    return _SPACE.sub(" ", " ".join(keep)).strip(" .,'")


def _trimmed(tokens: list[str], tool: ToolSpec) -> list[str]:
    drop = _dropped(tool.domain, tool.action)
    small = _small()
    kept: list[tuple[str, bool]] = []
    at = 0
    folded = [fold(token).strip(".'\"") for token in tokens]
    keyed = [key(word) for word in folded]
    while at < len(tokens):
        size = next((n for n in (4, 3, 2, 1) if tuple(keyed[at : at + n]) in drop), 0)
        if size:
            at += size
            continue
        kept.append((tokens[at], folded[at] in small))
        at += 1
    while kept and kept[0][1]:
        kept.pop(0)
    while kept and kept[-1][1]:
        kept.pop()
    if tool.action in ("search", "list"):
        kept = [pair for pair in kept if not pair[1]]
    return [token for token, _small_word in kept]


@cache
def _dropped(domain: str, action: str) -> frozenset[tuple[str, ...]]:
    cues = _cues(domain, action)
    found: set[tuple[str, ...]] = set()
    for lang in LANGUAGES:
        found |= {tuple(keys(p)) for p in table(lang)["words"]["polite"]}
        found |= {tuple(keys(p)) for p in table(lang)["words"]["holders"].get(domain, ())}
    if cues:
        found |= set(cues.verbs) | set(cues.asks)
    return frozenset(found)


@cache
def _small() -> frozenset[str]:
    return frozenset(fold(w) for lang in LANGUAGES for w in table(lang)["words"]["small"])
