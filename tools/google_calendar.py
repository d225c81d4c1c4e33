"""Calendar, as a model may use it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from tools._event_bodies import changed_fields, event_body, same_field, time_again
from tools._events import (
    MOST,
    aware,
    check_order,
    find_events,
    get_event,
    keeps_busy,
    local_time,
    origins_of,
    reached_by,
    resolve_event,
    shown_event,
    still_there,
    thing_of,
)
from zantara.google import (
    GoogleConflictError,
    GoogleGoneError,
    GoogleNotFoundError,
    SentOrNotError,
)
from zantara.services import current
from zantara.toolkit import Call, Effect, Kind, Preview, ToolError, ToolResult, declare

__all__ = ["CALENDAR_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]


@declare(
    family="calendar",
    effect=Effect.READ,
    args={"time_min": Kind.TIME, "time_max": Kind.TIME, "query": Kind.QUERY},
)
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


@declare(family="calendar", effect=Effect.READ, args={"time_min": Kind.TIME, "time_max": Kind.TIME})
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


async def _preview_create(call: Call, **args: Any) -> Preview:
    """The event as it would stand, and what it overlaps with."""
    body = event_body(call, **args)
    told = ("summary", "location", "description")
    shows: dict[str, Any] = {name: body[name] for name in told if name in body}
    shows |= {name: local_time(body[name]["dateTime"], call) for name in ("start", "end")}
    others = await _overlapping(body)
    if others:
        shows["conflicts_with"] = [shown_event(one, call) for one in others]
    return Preview(shows, worked_out={} if args.get("end") else {"end": "an hour after the start"})


async def _undo_create(call: Call, done: Mapping[str, Any]) -> ToolResult:
    made = done["created"]
    await _unchanged(made, call)
    await _remove(made["id"])
    return ToolResult({"deleted": made})


@declare(
    family="calendar",
    effect=Effect.CREATE,
    args={
        "summary": Kind.NAME,
        "start": Kind.TIME,
        "end": Kind.TIME,
        "location": Kind.PLACE,
        "attendees": Kind.RECIPIENT,
        "description": Kind.TEXT,
    },
    tells=True,
    preview=_preview_create,
    undo=_undo_create,
)
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
    body = event_body(call, summary, start, end, location, attendees, description)
    return await _insert(call, body, await _overlapping(body))


async def _overlapping(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    begin, end = (datetime.fromisoformat(body[name]["dateTime"]) for name in ("start", "end"))
    found = await find_events(begin, end, "")
    return [one for one in found if one["id"] != body["id"] and keeps_busy(one)]


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
    data: dict[str, Any] = {"created": shown_event(event, call)}
    if conflicts:
        data["conflicts_with"] = [shown_event(one, call) for one in conflicts]
    return ToolResult(data, origins_of(("created", [event]), ("conflicts_with[]", conflicts)))


async def _preview_update(
    call: Call, event: str, date: dt.date | None = None, **changes: Any
) -> Preview:
    """The event that is meant, before and after."""
    found = await resolve_event(call, event, date)
    changed = {**found, **changed_fields(found, call, **changes)}
    times = {n: {k: v for k, v in changed[n].items() if v is not None} for n in ("start", "end")}
    shows: dict[str, Any] = {"before": shown_event(found, call)}
    shows["after"] = shown_event({**changed, **times}, call)
    if "dateTime" in times["start"] and times != {n: found[n] for n in times}:
        others = await _overlapping({"id": found["id"], **times})
        if others:
            shows["conflicts_with"] = [shown_event(one, call) for one in others]
    about = thing_of(found, call)
    return Preview(shows, {"event_id": found["id"]}, {event: about}, reached_by(found, about))


async def _undo_update(call: Call, done: Mapping[str, Any]) -> ToolResult:
    before, after = done["before"], done["updated"]
    await _unchanged(after, call)
    body = {name: before.get(name) for name in ("summary", "location")}
    body |= {name: time_again(before[name], after[name], call) for name in ("start", "end")}
    changed = await _patch(before["id"], body)
    return ToolResult({"updated": shown_event(changed, call)}, origins_of(("updated", [changed])))


@declare(
    family="calendar",
    effect=Effect.CHANGE,
    args={
        "event": Kind.TARGET,
        "date": Kind.TIME,
        "start": Kind.TIME,
        "end": Kind.TIME,
        "summary": Kind.NAME,
        "location": Kind.PLACE,
    },
    preview=_preview_update,
    undo=_undo_update,
)
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
    found = await _meant(call, event, date)
    body = changed_fields(found, call, start=start, end=end, summary=summary, location=location)
    # Its words and day may not find it any more once it is changed.
    await call.notes.note(event_id=found["id"])
    changed = await _patch(found["id"], body)
    data: dict[str, Any] = {"before": shown_event(found, call)}
    data["updated"] = shown_event(changed, call)
    others = await _overlapping(changed) if start and "dateTime" in changed["start"] else []
    if others:
        data["conflicts_with"] = [shown_event(one, call) for one in others]
    told = (("before", [found]), ("updated", [changed]), ("conflicts_with[]", others))
    return ToolResult(data, origins_of(*told))


async def _meant(call: Call, event: str, date: dt.date | None) -> dict[str, Any]:
    """The event that a cut-off run of this call noted, that was approved, or that the words mean."""
    if "event_id" in call.notes.facts:
        return await get_event(call.notes.facts["event_id"])
    if "event_id" not in call.resolved:
        return await resolve_event(call, event, date)
    found = await still_there(call.resolved["event_id"])
    if not found:
        raise ToolError(f"event: {event!r} was deleted after you were asked; nothing was done")
    return found


async def _patch(event_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Where the answer is lost, the event itself says whether it was changed."""
    google = current().google
    events = google.api("calendar", "v3").events()
    which = {"calendarId": "primary", "eventId": event_id}
    try:
        return await google.run(lambda: events.patch(**which, body=body, sendUpdates="all"))
    except SentOrNotError:
        now = await still_there(event_id)
        if not now or any(not same_field(now.get(name), value) for name, value in body.items()):
            raise
        return now


