"""Times as Calendar writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zantara.google.local._faults import Fault

__all__ = ["ZONE", "bounds", "in_zone", "instant", "moment", "rfc", "within", "zone_of"]

ZONE = "Asia/Makassar"
_TIMES = ("start", "end", "originalStartTime")


def zone_of(name: str) -> ZoneInfo:
    """Raises Fault 400 for a zone that is not of the IANA database."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Fault(400, "invalid", f"Invalid time zone definition: {name}") from error


def bounds(event: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Beginning and end of an event as instants. Raises Fault 400 for times it cannot read."""
    return instant(event["start"]), instant(event["end"])


def instant(time: Mapping[str, str]) -> datetime:
    """Raises Fault 400 unless there is either a day, or a time with an offset or a zone."""
    if ("date" in time) == ("dateTime" in time):
        raise Fault(400, "invalid", "Invalid start or end time: date or dateTime is needed.")
    zone = zone_of(time.get("timeZone", ZONE))
    try:
        read = datetime.fromisoformat(time["date"] if "date" in time else time["dateTime"])
    except ValueError as error:
        raise Fault(400, "invalid", f"Invalid time: {dict(time)}") from error
    if read.tzinfo is None and "dateTime" in time and "timeZone" not in time:
        raise Fault(400, "invalid", "Missing time zone definition for start or end time.")
    return read if read.tzinfo else read.replace(tzinfo=zone)


def moment(params: Mapping[str, Any], name: str) -> datetime | None:
    """A parameter's RFC 3339 time; None when it is not given."""
    value = params.get(name)
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(str(value).replace(" ", "+"))
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise Fault(400, "badRequest", f"Bad Request: {name} must be an RFC 3339 time with offset")
    return read


def within(event: Mapping[str, Any], begin: datetime | None, end: datetime | None) -> bool:
    """Whether an event touches [begin, end); one without length counts where it stands."""
    first, last = bounds(event)
    return (begin is None or last > begin or first == last >= begin) and (
        end is None or first < end
    )


def in_zone(event: Mapping[str, Any], zone: str = ZONE) -> dict[str, Any]:
    """The event as it is answered: times in the calendar's zone, or in the one asked for."""
    shown = dict(event)
    for name in _TIMES:
        if "dateTime" in event.get(name, {}):
            local = instant(event[name]).astimezone(zone_of(zone))
            shown[name] = {**event[name], "dateTime": local.isoformat()}
    return shown


def rfc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
