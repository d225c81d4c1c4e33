"""Calendar v3: one primary calendar, with what the discovery document says of it."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from zantara.clock import Clock
from zantara.google.local._contract import Asked
from zantara.google.local._faults import Fault
from zantara.google.local._recurrence import expand
from zantara.google.local._storage import Storage

__all__ = ["CALENDAR_METHODS", "Calendar", "bounds"]

_ZONE = "Asia/Makassar"
_ID = re.compile(r"[a-v0-9]{5,1024}")
_KIND = "event"

_LIST = frozenset(
    {"calendarId", "timeMin", "timeMax", "q", "singleEvents", "orderBy", "maxResults"}
    | {"pageToken", "syncToken", "showDeleted", "timeZone"}
)
_ONE = frozenset({"calendarId", "eventId"})
_WRITE = frozenset({"calendarId", "eventId", "sendUpdates"})
CALENDAR_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "calendar.events.list": ("list_events", _LIST),
    "calendar.events.get": ("get", _ONE | {"timeZone"}),
    "calendar.events.insert": ("insert", frozenset({"calendarId", "sendUpdates"})),
    "calendar.events.patch": ("patch", _WRITE),
    "calendar.events.update": ("update", _WRITE),
    "calendar.events.delete": ("delete", _WRITE),
    "calendar.freebusy.query": ("freebusy", frozenset()),
    "calendar.calendarList.list": ("calendars", frozenset({"maxResults", "pageToken"})),
}


class Calendar:
    """The events of the account's primary calendar."""

    def __init__(self, storage: Storage, clock: Clock, account: str) -> None:
        self._storage = storage
        self._clock = clock
        self._account = account

    def list_events(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        params = asked.params
        if params.get("orderBy") == "startTime" and not params.get("singleEvents"):
            raise Fault(400, "badRequest", "orderBy=startTime needs singleEvents=true")
        token = params.get("syncToken")
        since = _sync_point(token, self._storage.changes()) if token else 0
        begin, end = _moment(params, "timeMin"), _moment(params, "timeMax")
        if begin and end and begin >= end:
            raise Fault(400, "timeRangeEmpty", "The specified time range is empty.")
        events = self._storage.all(_KIND, since=since)
        if not (params.get("showDeleted") or token):
            events = [event for event in events if event["status"] != "cancelled"]
        if params.get("singleEvents"):
            events = [one for event in events for one in expand(event, begin, end, _ZONE)]
        events = [e for e in events if _within(e, begin, end) and _says(e, params.get("q", ""))]
        if params.get("orderBy"):
            events.sort(key=_by_start if params["orderBy"] == "startTime" else _by_update)
        return self._page(events, params)

    def _page(self, events: list[dict[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
        size = min(int(params.get("maxResults", 250)), 2500)
        begin = _offset(params.get("pageToken"))
        page: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": f'"{self._storage.changes()}"',
            "summary": self._account,
            "timeZone": _ZONE,
            "accessRole": "owner",
            "items": events[begin : begin + size],
        }
        if begin + size < len(events):
            page["nextPageToken"] = _token(begin + size)
        else:
            page["nextSyncToken"] = _token(self._storage.changes())
        return page

    def get(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        return self._event(asked.params["eventId"], gone=404)

    def insert(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        identity = asked.body.get("id") or secrets.token_hex(13)
        if not _ID.fullmatch(identity):
            raise Fault(400, "invalid", f"Invalid resource id value: {identity}")
        if self._storage.get(_KIND, identity) is not None:
            raise Fault(409, "duplicate", "The requested identifier already exists.")
        now = _rfc(self._clock.now())
        person = {"email": self._account, "self": True}
        event = {
            "kind": "calendar#event",
            "id": identity,
            "status": "confirmed",
            "htmlLink": f"https://calendar.google.com/calendar/event?eid={identity}",
            "created": now,
            "creator": person,
            "organizer": person,
            "iCalUID": f"{identity}@google.com",
            "sequence": 0,
            "reminders": {"useDefault": True},
            "eventType": "default",
            **asked.body,
        }
        return self._save(event)

    def patch(self, asked: Asked) -> dict[str, Any]:
        return self._replace({**self._found(asked), **asked.body})

    def update(self, asked: Asked) -> dict[str, Any]:
        kept = {
            k: v
            for k, v in self._found(asked).items()
            if k in ("kind", "id", "status", "htmlLink", "created", "creator", "organizer",
                     "iCalUID", "sequence", "eventType")
        }  # fmt: skip
        return self._replace({**kept, **asked.body})

    def _found(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        event = self._event(asked.params["eventId"], gone=404)
        if asked.if_match not in ("", "*", event["etag"]):
            raise Fault(412, "conditionNotMet", "Precondition Failed")
        return event

    def _replace(self, event: dict[str, Any]) -> dict[str, Any]:
        event = {name: value for name, value in event.items() if value is not None}
        return self._save({**event, "sequence": event.get("sequence", 0) + 1})

    def delete(self, asked: Asked) -> None:
        self._own(asked)
        event = self._event(asked.params["eventId"], gone=410)
        if asked.if_match not in ("", "*", event["etag"]):
            raise Fault(412, "conditionNotMet", "Precondition Failed")
        self._save({**event, "status": "cancelled"})

    def freebusy(self, asked: Asked) -> dict[str, Any]:
        body = asked.body
        if "timeMin" not in body or "timeMax" not in body:
            raise Fault(400, "required", "Missing required field: timeMin or timeMax")
        begin, end = _moment(body, "timeMin"), _moment(body, "timeMax")
        if begin is None or end is None or begin >= end:
            raise Fault(400, "timeRangeEmpty", "The specified time range is empty.")
        calendars: dict[str, Any] = {}
        for item in body.get("items", []):
            if item.get("id") in ("primary", self._account):
                calendars[item["id"]] = {"busy": self._busy(begin, end)}
            else:
                missing = {"domain": "global", "reason": "notFound"}
                calendars[item.get("id", "")] = {"errors": [missing], "busy": []}
        return {
            "kind": "calendar#freeBusy",
            "timeMin": _rfc(begin),
            "timeMax": _rfc(end),
            "calendars": calendars,
        }

    def _busy(self, begin: datetime, end: datetime) -> list[dict[str, str]]:
        spans: list[tuple[datetime, datetime]] = []
        for event in self._storage.all(_KIND):
            if event["status"] == "cancelled" or event.get("transparency") == "transparent":
                continue
            for one in expand(event, begin, end, _ZONE):
                first, last = bounds(one)
                if first < end and last > begin:
                    spans.append((max(first, begin), min(last, end)))
        merged: list[tuple[datetime, datetime]] = []
        for first, last in sorted(spans):
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return [{"start": _rfc(first), "end": _rfc(last)} for first, last in merged]

    def calendars(self, _asked: Asked) -> dict[str, Any]:
        entry = {
            "kind": "calendar#calendarListEntry",
            "etag": '"1"',
            "id": self._account,
            "summary": self._account,
            "timeZone": _ZONE,
            "accessRole": "owner",
            "primary": True,
        }
        return {"kind": "calendar#calendarList", "etag": '"1"', "items": [entry]}

    def _own(self, asked: Asked) -> None:
        if asked.params.get("calendarId") not in ("primary", self._account):
            raise Fault(404, "notFound", "Not Found")

    def _event(self, identity: str, *, gone: int) -> dict[str, Any]:
        event = self._storage.get(_KIND, identity)
        if (
            event is None
            and self._storage.get(_KIND, identity.split("_", maxsplit=1)[0]) is not None
        ):
            raise Fault(501, "notImplemented", "changing one instance is not implemented")
        if event is None or (event["status"] == "cancelled" and gone == 404):
            raise Fault(404, "notFound", "Not Found")
        if event["status"] == "cancelled":
            raise Fault(410, "deleted", "Resource has been deleted")
        return event

    def _save(self, event: dict[str, Any]) -> dict[str, Any]:
        for name in ("start", "end"):
            if name not in event:
                raise Fault(400, "required", f"Missing {name} time.")
        first, last = bounds(event)
        if last < first:
            raise Fault(400, "timeRangeEmpty", "The specified time range is empty.")
        if event.get("recurrence"):
            expand(event, first, first, _ZONE)
        event["updated"] = _rfc(self._clock.now())
        digest = hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:16]
        event["etag"] = f'"{digest}"'
        self._storage.put(_KIND, event["id"], event)
        return event


def bounds(event: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Beginning and end of an event as instants. Raises Fault 400 for times it cannot read."""
    return _instant(event["start"]), _instant(event["end"])


def _instant(time: Mapping[str, str]) -> datetime:
    try:
        zone = ZoneInfo(time.get("timeZone", _ZONE))
        if "date" in time:
            return datetime.fromisoformat(time["date"]).replace(tzinfo=zone)
        moment = datetime.fromisoformat(time["dateTime"])
    except (KeyError, ValueError) as error:
        raise Fault(400, "invalid", f"Invalid time: {dict(time)}") from error
    if moment.tzinfo is None and "timeZone" not in time:
        raise Fault(400, "invalid", "Missing time zone definition for start or end time.")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _moment(params: Mapping[str, Any], name: str) -> datetime | None:
    value = params.get(name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value).replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Fault(400, "badRequest", f"Bad Request: {name} must be an RFC 3339 time with offset")
    return moment


def _within(event: Mapping[str, Any], begin: datetime | None, end: datetime | None) -> bool:
    first, last = bounds(event)
    return (begin is None or last > begin or first == last >= begin) and (
        end is None or first < end
    )


def _says(event: Mapping[str, Any], words: str) -> bool:
    people = [f"{p.get('displayName', '')} {p['email']}" for p in event.get("attendees", ())]
    fields = [str(event.get(name, "")) for name in ("summary", "description", "location")]
    text = " ".join([*fields, *people]).casefold()
    return all(word in text for word in words.casefold().split())


def _by_start(event: Mapping[str, Any]) -> tuple[datetime, str]:
    return bounds(event)[0].astimezone(UTC), str(event["id"])


def _by_update(event: Mapping[str, Any]) -> str:
    return str(event["updated"])


def _rfc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _token(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode()


def _offset(token: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError as error:
        raise Fault(400, "invalid", f"Invalid page token: {token}") from error


def _sync_point(token: str, latest: int) -> int:
    point = _offset(token)
    if point > latest:
        raise Fault(
            410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required."
        )
    return point
