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


async def test_events_live_from_insert_to_gone(google: Google) -> None:
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


async def test_a_list_is_paged_ordered_and_of_the_schema(google: Google) -> None:
    options = {"singleEvents": True, "orderBy": "startTime", "maxResults": 3}
    week = {"timeMin": "2026-03-09T00:00:00+08:00", "timeMax": "2026-03-16T00:00:00+08:00"}
    page = await _list(google, **options, **week)
    starts: list[str] = []
    while True:
        assert not problems("calendar", "Events", page)
        starts += [e["start"].get("dateTime", e["start"].get("date")) for e in page["items"]]
        if "nextPageToken" not in page:
            break
        page = await _list(google, **options, **week, pageToken=page["nextPageToken"])
    assert len(starts) > 10
    assert starts == sorted(starts)


async def test_a_recurring_event_shows_its_instances_and_knows_its_rule(
    google: Google,
) -> None:
    week = {"timeMin": "2026-03-09T00:00:00+08:00", "timeMax": "2026-03-16T00:00:00+08:00"}
    single = await _list(google, singleEvents=True, q="stand-up", **week)
    assert len(single["items"]) == 5
    assert all(event["recurringEventId"] for event in single["items"])
    with pytest.raises(GoogleError, match="recurrence"):
        await _insert(google, recurrence=["RRULE:FREQ=SOMETIMES"])


async def test_a_sync_token_gives_only_what_changed(google: Google) -> None:
    token = (await _list(google))["nextSyncToken"]
    made = await _insert(google)
    changed = await _list(google, syncToken=token)
    assert [event["id"] for event in changed["items"]] == [made["id"]]


async def test_a_stale_etag_changes_nothing(google: Google) -> None:
    made = await _insert(google)

    def patch() -> Any:
        request = (
            google.api("calendar", "v3")
            .events()
            .patch(calendarId="primary", eventId=made["id"], body={"summary": "Other"})
        )
        request.headers["If-Match"] = '"old"'
        return request

    with pytest.raises(GoogleError, match="412"):
        await google.run(patch)


async def test_freebusy_joins_what_overlaps(google: Google) -> None:
    await _insert(google)
    await _insert(google, start={**_TIME, "dateTime": "2026-03-12T10:30:00+08:00"})
    body = {
        "timeMin": "2026-03-12T09:30:00+08:00",
        "timeMax": "2026-03-12T10:55:00+08:00",
        "items": [{"id": "primary"}],
    }
    found = await google.run(lambda: google.api("calendar", "v3").freebusy().query(body=body))
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
        ("/calendar/v3/calendars/primary/events?singleEvents=yes", 400),
        ("/calendar/v3/calendars/primary/events?maxResults=0", 400),
        ("/calendar/v3/calendars/primary/events?timeZone=Mars", 400),
        ("/calendar/v3/calendars/primary/events?fields=items", 501),
        ("/upload/gmail/v1/users/me/messages/send", 501),
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


async def test_times_without_a_zone_and_backward_times_are_refused(google: Google) -> None:
    with pytest.raises(GoogleError, match="time zone"):
        await _insert(google, start={"dateTime": "2026-03-12T10:00:00"})
    with pytest.raises(GoogleError, match="range"):
        await _insert(google, start=_LATER, end=_TIME)


async def test_a_patch_merges_and_null_removes(google: Google) -> None:
    made = await _insert(google, location="Renon")
    body: dict[str, Any] = {"start": {"dateTime": "2026-03-12T10:30:00+08:00"}, "location": None}
    changed = await google.run(
        lambda: (
            google.api("calendar", "v3")
            .events()
            .patch(calendarId="primary", eventId=made["id"], body=body)
        )
    )
    assert changed["start"]["timeZone"] == "Asia/Makassar"
    assert "location" not in changed


async def test_a_time_is_either_a_day_or_a_clock_time(google: Google) -> None:
    with pytest.raises(GoogleError, match="date"):
        await _insert(google, start={**_TIME, "date": "2026-03-12"})
    with pytest.raises(GoogleError, match="both"):
        await _insert(google, start={"date": "2026-03-12"})


async def test_a_deleted_event_is_answered_with_its_status(google: Google) -> None:
    made = await _insert(google)
    which = {"calendarId": "primary", "eventId": made["id"]}
    events = google.api("calendar", "v3").events()
    await google.run(lambda: events.delete(**which))
    assert (await google.run(lambda: events.get(**which)))["status"] == "cancelled"
    assert made["id"] not in [event["id"] for event in (await _list(google))["items"]]
    shown = await _list(google, showDeleted=True)
    assert made["id"] in [event["id"] for event in shown["items"]]


async def test_a_sync_misses_nothing_after_a_draft_has_gone(google: Google) -> None:
    drafts = google.api("gmail", "v1").users().drafts()
    made = await google.run(lambda: drafts.create(userId="me", body={"message": {"raw": "QTogYg"}}))
    token = (await _list(google))["nextSyncToken"]
    await google.run(lambda: drafts.delete(userId="me", id=made["id"]))
    event = await _insert(google)
    changed = await _list(google, syncToken=token)
    assert [one["id"] for one in changed["items"]] == [event["id"]]


async def test_a_sync_token_does_not_go_with_a_search(google: Google) -> None:
    token = (await _list(google))["nextSyncToken"]
    with pytest.raises(GoogleError, match="q"):
        await _list(google, syncToken=token, q="lunch")


async def test_times_are_answered_in_the_zone_asked_for(google: Google) -> None:
    await _insert(google, summary="Sunrise")
    found = await _list(google, q="sunrise", timeZone="Europe/Rome")
    assert found["items"][0]["start"]["dateTime"] == "2026-03-12T03:00:00+01:00"


async def test_a_search_too_long_for_an_address_is_made_all_the_same(google: Google) -> None:
    assert (await _list(google, q="word " * 600))["items"] == []


async def test_what_google_sets_cannot_be_set(google: Google) -> None:
    made = await _insert(google, organizer={"email": "thief@example.net"}, htmlLink="https://x")
    assert made["organizer"]["self"]
    assert made["htmlLink"] != "https://x"
