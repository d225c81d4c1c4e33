"""Arguments from a request's words, by parameter name, type and format."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zantara.gateway.embedded._schema import Parameter, ToolSpec
from zantara.language import (
    Clause,
    TimeSpan,
    beside,
    body,
    cells,
    fold,
    folder_name,
    kind_of_place,
    location,
    named_place,
    normalise,
    read_numbers,
    route_end,
    sheet_name,
    topic,
    travel_mode,
    which_day,
    which_end,
    which_range,
    which_start,
    whom,
)

__all__ = ["Filled", "fill", "person"]


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments, and the required parameters for which the words hold nothing."""

    args: dict[str, Any]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """One clause as a tool reads it."""

    clause: Clause
    tool: ToolSpec
    now: datetime
    day: datetime | None = None

    @property
    def spans(self) -> tuple[TimeSpan, ...]:
        return self.clause.spans

    @property
    def addresses(self) -> list[str]:
        return list(dict.fromkeys(one.text.rstrip(".") for one in self.clause.of("address")))

    @property
    def phone(self) -> str:
        found = self.clause.first_of("phone")
        return normalise(found) if found else ""

    @property
    def moves(self) -> bool:
        return self.tool.action == "update"

    @property
    def located(self) -> bool:
        """Whether the tool wants to know where: a place to search in, or of a new event."""
        return self.tool.domain == "maps" or self.tool.action == "create"


def fill(
    tool: ToolSpec,
    clause: Clause,
    now: datetime,
    *,
    found: Mapping[str, Any],
    day: datetime | None = None,
) -> Filled:
    """Read every parameter of `tool`; `found` holds values that results have brought."""
    read = _Words(clause, tool, now, day)
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
    if parameter.name == "message" and "body" not in {p.name for p in read.tool.parameters}:
        reader = _READERS["body"] if read.tool.action not in ("read", "get", "open") else reader
    value = reader(read) if reader is not None else _by_shape(parameter, read)
    if parameter.kind == "array" and isinstance(value, str):
        return [value] if value else []
    if parameter.kind == "string" and isinstance(value, list):
        return ", ".join(value)
    return value


_SHAPES: tuple[tuple[str, Callable[[_Words], Any]], ...] = (
    (r"mail|recipient|attendee|invitee", lambda read: read.addresses),
    (r"phone|mobile", lambda read: read.phone),
    (r"place|city|address|location|area|dest", lambda r: location(r.clause) or person(r.clause)),
    (r"title|name|person|client|customer|who", lambda r: r.clause.quoted or person(r.clause)),
    (r"text|body|message|content|note|comment", lambda read: body(read.clause, read.tool)),
)


def _by_shape(parameter: Parameter, read: _Words) -> Any:
    """A parameter that no reader knows by its name: by choices, format, type, then name."""
    if parameter.choices:
        return next((c for c in parameter.choices if fold(c) in fold(read.clause.text)), None)
    dated = re.search(r"date|day|when|time|start|deadline|due", parameter.name)
    if parameter.format in ("date", "date-time") or (dated and read.spans):
        whole = parameter.format == "date" or (not parameter.format and "date" in parameter.name)
        start = read.spans[0].start if read.spans else None
        return start and (f"{start:%Y-%m-%d}" if whole else start.isoformat())
    if parameter.kind in ("integer", "number"):
        gone = ("time", "phone", "address")
        numbers = read_numbers(" ".join(t.text for t in read.clause.tokens if not t.has(*gone)))
        if not numbers:
            return None
        return int(numbers[0]) if parameter.kind == "integer" else float(numbers[0])
    if parameter.kind == "boolean":
        return None
    value = next((how(read) for name, how in _SHAPES if re.search(name, parameter.name)), None)
    return value or (topic(read.clause, read.tool) if parameter.required else None)


def _start(read: _Words) -> str | None:
    start = which_start(read.clause, moves=read.moves, day=read.day)
    return start.isoformat() if start else None


def _end(read: _Words) -> str | None:
    start = which_start(read.clause, moves=read.moves, day=read.day)
    end = which_end(read.clause, start, moves=read.moves)
    return end.isoformat() if end else None


def _range(read: _Words, *, end: bool) -> str:
    span = which_range(read.clause)
    if span:
        return (span.end if end else span.start).isoformat()
    midnight = read.now.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = 31 if whom(read.clause) else 7
    return (midnight + timedelta(days=ahead if end else 0)).isoformat()


def _date(read: _Words) -> str | None:
    day = which_day(read.clause, moves=read.moves)
    return f"{day:%Y-%m-%d}" if day else None


