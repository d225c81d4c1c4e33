"""What an event is made of: the body of a new one, the fields that a change sets."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tools._events import TAINTED, aware, check_order, moment_of, time_body
from zantara.toolkit import Call, ToolError, check_all

__all__ = ["changed_fields", "event_body", "same_field", "time_again"]

_HOUR = timedelta(hours=1)


def event_body(
    call: Call,
    summary: str,
    start: datetime,
    end: datetime | None = None,
    location: str = "",
    attendees: list[str] | None = None,
    description: str = "",
) -> dict[str, Any]:
    """The event of a call; everything is checked before anything is done."""
    begin = aware(start, call)
    finish = aware(end, call) if end else begin + _HOUR
    check_all(
        lambda: _titled(summary),
        lambda: check_order(begin, finish, "start", "end"),
        *(partial(_address, one) for one in attendees or ()),
    )
    body: dict[str, Any] = {
        "id": _event_id(call.id),
        "summary": summary,
        "start": time_body(begin, call),
        "end": time_body(finish, call),
    }
    if location:
        body["location"] = location
    if description:
        body["description"] = description
    if call.tainted:
        body["extendedProperties"] = TAINTED
    if attendees:
        body["attendees"] = [{"email": _address(one)} for one in attendees]
    return body


def changed_fields(
    found: Mapping[str, Any],
    call: Call,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    summary: str = "",
    location: str = "",
) -> dict[str, Any]:
    """The body of a patch with what changes; moved by its start alone, an event keeps its length.

    Raises ToolError where nothing changes, or the end is not after the start.
    """
    body: dict[str, Any] = {"summary": summary, "location": location}
    body = {name: text for name, text in body.items() if text}
    if start or end:
        body |= _moved(found, start, end, call)
    if body and call.tainted:
        body["extendedProperties"] = TAINTED
    if not body:
        raise ToolError("nothing to change; accepted: start, end, summary or location")
    return body


def _moved(
    found: Mapping[str, Any], start: datetime | None, end: datetime | None, call: Call
) -> dict[str, Any]:
    """The new times. An event of whole days stays one while it begins and ends at midnight."""
    begin, finish = moment_of(found["start"], call), moment_of(found["end"], call)
    new_begin = aware(start, call) if start else begin
    whole_days = "date" in found["start"]
    stays = whole_days and _midnight(new_begin, call)
    length = _HOUR if whole_days and not stays else finish - begin
    new_end = aware(end, call) if end else new_begin + length
    check_order(new_begin, new_end, "start", "end")
    times = {"start": new_begin, "end": new_end}
    if stays and _midnight(new_end, call):
        return {n: {"date": str(t.astimezone(call.timezone).date())} for n, t in times.items()}
    gone = {"date": None} if whole_days else {}
    return {name: {**time_body(moment, call), **gone} for name, moment in times.items()}


def _midnight(moment: datetime, call: Call) -> bool:
    return moment.astimezone(call.timezone).time() == dt.time.min


def time_again(told: str, now: str, call: Call) -> dict[str, Any]:
    """A time that was told to the model, as the API takes it; the other kind is cleared."""
    if "T" not in told:
        return {"date": told, **({"dateTime": None, "timeZone": None} if "T" in now else {})}
    cleared = {} if "T" in now else {"date": None}
    return {**time_body(datetime.fromisoformat(told), call), **cleared}


def same_field(now: Any, wanted: Any) -> bool:
    """Whether the event holds what a field was set to: times are compared as instants."""
    if not isinstance(wanted, Mapping) or not isinstance(now, Mapping):
        return bool(now == wanted)
    if wanted.get("date") or "dateTime" not in now:
        return now.get("date") == wanted.get("date")
    return datetime.fromisoformat(now["dateTime"]) == datetime.fromisoformat(wanted["dateTime"])


def _event_id(call_id: str) -> str:
    """Calendar ids are base32hex; a repeat of the call makes the same one."""
    return hashlib.sha256(call_id.encode()).hexdigest()[:26]


def _titled(summary: str) -> None:
    if not summary.strip():
        raise ToolError("summary: empty; accepted: the event's title")


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text.strip()):
        raise ToolError(f"attendees: {text!r} is not an e-mail address; accepted: name@example.com")
    return text.strip()
