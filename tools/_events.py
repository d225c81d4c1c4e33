"""Events: found, shown to a model, and whose words they carry."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from zantara.gate.provenance import Provenance, of_rows
from zantara.google import GoogleNotFoundError
from zantara.language import plain
from zantara.services import current
from zantara.toolkit import Call, Thing, ToolError

__all__ = [
    "MOST",
    "TAINTED",
    "aware",
    "check_order",
    "find_events",
    "get_event",
    "keeps_busy",
    "local_time",
    "moment_of",
    "origins_of",
    "reached_by",
    "resolve_event",
    "shown_event",
    "still_there",
    "thing_of",
    "time_body",
]

MOST = 50
TAINTED = {"private": {"zantara": str(Provenance.OUTSIDE)}}
"""The mark of an event that words from outside were written into."""
_ENOUGH = 0.6  # of the words that name an event; small words between them need not fit
_WRITTEN = ("summary", "location", "description", "attendees[]", "organizer")


async def find_events(begin: datetime, end: datetime, query: str) -> list[dict[str, Any]]:
    """Up to 50 events between two moments, in order of start; one of a series is one event.

    Raises ToolError where `end` is not after `begin`.
    """
    check_order(begin, end, "time_min", "time_max")
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
                maxResults=MOST,
                **options,
            )
        )
    )
    return list(found["items"])


async def get_event(event_id: str) -> dict[str, Any]:
    """The event as the API has it. Raises GoogleNotFoundError."""
    google = current().google
    return await google.run(
        lambda: google.api("calendar", "v3").events().get(calendarId="primary", eventId=event_id)
    )


async def still_there(event_id: str) -> dict[str, Any]:
    """The event if it is there; empty when it is not, or is deleted."""
    try:
        event = await get_event(event_id)
    except GoogleNotFoundError:
        return {}
    return event if event["status"] != "cancelled" else {}


async def resolve_event(call: Call, event: str, date: dt.date | None) -> dict[str, Any]:
    """The one event that an id, or words of a title near a day, mean."""
    if re.fullmatch(r"[a-v0-9]{10,}(_\d{8}(T\d{6}Z)?)?", event):
        by_id = await still_there(event)
        if by_id:
            return by_id
    if date is not None:
        begin = datetime.combine(date, datetime.min.time(), call.timezone)
        events = await find_events(begin, begin + timedelta(days=1), "")
    else:
        events = await find_events(call.now - timedelta(days=1), call.now + timedelta(days=90), "")
    fits = [_fits(event, one) for one in events]
    best = max(fits, default=0)
    fitting = [one for one, fit in zip(events, fits, strict=True) if fit == best >= _ENOUGH]
    ids = {one.get("recurringEventId", one["id"]) for one in fitting}
    if len(ids) == 1:  # of a recurring event the one that is not over yet
        ahead = (one for one in fitting if moment_of(one["end"], call) > call.now)
        return next(ahead, fitting[0])
    if not fitting:
        when = f" on {date}" if date else " in the next 90 days"
        raise ToolError(f"event: no event {event!r}{when}; accepted: an id or words of its title")
    listed = "; ".join(
        f"{one.get('summary', '')} ({shown_event(one, call)['start']})" for one in fitting[:5]
    )
    raise ToolError(f"event: {event!r} fits several: {listed}; say which")


def _fits(words: str, event: Mapping[str, Any]) -> float:
    """The share of the words that begin a word of the title, whatever accents and case."""
    title = plain(str(event.get("summary", ""))).split()
    wanted = [word for word in plain(words).split() if len(word) > 2] or plain(words).split()
    return sum(any(t.startswith(w[:6]) for t in title) for w in wanted) / max(len(wanted), 1)


def shown_event(event: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """What a model is told of an event: times in the user's zone, the organizer if somebody else."""
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
    if not _own(event):
        shown["organizer"] = event.get("organizer", {}).get("email", "")
    return shown


def _own(event: Mapping[str, Any]) -> bool:
    """The user's words alone: they organise it, and nothing from outside was written into it here."""
    marks = event.get("extendedProperties", {}).get("private", {})
    return bool(event.get("organizer", {}).get("self")) and "zantara" not in marks


def keeps_busy(event: Mapping[str, Any]) -> bool:
    """Whether its time counts as taken: an event may be marked as free."""
    return event.get("transparency") != "transparent"


def origins_of(*shown: tuple[str, Sequence[Mapping[str, Any]]]) -> dict[str, Provenance]:
    """What people wrote is the user's own, or from outside where anybody else has organised it.

    A created event's words are never the system's: they may be what a mail told the model to write.
    """
    origins = {"": Provenance.SYSTEM}
    for path, events in shown:
        kinds = [Provenance.OWN if _own(one) else Provenance.OUTSIDE for one in events]
        origins |= of_rows(path, _WRITTEN, kinds)
    return origins


def thing_of(event: Mapping[str, Any], call: Call) -> Thing:
    """What a call on the event would act on."""
    owner = Provenance.OWN if _own(event) else Provenance.OUTSIDE
    day = _told(event["start"], call)[: len("2026-01-31")]
    return Thing((str(event.get("summary", "")),), owner, day)


def reached_by(event: Mapping[str, Any], about: Thing) -> dict[str, Thing]:
    """Who is told when the event changes."""
    others = (one for one in event.get("attendees", ()) if not one.get("self"))
    return {one["email"]: about for one in others}


def _told(time: Mapping[str, str], call: Call) -> str:
    return time["date"] if "date" in time else local_time(time["dateTime"], call)


def local_time(stamp: str, call: Call) -> str:
    """An instant of the API in the user's zone, ISO 8601 to the second."""
    return datetime.fromisoformat(stamp).astimezone(call.timezone).isoformat(timespec="seconds")


def moment_of(time: Mapping[str, str], call: Call) -> datetime:
    """Where an event's `start` or `end` lies; a whole day begins at the user's midnight."""
    if "date" in time:
        return datetime.fromisoformat(time["date"]).replace(tzinfo=call.timezone)
    return datetime.fromisoformat(time["dateTime"])


def time_body(moment: datetime, call: Call) -> dict[str, str]:
    """A moment as the API takes it."""
    return {"dateTime": moment.isoformat(), "timeZone": str(call.timezone)}


def aware(moment: datetime, call: Call) -> datetime:
    """A time without an offset is the user's own."""
    return moment if moment.tzinfo else moment.replace(tzinfo=call.timezone)


def check_order(begin: datetime, end: datetime, first: str, last: str) -> None:
    """Raise ToolError, naming both fields, where `end` is not after `begin`."""
    if end <= begin:
        raise ToolError(f"{last}: {end.isoformat()} is not after {first} {begin.isoformat()}")
