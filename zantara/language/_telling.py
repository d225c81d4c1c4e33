"""Saying times and things: the other way round from reading them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zantara.language._words import data

__all__ = ["HIDDEN", "tell_clock", "tell_day", "tell_event", "tell_thing"]

HIDDEN = ("id", "etag", "ok", "done", "next_page_token")
"""What is said of no thing: it is for programs."""


def tell_clock(stamp: object) -> str:
    """ "15:00" of an ISO 8601 time; anything else as it is."""
    moment = _moment(stamp)
    return f"{moment:%H:%M}" if moment else str(stamp)


def tell_day(stamp: object, language: str) -> str:
    """ "Tuesday 10 March" of an ISO 8601 time, in `language`; anything else as it is."""
    moment = _moment(stamp)
    if moment is None:
        return str(stamp or "")
    names = data(language)["calendar"]
    return f"{names['weekdays'][moment.weekday()]} {moment.day} {names['months'][moment.month - 1]}"


def tell_event(event: Mapping[str, Any], language: str) -> str:
    """Its title, day and hours, and where it is."""
    start, end = event.get("start"), event.get("end")
    hours = f" {tell_clock(start)}-{tell_clock(end)}" if "T" in str(start) else ""
    place = f" ({event['location']})" if event.get("location") else ""
    return f"{event.get('summary', '')}, {tell_day(start, language)}{hours}{place}"


def _moment(stamp: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(stamp))
    except ValueError:
        return None


def tell_thing(value: Any) -> str:
    """One found thing: its name first, then what else is known of it."""
    if isinstance(value, list):
        return " | ".join(str(one) for one in value)
    if not isinstance(value, Mapping):
        return str(value)
    leading = ("name", "title", "summary", "content", "text")
    head = next((str(value[one]) for one in leading if value.get(one)), "")
    rest = [
        f"{key.replace('_', ' ')}: {', '.join(map(_inner, v)) if isinstance(v, list) else _inner(v)}"
        for key, v in value.items()
        if key not in (*leading, *HIDDEN) and v not in (None, "", [])
    ]
    return ", ".join([*([head] if head else []), *rest])


def _inner(value: Any) -> str:
    """A thing within a thing; a time as a day and an hour."""
    if isinstance(value, Mapping):
        return f"({tell_thing(value)})"
    text = str(value)
    return f"{text[:10]} {tell_clock(text)}" if "T" in text and _moment(text) else text
