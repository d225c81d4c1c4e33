"""Instances of recurring events, by python-dateutil's rules."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from zantara.google.local._faults import Fault
from zantara.google.local._times import ZONE, zone_of

__all__ = ["expand", "instance_of"]

_MOST = 750
_AHEAD = timedelta(days=730)
_UNTIL = re.compile(r"UNTIL=(\d{8}T\d{6}Z)")
_LISTED = re.compile(r"(EXDATE|RDATE)((?:;[^:]*)?):(.*)")


def expand(
    event: Mapping[str, Any], begin: datetime | None, end: datetime | None
) -> list[dict[str, Any]]:
    """The instances of `event` that touch [begin, end); the event itself when it does not recur.

    Instances keep the wall-clock time of the event's own zone. Raises Fault 400 for a bad rule.
    """
    if not event.get("recurrence"):
        return [dict(event)]
    home = zone_of(event["start"].get("timeZone", ZONE))
    first = _wall(event["start"], home)
    length = _wall(event["end"], home) - first
    low = (begin.astimezone(home).replace(tzinfo=None) if begin else first) - length
    high = end.astimezone(home).replace(tzinfo=None) if end else max(low, first) + _AHEAD
    starts = takewhile(lambda start: start <= high, _starts(event["recurrence"], first, low, home))
    day = "date" in event["start"]
    return [_instance(event, start, length, home, day=day) for start in islice(starts, _MOST)]


def instance_of(event: Mapping[str, Any], identity: str) -> dict[str, Any] | None:
    """The instance with this id, if the event's rule has it."""
    stamp = identity.rpartition("_")[2]
    if not re.fullmatch(r"\d{8}(T\d{6}Z)?", stamp):
        return None
    try:
        begin = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    begin = begin if begin.tzinfo else begin.replace(tzinfo=zone_of(ZONE))
    near = expand(event, begin, begin + timedelta(days=1))
    return next((one for one in near if one["id"] == identity), None)


def _starts(rules: list[str], first: datetime, low: datetime, home: ZoneInfo) -> Iterator[datetime]:
    """Wall-clock times from `low` on. UNTIL and the listed dates are brought to the same clock."""
    try:
        text = "\n".join(_on_wall(rule, home) for rule in rules)
        found = rrulestr(text, dtstart=first, forceset=True)
        if not any(rule.startswith("RRULE") for rule in rules):
            found.rdate(first)  # without a rule the event itself is the first instance
        yield from cast("Iterator[datetime]", found.xafter(low, inc=True))
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Fault(400, "invalid", f"Invalid recurrence rule: {error}") from error


def _on_wall(rule: str, home: ZoneInfo) -> str:
    listed = _LISTED.fullmatch(rule.strip())
    if listed is None:
        return _UNTIL.sub(lambda until: f"UNTIL={_local(until[1], home, home)}", rule)
    zone = re.search(r"TZID=([^;]+)", listed[2])
    written_in = zone_of(zone[1]) if zone else home
    times = ",".join(_local(text, written_in, home) for text in listed[3].split(","))
    return f"{listed[1]}:{times}"


def _local(stamp: str, written_in: ZoneInfo, home: ZoneInfo) -> str:
    read = datetime.fromisoformat(stamp.strip())
    if len(stamp.strip()) > len("20260101"):
        read = (read if read.tzinfo else read.replace(tzinfo=written_in)).astimezone(home)
    return f"{read:%Y%m%dT%H%M%S}"


def _wall(time: Mapping[str, str], home: ZoneInfo) -> datetime:
    if "date" in time:
        return datetime.fromisoformat(time["date"])
    moment = datetime.fromisoformat(time["dateTime"])
    return moment.astimezone(home).replace(tzinfo=None) if moment.tzinfo else moment


def _instance(
    event: Mapping[str, Any], start: datetime, length: timedelta, home: ZoneInfo, *, day: bool
) -> dict[str, Any]:
    in_utc = start.replace(tzinfo=home).astimezone(UTC)
    stamp = f"{start:%Y%m%d}" if day else f"{in_utc:%Y%m%dT%H%M%SZ}"
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
