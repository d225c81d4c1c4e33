"""Calendar, as a model may use it."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.google import GoogleConflictError, GoogleGoneError, GoogleNotFoundError
from zantara.services import current
from zantara.toolkit import Call, ToolError, ToolResult, declare

__all__ = ["CALENDAR_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_HOUR = timedelta(hours=1)
_MOST = 50
_ENOUGH = 0.6  # of the words that name an event; small words between them need not fit
_OWN = {
    "": Provenance.SYSTEM,
    "events[].summary": Provenance.OWN,
    "events[].location": Provenance.OWN,
    "events[].description": Provenance.OWN,
    "events[].attendees[]": Provenance.OWN,
}
_OUTSIDE = {path: Provenance.OUTSIDE if path else kind for path, kind in _OWN.items()}


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
    events = await _events(_aware(time_min, call), _aware(time_max, call), query)
    own = all(event.get("organizer", {}).get("self") for event in events)
    shown = [_shown(event, call) for event in events]
    return ToolResult({"events": shown}, dict(_OWN if own else _OUTSIDE))


@declare(family="calendar", writes=False)
async def calendar_freebusy(call: _Injected, time_min: datetime, time_max: datetime) -> ToolResult:
    """Tell whether a time is free: the busy spans of the range.

    Args:
        call: The call itself.
        time_min: Beginning of the range, ISO 8601 with offset.
        time_max: End of the range, not included.
    """
    begin, end = _aware(time_min, call), _aware(time_max, call)
    _in_order(begin, end, "time_min", "time_max")
    body = {
        "timeMin": begin.isoformat(),
        "timeMax": end.isoformat(),
        "items": [{"id": "primary"}],
    }
    google = current().google
    found = await google.run(lambda: google.api("calendar", "v3").freebusy().query(body=body))
    busy = [
        {name: _local(span[name], call) for name in ("start", "end")}
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
    begin = _aware(start, call)
    finish = _aware(end, call) if end else begin + _HOUR
    _in_order(begin, finish, "start", "end")
    if not summary.strip():
        raise ToolError("summary: empty; accepted: the event's title")
    body: dict[str, Any] = {
        "id": _event_id(call.id),
        "summary": summary,
        "start": _time(begin, call),
        "end": _time(finish, call),
    }
    if location:
        body["location"] = location
    if description:
        body["description"] = description
    if attendees:
        body["attendees"] = [{"email": _address(one)} for one in attendees]
    conflicts = await _events(begin, finish, "")
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
        event = await _get(body["id"])
    others = [_shown(one, call) for one in conflicts if one["id"] != event["id"]]
    data: dict[str, Any] = {"created": _shown(event, call)}
    if others:
        data["conflicts_with"] = others
    return ToolResult(data, {"": Provenance.SYSTEM, "conflicts_with[].summary": Provenance.OUTSIDE})


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
    found = await (_get(noted) if noted else _resolve(call, event, date))
    body: dict[str, Any] = {"summary": summary, "location": location}
    body = {name: text for name, text in body.items() if text}
    if start or end:
        body |= _moved(found, start, end, call)
    if not body:
        raise ToolError("nothing to change; accepted: start, end, summary or location")
    # Its words and day may not find it any more once it is changed.
    await call.notes.note(event_id=found["id"])
    google = current().google
    changed = await google.run(
        lambda: (
            google.api("calendar", "v3")
            .events()
            .patch(calendarId="primary", eventId=found["id"], body=body, sendUpdates="all")
        )
    )
    return ToolResult({"before": _shown(found, call), "updated": _shown(changed, call)})


def _moved(
    found: Mapping[str, Any], start: datetime | None, end: datetime | None, call: Call
) -> dict[str, Any]:
    begin, finish = _moment(found["start"], call), _moment(found["end"], call)
    new_begin = _aware(start, call) if start else begin
    new_end = _aware(end, call) if end else new_begin + (finish - begin)
    _in_order(new_begin, new_end, "start", "end")
    return {"start": _time(new_begin, call), "end": _time(new_end, call)}


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
        found = await (_get(noted) if noted else _resolve(call, event, date))
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
        return ToolResult({"deleted": _shown(found, call)})
    return ToolResult({"deleted": _shown(found, call)})


CALENDAR_TOOLS: tuple[BaseTool, ...] = (
    calendar_list,
    calendar_freebusy,
    calendar_create,
    calendar_update,
    calendar_delete,
)


async def _events(begin: datetime, end: datetime, query: str) -> list[dict[str, Any]]:
    _in_order(begin, end, "time_min", "time_max")
    google = current().google
    options = {"q": query} if query else {}
    found = await google.run(
        lambda: (
            google.api("calendar", "v3")
            .events()
            .list(
                calendarId="primary",
                timeMin=begin.isoformat(),
                timeMax=end.isoformat(),
                singleEvents=True,
                orderBy="startTime",
                maxResults=_MOST,
                **options,
            )
        )
    )
    return list(found["items"])


async def _get(event_id: str) -> dict[str, Any]:
    google = current().google
    return await google.run(
        lambda: google.api("calendar", "v3").events().get(calendarId="primary", eventId=event_id)
    )


async def _resolve(call: Call, event: str, date: dt.date | None) -> dict[str, Any]:
    """The one event that an id, or words of a title near a day, mean."""
    if re.fullmatch(r"[a-v0-9]{10,}", event):
        try:
            return await _get(event)
        except GoogleNotFoundError:
            pass
    if date is not None:
        begin = datetime.combine(date, datetime.min.time(), call.timezone)
        events = await _events(begin, begin + timedelta(days=1), "")
    else:
        events = await _events(call.now - timedelta(days=1), call.now + timedelta(days=90), "")
    fits = [_fits(event, one) for one in events]
    best = max(fits, default=0)
    fitting = [one for one, fit in zip(events, fits, strict=True) if fit == best >= _ENOUGH]
    ids = {one.get("recurringEventId", one["id"]) for one in fitting}
    if len(ids) == 1:
        return fitting[0]
    if not fitting:
        when = f" on {date}" if date else " in the next 90 days"
        raise ToolError(f"event: no event {event!r}{when}; accepted: an id or words of its title")
    listed = "; ".join(f"{one['summary']} ({_shown(one, call)['start']})" for one in fitting[:5])
    raise ToolError(f"event: {event!r} fits several: {listed}; say which")


def _fits(words: str, event: Mapping[str, Any]) -> float:
    """The share of the words that begin a word of the title, whatever accents and case."""
    title = _plain(str(event.get("summary", ""))).split()
    wanted = [word for word in _plain(words).split() if len(word) > 2] or _plain(words).split()
    return sum(any(t.startswith(w[:6]) for t in title) for w in wanted) / max(len(wanted), 1)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c))))


def _shown(event: Mapping[str, Any], call: Call) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": event["id"],
        "summary": event.get("summary", ""),
        "start": _told(event["start"], call),
        "end": _told(event["end"], call),
    }
    for name in ("location", "description"):
        if event.get(name):
            shown[name] = event[name]
    if event.get("attendees"):
        shown["attendees"] = [one["email"] for one in event["attendees"]]
    return shown


def _told(time: Mapping[str, str], call: Call) -> str:
    return time["date"] if "date" in time else _local(time["dateTime"], call)


def _local(stamp: str, call: Call) -> str:
    return datetime.fromisoformat(stamp).astimezone(call.timezone).isoformat(timespec="seconds")


def _moment(time: Mapping[str, str], call: Call) -> datetime:
    if "date" in time:
        return datetime.fromisoformat(time["date"]).replace(tzinfo=call.timezone)
    return datetime.fromisoformat(time["dateTime"])


def _time(moment: datetime, call: Call) -> dict[str, str]:
    return {"dateTime": moment.isoformat(), "timeZone": str(call.timezone)}


def _aware(moment: datetime, call: Call) -> datetime:
    """A time without an offset is the user's own."""
    return moment if moment.tzinfo else moment.replace(tzinfo=call.timezone)


def _in_order(begin: datetime, end: datetime, first: str, last: str) -> None:
    if end <= begin:
        raise ToolError(f"{last}: {end.isoformat()} is not after {first} {begin.isoformat()}")


def _event_id(call_id: str) -> str:
    """Calendar ids are base32hex; a repeat of the call makes the same one."""
    return hashlib.sha256(call_id.encode()).hexdigest()[:26]


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text.strip()):
        raise ToolError(f"attendees: {text!r} is not an e-mail address")
    return text.strip()
