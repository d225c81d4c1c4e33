"""Calendar, as a model may use it."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from tools._events import (
    MOST,
    aware,
    check_order,
    find_events,
    get_event,
    keeps_busy,
    local_time,
    moment_of,
    origins_of,
    resolve_event,
    shown_event,
    still_there,
    time_body,
)
from zantara.google import (
    GoogleConflictError,
    GoogleGoneError,
    GoogleNotFoundError,
    SentOrNotError,
)
from zantara.services import current
from zantara.toolkit import Call, ToolError, ToolResult, declare

__all__ = ["CALENDAR_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_HOUR = timedelta(hours=1)


@declare(family="calendar", writes=False)
async def calendar_list(
    call: _Injected, time_min: datetime, time_max: datetime, query: str = ""
) -> ToolResult:
    """List the events of a time range, earliest first.

    Args:
        call: The call itself.
        time_min: Beginning of the range, ISO 8601 with offset; a day begins at midnight.
        time_max: End of the range, not included; a day ends at the next midnight.
        query: Words that the events must contain; empty for all.
    """
    events = await find_events(aware(time_min, call), aware(time_max, call), query)
    data: dict[str, Any] = {"events": [shown_event(event, call) for event in events]}
    if len(events) == MOST:
        data["more"] = f"only the first {MOST} events are shown"
    return ToolResult(data, origins_of(("events[]", events)))


@declare(family="calendar", writes=False)
async def calendar_freebusy(call: _Injected, time_min: datetime, time_max: datetime) -> ToolResult:
    """Tell whether a time is free: the busy spans of the range.

    Args:
        call: The call itself.
        time_min: Beginning of the range, ISO 8601 with offset.
        time_max: End of the range, not included.
    """
    begin, end = aware(time_min, call), aware(time_max, call)
    check_order(begin, end, "time_min", "time_max")
    body = {
        "timeMin": begin.isoformat(),
        "timeMax": end.isoformat(),
        "items": [{"id": "primary"}],
    }
    google = current().google
    found = await google.run(lambda: google.api("calendar", "v3").freebusy().query(body=body))
    busy = [
        {name: local_time(span[name], call) for name in ("start", "end")}
        for span in found["calendars"]["primary"]["busy"]
    ]
    return ToolResult({"free": not busy, "busy": busy})


@declare(family="calendar", writes=True)
async def calendar_create(
    call: _Injected,
    summary: str,
    start: datetime,
    end: datetime | None = None,
    location: str = "",
    attendees: list[str] | None = None,
    description: str = "",
) -> ToolResult:
    """Create an event; attendees are invited by mail.

    Args:
        call: The call itself.
        summary: The event's title.
        start: Beginning, ISO 8601 with offset.
        end: End; an hour after the beginning when left out.
        location: Where it takes place.
        attendees: E-mail addresses of the people to invite.
        description: What it is about.
    """
    begin = aware(start, call)
    finish = aware(end, call) if end else begin + _HOUR
    check_order(begin, finish, "start", "end")
    if not summary.strip():
        raise ToolError("summary: empty; accepted: the event's title")
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
    if attendees:
        body["attendees"] = [{"email": _address(one)} for one in attendees]
    conflicts = await find_events(begin, finish, "")
    return await _insert(call, body, conflicts)


async def _insert(
    call: Call, body: dict[str, Any], conflicts: Sequence[Mapping[str, Any]]
) -> ToolResult:
    google = current().google
    updates = "all" if body.get("attendees") else "none"
    try:
        event = await google.run(
            lambda: (
                google.api("calendar", "v3")
                .events()
                .insert(calendarId="primary", body=body, sendUpdates=updates)
            )
        )
    except GoogleConflictError:  # a run of this call that was cut off has created it
        event = await get_event(body["id"])
    except SentOrNotError:
        event = await still_there(body["id"])
        if not event:
            raise
    others = [one for one in conflicts if one["id"] != event["id"] and keeps_busy(one)]
    data: dict[str, Any] = {"created": shown_event(event, call)}
    if others:
        data["conflicts_with"] = [shown_event(one, call) for one in others]
    return ToolResult(data, origins_of(("created", [event]), ("conflicts_with[]", others)))


@declare(family="calendar", writes=True)
async def calendar_update(
    call: _Injected,
    event: str,
    date: dt.date | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    summary: str = "",
    location: str = "",
) -> ToolResult:
    """Move or change an event.

    Args:
        call: The call itself.
        event: The event's id, or words of its title.
        date: The day on which the event is now.
        start: New beginning, ISO 8601 with offset; the length is kept when no end is given.
        end: New end.
        summary: New title.
        location: New place.
    """
    noted = call.notes.facts.get("event_id", "")
    found = await (get_event(noted) if noted else resolve_event(call, event, date))
    body: dict[str, Any] = {"summary": summary, "location": location}
    body = {name: text for name, text in body.items() if text}
    if start or end:
        body |= _moved(found, start, end, call)
    if not body:
        raise ToolError("nothing to change; accepted: start, end, summary or location")
    # Its words and day may not find it any more once it is changed.
    await call.notes.note(event_id=found["id"])
    changed = await _patch(found["id"], body)
    return ToolResult(
        {"before": shown_event(found, call), "updated": shown_event(changed, call)},
        origins_of(("before", [found]), ("updated", [changed])),
    )


async def _patch(event_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Where the answer is lost, the event itself says whether it was changed."""
    google = current().google
    events = google.api("calendar", "v3").events()
    which = {"calendarId": "primary", "eventId": event_id}
    try:
        return await google.run(lambda: events.patch(**which, body=body, sendUpdates="all"))
    except SentOrNotError:
        now = await still_there(event_id)
        if not now or any(not _same(now.get(name), value) for name, value in body.items()):
            raise
        return now


def _same(now: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping) or not isinstance(now, Mapping):
        return bool(now == wanted)
    if wanted.get("date") or "dateTime" not in now:
        return now.get("date") == wanted.get("date")
    return datetime.fromisoformat(now["dateTime"]) == datetime.fromisoformat(wanted["dateTime"])


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


@declare(family="calendar", writes=True)
async def calendar_delete(call: _Injected, event: str, date: dt.date | None = None) -> ToolResult:
    """Delete an event; attendees are told.

    Args:
        call: The call itself.
        event: The event's id, or words of its title.
        date: The day on which the event is.
    """
    noted = call.notes.facts.get("event_id", "")
    try:
        found = await (get_event(noted) if noted else resolve_event(call, event, date))
    except GoogleNotFoundError:  # a run of this call that was cut off has deleted it
        return ToolResult({"deleted": noted})
    await call.notes.note(event_id=found["id"])
    google = current().google
    try:
        await google.run(
            lambda: (
                google.api("calendar", "v3")
                .events()
                .delete(calendarId="primary", eventId=found["id"], sendUpdates="all")
            )
        )
    except GoogleGoneError:
        pass
    except SentOrNotError:
        if await still_there(found["id"]):
            raise
    return ToolResult({"deleted": shown_event(found, call)}, origins_of(("deleted", [found])))


CALENDAR_TOOLS: tuple[BaseTool, ...] = (
    calendar_list,
    calendar_freebusy,
    calendar_create,
    calendar_update,
    calendar_delete,
)


def _event_id(call_id: str) -> str:
    """Calendar ids are base32hex; a repeat of the call makes the same one."""
    return hashlib.sha256(call_id.encode()).hexdigest()[:26]


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text.strip()):
        raise ToolError(f"attendees: {text!r} is not an e-mail address")
    return text.strip()
