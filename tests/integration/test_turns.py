"""Turns of the whole graph with a scripted model: what passes, what waits, what is answered."""

from tests.conftest import Open
from tests.kit import asks, call, decisions, on, says

CREATE = call("calendar_create", summary="Review", start="2026-03-11T10:00:00+08:00")
LIST = call(
    "calendar_list",
    time_min="2026-03-11T00:00:00+08:00",
    time_max="2026-03-12T00:00:00+08:00",
)


async def test_a_read_passes_and_a_write_waits(open_runner: Open) -> None:
    async with open_runner([asks(LIST), asks(CREATE), says("It is in the calendar.")]) as runner:
        asked = await runner.ask("Please put the review into my calendar tomorrow.", thread_id="t")
        assert [(c["tool"], c["status"]) for c in asked.calls] == [
            ("calendar_list", "done"),
            ("calendar_create", "proposed"),
        ]
        assert asked.answer == ""
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert done.answer == "It is in the calendar."
        assert [c["status"] for c in done.calls] == ["done", "done"]