async def _preview_delete(call: Call, event: str, date: dt.date | None = None) -> Preview:
    found = await resolve_event(call, event, date)
    shows = {"deletes": shown_event(found, call)}
    return Preview(shows, {"event_id": found["id"]}, {event: thing_of(found, call)})


async def _undo_delete(call: Call, done: Mapping[str, Any]) -> ToolResult:
    """Google keeps no deleted event for its API: the same one is made again, under a new id."""
    gone = done["deleted"]
    if not isinstance(gone, Mapping) or "T" not in gone["start"]:
        raise ToolError("an event of whole days, or one that nobody saw go: make it again by hand")
    if gone.get("organizer"):
        raise ToolError("the event was another's: ask them for a new invitation")
    fields = ("summary", "location", "attendees", "description")
    args: dict[str, Any] = {name: gone[name] for name in fields if gone.get(name)}
    args |= {name: datetime.fromisoformat(gone[name]) for name in ("start", "end")}
    return await _insert(call, event_body(call, **args), [])


@declare(
    family="calendar",
    effect=Effect.DELETE,
    args={"event": Kind.TARGET, "date": Kind.TIME},
    preview=_preview_delete,
    undo=_undo_delete,
)
async def calendar_delete(call: _Injected, event: str, date: dt.date | None = None) -> ToolResult:
    """Delete an event; attendees are told.

    Args:
        call: The call itself.
        event: The event's id, or words of its title.
        date: The day on which the event is.
    """
    try:
        found = await _meant(call, event, date)
    except GoogleNotFoundError:  # a run of this call that was cut off has deleted it
        return ToolResult({"deleted": call.notes.facts.get("event_id", event)})
    await call.notes.note(event_id=found["id"])
    await _remove(found["id"])
    return ToolResult({"deleted": shown_event(found, call)}, origins_of(("deleted", [found])))


async def _remove(event_id: str) -> None:
    """Where the answer is lost, the event itself says whether it is gone."""
    google = current().google
    events = google.api("calendar", "v3").events()
    try:
        await google.run(
            lambda: events.delete(calendarId="primary", eventId=event_id, sendUpdates="all")
        )
    except GoogleGoneError:
        pass
    except SentOrNotError:
        if await still_there(event_id):
            raise


async def _unchanged(told: Mapping[str, Any], call: Call) -> None:
    """Raises ToolError where the event is no longer as this thread left it."""
    now = await still_there(told["id"])
    if not now:
        raise ToolError(f"the event {told['summary']!r} is not there any more")
    if shown_event(now, call) != dict(told):
        raise ToolError(f"the event {told['summary']!r} was changed since: look at it first")


CALENDAR_TOOLS: tuple[BaseTool, ...] = (
    calendar_list,
    calendar_freebusy,
    calendar_create,
    calendar_update,
    calendar_delete,
)
