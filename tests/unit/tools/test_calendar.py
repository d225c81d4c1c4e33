"""Calendar tools: what a user would miss."""

from typing import Any

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool

from tools import BY_NAME
from zantara.gate.provenance import Provenance
from zantara.toolkit import ToolError

_WEDNESDAY = {"time_min": "2026-03-11T00:00:00+08:00", "time_max": "2026-03-12T00:00:00+08:00"}


def test_models_do_not_see_the_call() -> None:
    for tool in BY_NAME.values():
        assert "call" not in convert_to_openai_tool(tool)["function"]["parameters"]["properties"]


async def test_a_day_is_listed_in_order_and_in_the_users_zone(run: Any) -> None:
    found = (await run("calendar_list", **_WEDNESDAY)).data["events"]
    starts = [event["start"] for event in found]
    assert starts == sorted(starts)
    assert all(start.endswith("+08:00") for start in starts)
    assert "Call with Maria Rossi: KITAS renewal" in [event["summary"] for event in found]


async def test_an_event_of_somebody_else_makes_titles_outside(run: Any) -> None:
    own = await run("calendar_list", **_WEDNESDAY)
    saturday = {"time_min": "2026-03-14T00:00:00+08:00", "time_max": "2026-03-15T00:00:00+08:00"}
    webinar = await run("calendar_list", **saturday)
    assert own.provenance["events[].summary"] is Provenance.OWN
    assert webinar.provenance["events[].summary"] is Provenance.OUTSIDE


async def test_the_same_call_creates_one_event(run: Any) -> None:
    event = {"summary": "Lunch", "start": "2026-03-19T12:00:00+08:00"}
    first = await run("calendar_create", call_id="same", **event)
    again = await run("calendar_create", call_id="same", **event)
    assert first.data["created"]["id"] == again.data["created"]["id"]
    day = {"time_min": "2026-03-19T11:00:00+08:00", "time_max": "2026-03-19T14:00:00+08:00"}
    assert len((await run("calendar_list", **day)).data["events"]) == 1


async def test_an_hour_by_default_and_conflicts_are_told(run: Any) -> None:
    made = await run("calendar_create", summary="Tea", start="2026-03-11T10:15:00")
    assert made.data["created"]["end"] == "2026-03-11T11:15:00+08:00"
    assert "Maria Rossi" in made.data["conflicts_with"][0]["summary"]


async def test_a_moved_event_keeps_its_length(run: Any) -> None:
    moved = await run("calendar_update", event="dentist", start="2026-03-14T09:00:00+08:00")
    assert moved.data["updated"]["end"] == "2026-03-14T09:45:00+08:00"


async def test_an_event_is_found_by_words_on_its_day_only(run: Any) -> None:
    with pytest.raises(ToolError, match="dentist"):
        await run("calendar_delete", event="dentist", date="2026-03-12")
    gone = await run("calendar_delete", event="DENTIST", date="2026-03-13")
    assert gone.data["deleted"]["summary"] == "Dentist"


async def test_words_that_fit_several_events_are_asked_back(run: Any) -> None:
    await run("calendar_create", summary="Dentist check", start="2026-03-25T09:00:00+08:00")
    with pytest.raises(ToolError, match="several"):
        await run("calendar_delete", event="dentist")


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"summary": " ", "start": "2026-03-20T12:00:00+08:00"}, "summary"),
        (
            {
                "summary": "x",
                "start": "2026-03-20T12:00:00+08:00",
                "end": "2026-03-20T11:00:00+08:00",
            },
            "end",
        ),
        (
            {"summary": "x", "start": "2026-03-20T12:00:00+08:00", "attendees": ["nobody"]},
            "attendees",
        ),
    ],
)
async def test_bad_values_are_named_before_anything_is_sent(
    run: Any, args: dict[str, Any], field: str
) -> None:
    with pytest.raises(ToolError, match=field):
        await run("calendar_create", **args)


async def test_free_and_busy(run: Any) -> None:
    busy = await run(
        "calendar_freebusy", time_min="2026-03-11T10:00:00", time_max="2026-03-11T10:30:00"
    )
    free = await run(
        "calendar_freebusy", time_min="2026-03-11T17:00:00", time_max="2026-03-11T18:00:00"
    )
    assert not busy.data["free"]
    assert free.data == {"free": True, "busy": []}
