"""Instances of recurring events, by python-dateutil's rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from zantara.google.local._faults import Fault

__all__ = ["expand"]

_MOST = 750


def expand(
    event: Mapping[str, Any], begin: datetime | None, end: datetime | None, zone: str
) -> list[dict[str, Any]]:
    """The instances of `event` that touch [begin, end); the event itself when it does not recur.

    Instances keep the wall-clock time of the event's own zone. Raises Fault 400 for a bad rule.
    """
    if not event.get("recurrence"):
        return [dict(event)]
    day = "date" in event["start"]
    home = ZoneInfo(event["start"].get("timeZone", zone))
    first = _wall(event["start"], home)
    length = _wall(event["end"], home) - first
    try:
        rules = rrulestr("\n".join(event["recurrence"]), dtstart=first, forceset=True)
    except (ValueError, TypeError) as error:
        raise Fault(400, "invalid", f"Invalid recurrence rule: {error}") from error
    low = (begin.astimezone(home).replace(tzinfo=None) if begin else first) - length
    high = end.astimezone(home).replace(tzinfo=None) if end else first + timedelta(days=730)
    starts = rules.between(low, high, inc=True)[:_MOST]
    return [_instance(event, start, length, home, day=day) for start in starts]


def _wall(time: Mapping[str, str], home: ZoneInfo) -> datetime:
    if "date" in time:
        return datetime.fromisoformat(time["date"])
    moment = datetime.fromisoformat(time["dateTime"])
    return moment.astimezone(home).replace(tzinfo=None) if moment.tzinfo else moment


def _instance(
    event: Mapping[str, Any], start: datetime, length: timedelta, home: ZoneInfo, *, day: bool
) -> dict[str, Any]:
    stamp = (
        f"{start:%Y%m%d}"
        if day
        else f"{start.replace(tzinfo=home).astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
    )
    times = [_time(moment, home, day=day) for moment in (start, start + length)]
    kept = {k: v for k, v in event.items() if k != "recurrence"}
    return {
        **kept,
        "id": f"{event['id']}_{stamp}",
        "recurringEventId": event["id"],
        "originalStartTime": times[0],
        "start": times[0],
        "end": times[1],
    }


def _time(moment: datetime, home: ZoneInfo, *, day: bool) -> dict[str, str]:
    if day:
        return {"date": f"{moment:%Y-%m-%d}"}
    return {"dateTime": moment.replace(tzinfo=home).isoformat(), "timeZone": str(home)}
