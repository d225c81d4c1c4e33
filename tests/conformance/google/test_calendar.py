"""Calendar v3 as documented, every answer held to the discovery document."""

from pathlib import Path
from typing import Any

import pytest

from tests.kit import NOW
from zantara.google import Google, GoogleConflictError, GoogleError, GoogleGoneError
from zantara.google.local import LocalGoogle
from zantara.google.local._contract import problems

_TIME = {"dateTime": "2026-03-12T10:00:00+08:00", "timeZone": "Asia/Makassar"}
_LATER = {"dateTime": "2026-03-12T11:00:00+08:00", "timeZone": "Asia/Makassar"}


async def _insert(google: Google, **fields: Any) -> dict[str, Any]:
    body = {"summary": "Signing", "start": _TIME, "end": _LATER, **fields}
    return await google.run(
        lambda: google.api("calendar", "v3").events().insert(calendarId="primary", body=body)
    )


async def _list(google: Google, **options: Any) -> dict[str, Any]:
    return await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", **options)
    )


async def test_events_live_from_insert_to_gone(in_process: Google) -> None:
    google = in_process
    made = await _insert(google, id="abcdef0123")
    assert not problems("calendar", "Event", made)
    with pytest.raises(GoogleConflictError):
        await _insert(google, id="abcdef0123")
    events = google.api("calendar", "v3").events()
    which = {"calendarId": "primary", "eventId": "abcdef0123"}
    changed = await google.run(lambda: events.patch(**which, body={"summary": "Deed"}))
    assert changed["summary"] == "Deed"
    assert changed["etag"] != made["etag"]
    await google.run(lambda: events.delete(**which))
    with pytest.raises(GoogleGoneError):
        await google.run(lambda: events.delete(**which))


async def test_a_list_is_paged_ordered_and_of_the_schema(in_process: Google) -> None:
    options = {"singleEvents": True, "orderBy": "startTime", "maxResults": 3}
    week = {"timeMin": "2026-03-09T00:00:00+08:00", "timeMax": "2026-03-16T00:00:00+08:00"}
    page = await _list(in_process, **options, **week)
    starts: list[str] = []
    while True:
        assert not problems("calendar", "Events", page)
        starts += [e["start"].get("dateTime", e["start"].get("date")) for e in page["items"]]
        if "nextPageToken" not in page:
            break
        page = await _list(in_process, **options, **week, pageToken=page["nextPageToken"])
    assert len(starts) > 10
    assert starts == sorted(starts)


async def test_a_recurring_event_shows_its_instances_and_knows_its_rule(
    in_process: Google,
) -> None:
    week = {"timeMin": "2026-03-09T00:00:00+08:00", "timeMax": "2026-03-16T00:00:00+08:00"}
    single = await _list(in_process, singleEvents=True, q="stand-up", **week)
    assert len(single["items"]) == 5
    assert all(event["recurringEventId"] for event in single["items"])
    with pytest.raises(GoogleError, match="recurrence"):
        await _insert(in_process, recurrence=["RRULE:FREQ=SOMETIMES"])


async def test_a_sync_token_gives_only_what_changed(in_process: Google) -> None:
    token = (await _list(in_process))["nextSyncToken"]
    made = await _insert(in_process)
    changed = await _list(in_process, syncToken=token)
    assert [event["id"] for event in changed["items"]] == [made["id"]]


async def test_a_stale_etag_changes_nothing(in_process: Google) -> None:
    made = await _insert(in_process)

    def patch() -> Any:
        request = (
            in_process.api("calendar", "v3")
            .events()
            .patch(calendarId="primary", eventId=made["id"], body={"summary": "Other"})
        )
        request.headers["If-Match"] = '"old"'
        return request

    with pytest.raises(GoogleError, match="412"):
        await in_process.run(patch)


async def test_freebusy_joins_what_overlaps(in_process: Google) -> None:
    await _insert(in_process)
    await _insert(in_process, start={**_TIME, "dateTime": "2026-03-12T10:30:00+08:00"})
    body = {
        "timeMin": "2026-03-12T09:30:00+08:00",
        "timeMax": "2026-03-12T10:55:00+08:00",
        "items": [{"id": "primary"}],
    }
    found = await in_process.run(
        lambda: in_process.api("calendar", "v3").freebusy().query(body=body)
    )
    assert not problems("calendar", "FreeBusyResponse", found)
    assert found["calendars"]["primary"]["busy"] == [
        {"start": "2026-03-12T02:00:00.000Z", "end": "2026-03-12T02:55:00.000Z"}
    ]


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("/calendar/v3/calendars/primary/events?colour=red", 400),
        ("/calendar/v3/calendars/primary/events?iCalUID=x", 501),
        ("/calendar/v3/calendars/primary/events?orderBy=size", 400),
        ("/calendar/v3/calendars/other/events", 404),
        ("/calendar/v3/calendars/primary/acl", 501),
        ("/calendar/v9/nothing", 404),
    ],
)
def test_what_is_unknown_or_missing_is_said(tmp_path: Path, uri: str, status: int) -> None:
    local = LocalGoogle(tmp_path / "google.sqlite", clock=NOW)
    response, content = local.request(f"http://google.localhost{uri}")
    assert response.status == status
    assert b'"error"' in content


async def test_times_without_a_zone_and_backward_times_are_refused(in_process: Google) -> None:
    with pytest.raises(GoogleError, match="time zone"):
        await _insert(in_process, start={"dateTime": "2026-03-12T10:00:00"})
    with pytest.raises(GoogleError, match="range"):
        await _insert(in_process, start=_LATER, end=_TIME)


@pytest.mark.loopback
async def test_the_same_over_http(over_http: Google) -> None:
    made = await _insert(over_http, attendees=[{"email": "maria@example.com"}])
    found = await _list(over_http, q="signing", singleEvents=True)
    assert made["id"] in [event["id"] for event in found["items"]]
