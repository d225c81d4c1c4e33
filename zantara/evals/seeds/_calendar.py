"""Events to be moved or deleted, and something to list for calls that need a list's result."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from zantara.evals._arguments import argument_name, moment
from zantara.evals._files import ActionRow
from zantara.evals._words import share_of_words
from zantara.evals.seeds._ground import Ground, Target
from zantara.language import read_times

__all__ = ["seed"]

_HOUR = timedelta(hours=1)
_NEAR = timedelta(days=120)
_USUAL = time(10)
_LISTED = "Project review"


async def seed(ground: Ground, row: ActionRow, index: int) -> Target | None:
    """The event that an update or delete names; for a list that feeds another call, any event."""
    call = row.expected_calls[index]
    args = {argument_name(name): value for name, value in call.args.items()}
    if "event" in args:
        await _clear(ground, str(args["event"]), row.now)
        return await _insert(ground, str(args["event"]), _when(row, args))
    feeds = any(index in other.depends_on for other in row.expected_calls)
    begin = moment(args.get("time_min", ""), row.now)
    if feeds and not call.optional and begin is not None:
        await _insert(ground, _LISTED, begin.replace(hour=_USUAL.hour))
    return None


def _when(row: ActionRow, args: Mapping[str, Any]) -> datetime:
    """When the event is before the call changes it.

    A row fixes the day of what is deleted. Of what is moved it fixes only the new time: the old one
    stands in the user's words, beside the new one.
    """
    original = moment(args.get("original_start", ""), row.now)
    if original is not None and len(str(args["original_start"])) > len("2026-03-10"):
        return original
    new = moment(args.get("start", ""), row.now)
    day = moment(args.get("date", ""), row.now) or original
    for span in read_times(" ".join(row.turns), now=row.now, language=row.language):
        if span.start != new and (day is None or span.start.date() == day.date()):
            at = span.start if span.has_clock else _usual(span.start)
            return at if at != new else at + _HOUR
    fallback = _usual(day or new or row.now)
    return fallback if fallback != new else fallback + _HOUR


def _usual(day: datetime) -> datetime:
    return day.replace(hour=_USUAL.hour, minute=0, second=0, microsecond=0)


async def _clear(ground: Ground, words: str, now: datetime) -> None:
    """Remove the demo's own events of that name: the row knows of one event, not of several."""
    google = ground.services.google
    events = google.api("calendar", "v3").events
    span = {"timeMin": (now - _NEAR).isoformat(), "timeMax": (now + _NEAR).isoformat()}
    found = await google.run(
        lambda: events().list(calendarId="primary", singleEvents=True, maxResults=250, **span)
    )
    alike = [one for one in found["items"] if share_of_words(words, one.get("summary", "")) > 0]
    for event_id in {one.get("recurringEventId", one["id"]) for one in alike}:
        await google.run(partial(_deletion, events, event_id))


def _deletion(events: Any, event_id: str) -> Any:
    return events().delete(calendarId="primary", eventId=event_id)


async def _insert(ground: Ground, words: str, start: datetime) -> Target:
    google = ground.services.google
    body = {
        "summary": words[:1].upper() + words[1:],
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": (start + _HOUR).isoformat()},
    }
    events = google.api("calendar", "v3").events
    made = await google.run(lambda: events().insert(calendarId="primary", body=body))
    return Target(str(made["id"]))
