"""Calendar v3: one primary calendar, with what the discovery document says of it."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from zantara.clock import Clock
from zantara.google.local._contract import Asked
from zantara.google.local._faults import Fault
from zantara.google.local._recurrence import expand, instance_of
from zantara.google.local._storage import Storage
from zantara.google.local._times import ZONE, bounds, in_zone, moment, rfc, within

__all__ = ["CALENDAR_METHODS", "Calendar"]

_ID = re.compile(r"[a-v0-9]{5,1024}")
_KIND = "event"
# What Google sets. It is ignored in requests, as Google does.
_READ_ONLY = frozenset(
    {"kind", "etag", "htmlLink", "created", "updated", "creator", "organizer", "hangoutLink"}
    | {"recurringEventId", "originalStartTime", "conferenceData", "iCalUID"}
)
_NOT_WITH_SYNC = ("orderBy", "q", "timeMin", "timeMax")

_LIST = frozenset(
    {"calendarId", "timeMin", "timeMax", "q", "singleEvents", "orderBy", "maxResults"}
    | {"pageToken", "syncToken", "showDeleted", "timeZone"}
)
_ONE = frozenset({"calendarId", "eventId"})
_WRITE = frozenset({"calendarId", "eventId", "sendUpdates"})
_INSTANCES = _ONE | {"timeMin", "timeMax", "maxResults", "pageToken", "showDeleted", "timeZone"}
CALENDAR_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "calendar.events.list": ("list_events", _LIST),
    "calendar.events.instances": ("instances", _INSTANCES),
    "calendar.events.get": ("get", _ONE | {"timeZone"}),
    "calendar.events.insert": ("insert", frozenset({"calendarId", "sendUpdates"})),
    "calendar.events.patch": ("patch", _WRITE),
    "calendar.events.update": ("update", _WRITE),
    "calendar.events.delete": ("delete", _WRITE),
    "calendar.freebusy.query": ("freebusy", frozenset()),
    "calendar.calendarList.list": ("calendars", frozenset({"maxResults", "pageToken"})),
}


class Calendar:
    """The events of the account's primary calendar.

    A changed or cancelled instance of a recurring event is an event of its own, which takes the
    place of the one that the rule makes.
    """

    def __init__(self, storage: Storage, clock: Clock, account: str) -> None:
        self._storage = storage
        self._clock = clock
        self._account = account

    def list_events(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        params = asked.params
        if params.get("orderBy") == "startTime" and not params.get("singleEvents"):
            raise Fault(400, "badRequest", "orderBy=startTime needs singleEvents=true")
        begin, end = _range(params)
        events = self._storage.all(_KIND, since=self._since(params))
        if params.get("singleEvents"):
            events = self._singles(events, begin, end)
        events = [event for event in events if self._told(event, params)]
        events = [e for e in events if within(e, begin, end) and _says(e, params.get("q", ""))]
        if params.get("orderBy"):
            events.sort(key=_by_start if params["orderBy"] == "startTime" else _by_update)
        return self._page(events, params)

    def instances(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        params = asked.params
        master = self._event(params["eventId"], gone=404)
        if not master.get("recurrence"):
            raise Fault(400, "invalid", "The event is not a recurring one.")
        begin, end = _range(params)
        changed = [
            event
            for event in self._storage.all(_KIND)
            if event.get("recurringEventId") == master["id"]
        ]
        events = self._singles([master, *changed], begin, end)
        shown = [e for e in events if within(e, begin, end) and self._told(e, params)]
        return self._page(sorted(shown, key=_by_start), params)

    def _since(self, params: Mapping[str, Any]) -> int:
        token = params.get("syncToken")
        if not token:
            return 0
        unfit = [name for name in _NOT_WITH_SYNC if name in params]
        if unfit or params.get("showDeleted") is False:
            raise Fault(400, "badRequest", f"syncToken cannot be used with {[*unfit, 'it'][0]}")
        return _sync_point(token, self._storage.changes())

    def _singles(
        self, events: list[dict[str, Any]], begin: datetime | None, end: datetime | None
    ) -> list[dict[str, Any]]:
        """Single events and instances; those that were changed stand for themselves."""
        if not any(event.get("recurrence") for event in events):
            return events
        changed = {e["id"] for e in self._storage.all(_KIND) if "recurringEventId" in e}
        return [
            one
            for event in events
            for one in expand(event, begin, end)
            if one["id"] not in changed or one["id"] == event["id"]
        ]

    @staticmethod
    def _told(event: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
        """Deleted events on demand; without expansion, cancelled instances are needed to expand."""
        if event["status"] != "cancelled" or params.get("showDeleted") or params.get("syncToken"):
            return True
        return "recurringEventId" in event and params.get("singleEvents") is not True

    def _page(self, events: list[dict[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
        size = min(int(params.get("maxResults", 250)), 2500)
        zone = params.get("timeZone", ZONE)
        begin = _offset(params.get("pageToken"))
        page: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": f'"{self._storage.changes()}"',
            "summary": self._account,
            "timeZone": zone,
            "accessRole": "owner",
            "items": [in_zone(event, zone) for event in events[begin : begin + size]],
        }
        if begin + size < len(events):
            page["nextPageToken"] = _token(begin + size)
        else:
            page["nextSyncToken"] = _token(self._storage.changes())
        return page

    def get(self, asked: Asked) -> dict[str, Any]:
        """A deleted event is still answered, with its status, as Google does."""
        self._own(asked)
        event = self._any_event(asked.params["eventId"])
        return in_zone(event, asked.params.get("timeZone", ZONE))

    def insert(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        return in_zone(self.add(_writable(asked.body)))

    def add(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Store a new event; the demo's invitations come this way, with their organizers."""
        identity = body.get("id") or secrets.token_hex(13)
        if not _ID.fullmatch(identity):
            raise Fault(400, "invalid", f"Invalid resource id value: {identity}")
        if self._storage.get(_KIND, identity) is not None:
            raise Fault(409, "duplicate", "The requested identifier already exists.")
        now = rfc(self._clock.now())
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
            **{name: value for name, value in body.items() if value is not None},
        }
        return self._save(event)

    def patch(self, asked: Asked) -> dict[str, Any]:
        return self._replace(_merged(self._found(asked, gone=404), _writable(asked.body)), asked)

    def update(self, asked: Asked) -> dict[str, Any]:
        kept = {
            k: v
            for k, v in self._found(asked, gone=404).items()
            if k in _READ_ONLY or k in ("status", "sequence", "eventType")
        }
        return self._replace({**kept, **_writable(asked.body)}, asked)

    def _found(self, asked: Asked, *, gone: int) -> dict[str, Any]:
        self._own(asked)
        event = self._event(asked.params["eventId"], gone=gone)
        if asked.if_match not in ("", "*", event["etag"]):
            raise Fault(412, "conditionNotMet", "Precondition Failed")
        return event

    def _replace(self, event: dict[str, Any], asked: Asked) -> dict[str, Any]:
        event = {name: value for name, value in event.items() if value is not None}
        number = event.get("sequence", 0) + 1
        return in_zone(self._save({**event, "id": asked.params["eventId"], "sequence": number}))

    def delete(self, asked: Asked) -> None:
        """A deleted recurring event takes its changed instances with it."""
        event = self._found(asked, gone=410)
        self._save({**event, "status": "cancelled"})
        for other in self._storage.all(_KIND) if event.get("recurrence") else ():
            if other.get("recurringEventId") == event["id"]:
                self._save({**other, "status": "cancelled"})

    def freebusy(self, asked: Asked) -> dict[str, Any]:
        body = asked.body
        if "timeMin" not in body or "timeMax" not in body:
            raise Fault(400, "required", "Missing required field: timeMin or timeMax")
        begin, end = moment(body, "timeMin"), moment(body, "timeMax")
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
            "timeMin": rfc(begin),
            "timeMax": rfc(end),
            "calendars": calendars,
        }

    def _busy(self, begin: datetime, end: datetime) -> list[dict[str, str]]:
        spans: list[tuple[datetime, datetime]] = []
        for event in self._singles(self._storage.all(_KIND), begin, end):
            if event["status"] == "cancelled" or event.get("transparency") == "transparent":
                continue
            first, last = bounds(event)
            if first < end and last > begin:
                spans.append((max(first, begin), min(last, end)))
        merged: list[tuple[datetime, datetime]] = []
        for first, last in sorted(spans):
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return [{"start": rfc(first), "end": rfc(last)} for first, last in merged]

    def calendars(self, _asked: Asked) -> dict[str, Any]:
        entry = {
            "kind": "calendar#calendarListEntry",
            "etag": '"1"',
            "id": self._account,
            "summary": self._account,
            "timeZone": ZONE,
            "accessRole": "owner",
            "primary": True,
        }
        return {"kind": "calendar#calendarList", "etag": '"1"', "items": [entry]}

    def _own(self, asked: Asked) -> None:
        if asked.params.get("calendarId") not in ("primary", self._account):
            raise Fault(404, "notFound", "Not Found")

    def _event(self, identity: str, *, gone: int) -> dict[str, Any]:
        event = self._any_event(identity)
        if event["status"] == "cancelled":
            reason = "notFound" if gone == 404 else "deleted"
            raise Fault(gone, reason, "Not Found" if gone == 404 else "Resource has been deleted")
        return event

    def _any_event(self, identity: str) -> dict[str, Any]:
        """A stored event, or the instance that a stored rule makes."""
        event = self._storage.get(_KIND, identity)
        if event is None:
            master = self._storage.get(_KIND, identity.partition("_")[0])
            event = instance_of(master, identity) if master and "recurrence" in master else None
        if event is None:
            raise Fault(404, "notFound", "Not Found")
        return event

    def _save(self, event: dict[str, Any]) -> dict[str, Any]:
        _check(event)
        event["updated"] = rfc(self._clock.now())
        digest = hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:16]
        event["etag"] = f'"{digest}"'
        self._storage.put(_KIND, event["id"], event)
        return event


