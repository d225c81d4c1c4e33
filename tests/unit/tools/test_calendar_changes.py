"""Calendar tools that change things: lost answers, single instances, whole days, whose words."""

from collections.abc import Callable
from typing import Any

import pytest

from zantara.gate.provenance import Provenance
from zantara.google import SentOrNotError
from zantara.services import Services
from zantara.toolkit import ToolError

_LUNCH = {"summary": "Noodles", "start": "2026-03-21T12:00:00+08:00"}
_THAT_DAY = {"time_min": "2026-03-21T00:00:00+08:00", "time_max": "2026-03-22T00:00:00+08:00"}


async def _titles(run: Any) -> list[str]:
    return [one["summary"] for one in (await run("calendar_list", **_THAT_DAY)).data["events"]]


async def test_a_create_whose_answer_was_lost_is_looked_up(
    run: Any, lose: Callable[..., None]
) -> None:
    lose("POST", arrives=True)
    made = await run("calendar_create", **_LUNCH)
    assert made.data["created"]["summary"] == "Noodles"
    assert await _titles(run) == ["Noodles"]


async def test_a_create_that_did_not_arrive_is_unknown_and_its_repeat_makes_one(
    run: Any, lose: Callable[..., None]
) -> None:
    lose("POST", arrives=False)
    with pytest.raises(SentOrNotError):
        await run("calendar_create", **_LUNCH)
    await run("calendar_create", **_LUNCH)
    assert await _titles(run) == ["Noodles"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_change_whose_answer_was_lost_is_looked_up(
    run: Any, lose: Callable[..., None], arrives: bool
) -> None:
    await run("calendar_create", **_LUNCH)
    lose("PATCH", arrives=arrives)
    change = {"event": "noodles", "start": "2026-03-21T13:00:00+08:00", "summary": "Soup"}
    if arrives:
        done = await run("calendar_update", call_id="c2", **change)
        assert done.data["updated"]["start"] == "2026-03-21T13:00:00+08:00"
    else:
        with pytest.raises(SentOrNotError):
            await run("calendar_update", call_id="c2", **change)
    assert await _titles(run) == ["Soup" if arrives else "Noodles"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_deletion_whose_answer_was_lost_is_looked_up(
    run: Any, lose: Callable[..., None], arrives: bool
) -> None:
    await run("calendar_create", **_LUNCH)
    lose("DELETE", arrives=arrives)
    if arrives:
        await run("calendar_delete", call_id="c2", event="noodles")
    else:
        with pytest.raises(SentOrNotError):
            await run("calendar_delete", call_id="c2", event="noodles")
    assert await _titles(run) == ([] if arrives else ["Noodles"])


async def _recurring(services: Services) -> None:
    zone = {"timeZone": "Asia/Makassar"}
    body = {
        "summary": "Morning swim",
        "start": {"dateTime": "2026-03-09T07:00:00", **zone},
        "end": {"dateTime": "2026-03-09T07:30:00", **zone},
        "recurrence": ["RRULE:FREQ=DAILY"],
    }
    google = services.google
    await google.run(
        lambda: google.api("calendar", "v3").events().insert(calendarId="primary", body=body)
    )


async def _swims(run: Any) -> list[str]:
    days = {"time_min": "2026-03-10T00:00:00+08:00", "time_max": "2026-03-13T00:00:00+08:00"}
    found = (await run("calendar_list", query="swim", **days)).data["events"]
    return [one["start"] for one in found]


async def test_of_a_recurring_event_one_day_is_moved(run: Any, services: Services) -> None:
    await _recurring(services)
    await run("calendar_update", event="swim", date="2026-03-11", start="2026-03-11T18:00:00+08:00")
    assert await _swims(run) == [
        "2026-03-10T07:00:00+08:00",
        "2026-03-11T18:00:00+08:00",
        "2026-03-12T07:00:00+08:00",
    ]


async def test_of_a_recurring_event_the_next_one_is_meant(run: Any, services: Services) -> None:
    await _recurring(services)  # it is nine: today's swim is over
    gone = await run("calendar_delete", event="swim")
    assert gone.data["deleted"]["start"] == "2026-03-11T07:00:00+08:00"


async def test_an_instance_is_found_by_its_id(run: Any, services: Services) -> None:
    await _recurring(services)
    found = await run("calendar_list", query="swim", **_THAT_DAY)
    (one,) = found.data["events"]
    await run("calendar_delete", event=one["id"])
    assert (await run("calendar_list", query="swim", **_THAT_DAY)).data["events"] == []


async def _holiday(services: Services) -> None:
    body = {
        "summary": "Temple feast",
        "start": {"date": "2026-03-17"},
        "end": {"date": "2026-03-18"},
        "transparency": "transparent",
    }
    google = services.google
    await google.run(
        lambda: google.api("calendar", "v3").events().insert(calendarId="primary", body=body)
    )


@pytest.mark.parametrize(
    ("start", "begin", "end"),
    [
        ("2026-03-21T00:00:00+08:00", "2026-03-21", "2026-03-22"),
        ("2026-03-21T10:00:00+08:00", "2026-03-21T10:00:00+08:00", "2026-03-21T11:00:00+08:00"),
    ],
)
async def test_an_event_of_a_whole_day_is_moved(
    run: Any, services: Services, start: str, begin: str, end: str
) -> None:
    await _holiday(services)
    moved = (await run("calendar_update", event="temple feast", start=start)).data["updated"]
    assert (moved["start"], moved["end"]) == (begin, end)


async def test_a_day_that_keeps_nobody_busy_is_no_conflict(run: Any, services: Services) -> None:
    await _holiday(services)
    made = await run("calendar_create", summary="Tea", start="2026-03-17T20:00:00+08:00")
    assert "conflicts_with" not in made.data


async def test_words_of_a_new_event_do_not_become_the_systems(run: Any) -> None:
    """A mail may have told the model what to write and whom to invite."""
    made = await run("calendar_create", attendees=["someone@example.net"], **_LUNCH)
    assert made.data["created"]["attendees"] == ["someone@example.net"]
    assert made.provenance["created.attendees[]"] is Provenance.OWN
    assert made.provenance["created.summary"] is Provenance.OWN
    moved = await run("calendar_update", event="noodles", call_id="c2", location="Sanur")
    assert moved.provenance["updated.location"] is Provenance.OWN


async def test_a_deleted_event_is_not_found_by_its_id(run: Any) -> None:
    made = await run("calendar_create", **_LUNCH)
    event_id = made.data["created"]["id"]
    await run("calendar_delete", call_id="c2", event=event_id)
    with pytest.raises(ToolError, match="event"):
        await run("calendar_update", call_id="c3", event=event_id, summary="Soup")