def _subject(read: _Words) -> str:
    named = read.clause.entitled or body(read.clause, read.tool) or topic(read.clause, read.tool)
    return (named[:1].upper() + named[1:])[:60].rstrip(" .,;:")


def _event(read: _Words) -> str:
    """The words of its title: what follows a comma tells why; "the meeting" alone is no title."""
    named = re.split(r"\s*[,:]", topic(read.clause, read.tool))[0].strip()
    kept = read.clause.bare(drop=("generic", "small", "article", "o.calendar", "first", "o.mail"))
    return named if kept or read.clause.quoted or any(s.has_day for s in read.spans) else ""


def _query(read: _Words) -> str:
    if read.tool.action == "list":
        return whom(read.clause)
    if read.tool.domain == "maps":
        return kind_of_place(read.clause)
    found = [topic(read.clause, read.tool)]
    if read.tool.domain == "gmail":
        if read.clause.entitled:
            found = [f'subject:"{read.clause.entitled}"']
        found += [f"is:{name}" for name in ("unread",) if name in read.clause.features]
        found += ["has:attachment"] if "attached" in read.clause.features else []
        found += _days(read)
    return " ".join(one for one in found if one)


def _days(read: _Words) -> list[str]:
    """Gmail's operators for a time: open at its end after "since"."""
    if not read.spans:
        return []
    span = read.spans[0]
    after = f"after:{span.start:%Y/%m/%d}"
    if span.end > read.now or re.search(_SINCE, fold(read.clause.text[: span.begin + 8])):
        return [after]
    return [after, f"before:{span.end:%Y/%m/%d}"]


_SINCE = r"\b(since|after|sejak|setelah|dal|dopo|from|dari|mulai|da)\b"


def _to(read: _Words) -> Any:
    if read.tool.domain == "gmail":
        return read.addresses
    return read.phone or read.addresses


def _channel(read: _Words) -> str:
    found = read.clause.first_of("channel")
    return found or beside(read.clause, "o.slack")


def person(clause: Clause) -> str:
    """A name that a message may go to."""
    return clause.names[0] if clause.names else ""


def _listed(read: _Words) -> str:
    """What follows a colon or a dash."""
    parts = re.split(r":\s|\s[-–—]\s", read.clause.text, maxsplit=1)
    at = next((i for i, t in enumerate(read.clause.tokens) if t.has("o.row")), None)
    if parts[1:] or at is None:
        return parts[1] if parts[1:] else topic(read.clause, read.tool)
    rest = [t for t in read.clause.tokens[at + 1 :] if not t.has("small", "o.sheet", "quoted")]
    return read.clause.phrase(at + 1, len(read.clause.tokens)) if rest else ""


def _title(read: _Words) -> str:
    return read.clause.quoted or topic(read.clause, read.tool)


def _content(read: _Words) -> str:
    """What a document holds or memory keeps: what is said, or quoted after the title."""
    quoted = [one.text[1:-1].strip() for one in read.clause.of("quoted")]
    if read.tool.domain == "memory":
        return read.clause.said or _title(read)
    return read.clause.said or "".join(quoted[1:2]) or read.clause.text.partition(": ")[2]


_READERS: dict[str, Callable[[_Words], Any]] = {
    "time_min": lambda read: _range(read, end=False),
    "time_max": lambda read: _range(read, end=True),
    "start": _start,
    "end": _end,
    "date": _date,
    "to": _to,
    "attendees": lambda read: read.addresses,
    "subject": _subject,
    "body": lambda read: body(read.clause, read.tool),
    "text": lambda read: body(read.clause, read.tool),
    "query": _query,
    "summary": lambda read: _title(read) if read.tool.action == "create" else None,
    "location": lambda read: location(read.clause) if read.located else None,
    "event": _event,
    "message": lambda read: topic(read.clause, read.tool),
    "origin": lambda read: route_end(read.clause, 0),
    "destination": lambda read: route_end(read.clause, 1),
    "mode": lambda read: travel_mode(read.clause),
    "place": lambda read: named_place(read.clause) or topic(read.clause, read.tool),
    "content": _content,
    "channel": _channel,
    "space": lambda read: beside(read.clause, "o.googlechat"),
    "title": _title,
    "folder": lambda read: folder_name(read.clause),
    "file_name": lambda read: read.clause.first_of("file") or read.clause.quoted,
    "spreadsheet": lambda read: read.clause.quoted or sheet_name(read.clause),
    "range": lambda read: re.sub(r"\s*:\s*", ":", read.clause.first_of("range").strip()),
    "values": lambda read: cells(read.clause.said or _listed(read)),
}