def _check(event: dict[str, Any]) -> None:
    for name in ("start", "end"):
        if name not in event:
            raise Fault(400, "required", f"Missing {name} time.")
    if ("date" in event["start"]) != ("date" in event["end"]):
        raise Fault(400, "invalid", "Start and end times must both be dates or both be times.")
    first, last = bounds(event)
    if last < first:
        raise Fault(400, "timeRangeEmpty", "The specified time range is empty.")
    for person in event.get("attendees", ()):
        if "@" not in person.get("email", ""):
            raise Fault(400, "invalid", "Invalid attendee email.")
        person.setdefault("responseStatus", "needsAction")
    if event.get("recurrence"):
        if "dateTime" in event["start"] and "timeZone" not in event["start"]:
            raise Fault(400, "required", "Missing time zone definition for start time.")
        expand(event, first, first)


def _writable(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in _READ_ONLY}


def _merged(event: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Patch semantics: objects are merged, null removes, all else replaces."""
    merged = dict(event)
    for name, value in change.items():
        if isinstance(value, Mapping):
            merged[name] = _merged(merged.get(name) or {}, value)
        elif value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


def _range(params: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    begin, end = moment(params, "timeMin"), moment(params, "timeMax")
    if begin and end and begin >= end:
        raise Fault(400, "timeRangeEmpty", "The specified time range is empty.")
    return begin, end


def _says(event: Mapping[str, Any], words: str) -> bool:
    everybody = [*event.get("attendees", ()), event.get("organizer", {})]
    people = [f"{p.get('displayName', '')} {p.get('email', '')}" for p in everybody]
    fields = [str(event.get(name, "")) for name in ("summary", "description", "location")]
    text = " ".join([*fields, *people]).casefold()
    return all(word in text for word in words.casefold().split())


def _by_start(event: Mapping[str, Any]) -> tuple[datetime, str]:
    return bounds(event)[0].astimezone(UTC), str(event["id"])


def _by_update(event: Mapping[str, Any]) -> str:
    return str(event["updated"])


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
