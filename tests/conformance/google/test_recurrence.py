"""Recurring events: their instances, the exceptions among them, and the ends of rules."""

from typing import Any

import pytest

from zantara.google import Google, GoogleError, GoogleNotFoundError
from zantara.google.local._contract import problems

_ZONE = "Asia/Makassar"
_WEEK = {"timeMin": "2026-03-16T00:00:00+08:00", "timeMax": "2026-03-23T00:00:00+08:00"}


def _events(google: Google) -> Any:
    return google.api("calendar", "v3").events()


async def _daily(google: Google, *rules: str, zone: str = _ZONE, hour: int = 10) -> dict[str, Any]:
    body = {
        "summary": "Daily",
        "start": {"dateTime": f"2026-03-16T{hour:02}:00:00", "timeZone": zone},
        "end": {"dateTime": f"2026-03-16T{hour + 1:02}:00:00", "timeZone": zone},
        "recurrence": list(rules),
    }
    return await google.run(lambda: _events(google).insert(calendarId="primary", body=body))


async def _starts(google: Google, **options: Any) -> list[str]:
    found = await google.run(
        lambda: _events(google).list(
            calendarId="primary", singleEvents=True, orderBy="startTime", q="daily", **options
        )
    )
    assert not problems("calendar", "Events", found)
    return [event["start"]["dateTime"] for event in found["items"]]


@pytest.mark.parametrize(
    "rules",
    [
        ["RRULE:FREQ=DAILY;COUNT=3"],
        ["RRULE:FREQ=DAILY;UNTIL=20260318T020000Z"],
        ["RRULE:FREQ=DAILY;UNTIL=20260318T235959"],
        ["RRULE:FREQ=DAILY;COUNT=4", f"EXDATE;TZID={_ZONE}:20260319T100000"],
        ["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20260319T020000Z"],
        ["RDATE;TZID=Asia/Makassar:20260317T100000,20260318T100000"],
    ],
)
async def test_a_rule_ends_as_it_says_in_each_way_of_writing_it(
    google: Google, rules: list[str]
) -> None:
    await _daily(google, *rules)
    assert await _starts(google, **_WEEK) == [f"2026-03-{d}T10:00:00+08:00" for d in (16, 17, 18)]


async def test_a_rule_keeps_the_clock_of_its_zone_when_summer_time_begins(google: Google) -> None:
    await _daily(google, "RRULE:FREQ=DAILY", zone="Europe/Rome", hour=9)
    night = {"timeMin": "2026-03-28T00:00:00Z", "timeMax": "2026-03-30T00:00:00Z"}
    assert await _starts(google, **night, timeZone="Europe/Rome") == [
        "2026-03-28T09:00:00+01:00",
        "2026-03-29T09:00:00+02:00",
    ]


async def test_one_instance_is_moved_and_another_cancelled(google: Google) -> None:
    made = await _daily(google, "RRULE:FREQ=DAILY;COUNT=3")
    first, second = (f"{made['id']}_202603{day}T020000Z" for day in (16, 17))
    one = {"calendarId": "primary", "eventId": first}
    seen = await google.run(lambda: _events(google).get(**one))
    assert seen["recurringEventId"] == made["id"]
    later = {
        "start": {"dateTime": "2026-03-16T15:00:00+08:00"},
        "end": {"dateTime": "2026-03-16T16:00:00+08:00"},
    }
    moved = await google.run(lambda: _events(google).patch(**one, body=later))
    assert not problems("calendar", "Event", moved)
    assert moved["originalStartTime"]["dateTime"] == "2026-03-16T10:00:00+08:00"
    await google.run(lambda: _events(google).delete(calendarId="primary", eventId=second))
    assert await _starts(google, **_WEEK) == [
        "2026-03-16T15:00:00+08:00",
        "2026-03-18T10:00:00+08:00",
    ]


async def test_the_rule_goes_and_its_changed_instances_go_with_it(google: Google) -> None:
    made = await _daily(google, "RRULE:FREQ=DAILY;COUNT=3")
    which = {"calendarId": "primary", "eventId": f"{made['id']}_20260316T020000Z"}
    body = {"summary": "Daily, moved"}
    await google.run(lambda: _events(google).patch(**which, body=body))
    await google.run(lambda: _events(google).delete(calendarId="primary", eventId=made["id"]))
    assert await _starts(google, **_WEEK) == []


async def test_instances_of_one_event_are_listed(google: Google) -> None:
    made = await _daily(google, "RRULE:FREQ=DAILY;COUNT=3")
    which = {"calendarId": "primary", "eventId": made["id"]}
    found = await google.run(lambda: _events(google).instances(**which))
    assert not problems("calendar", "Events", found)
    assert len(found["items"]) == 3


async def test_a_day_without_an_instance_has_none(google: Google) -> None:
    made = await _daily(google, "RRULE:FREQ=DAILY;COUNT=3")
    which = {"calendarId": "primary", "eventId": f"{made['id']}_20260401T020000Z"}
    with pytest.raises(GoogleNotFoundError):
        await google.run(lambda: _events(google).get(**which))


@pytest.mark.parametrize("rule", ["RRULE:FREQ=SOMETIMES", "EXDATE:never", "nonsense"])
async def test_a_rule_that_cannot_be_read_is_refused(google: Google, rule: str) -> None:
    with pytest.raises(GoogleError, match="recurrence"):
        await _daily(google, rule)


async def test_a_rule_of_every_second_is_cut_off(google: Google) -> None:
    await _daily(google, "RRULE:FREQ=SECONDLY")
    assert len(await _starts(google, timeMin="2026-03-16T00:00:00+08:00")) == 250
