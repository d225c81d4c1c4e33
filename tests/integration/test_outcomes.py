"""How a write ended: done once, not at all, or unknown; a run that was cut off is remembered."""

from typing import Any

from tests.conftest import Open
from tests.kit import asks, call, decisions, on, says, services_of
from zantara.runner import Runner

NOWHERE = call("calendar_update", event="A meeting that is not there", summary="New title")
CREATE = call("calendar_create", summary="Permit review", start="2026-03-18T10:00:00+08:00")
MOVE = call("calendar_update", event="Permit review", date="2026-03-18", summary="Permit talk")
ASK = "Please put the permit review into my calendar and call it a talk then."
DONE = says("Done.")
TWINS = (("start", 15), ("end", 16))


async def begun(runner: Runner, one: Any) -> None:
    """The journal as a run leaves it that was killed before it could tell how the call ended."""
    await services_of(runner).journal.begin(
        one.call_id, thread_id="t", tool=one.tool, args=one.args
    )


async def titles(runner: Runner) -> list[str]:
    google = services_of(runner).google
    found = await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", q="Permit")
    )
    return [event["summary"] for event in found["items"]]


async def vanish(runner: Runner) -> None:
    """Somebody else deletes the event while the user is being asked."""
    google = services_of(runner).google
    events = google.api("calendar", "v3").events
    found = await google.run(lambda: events().list(calendarId="primary", q="Permit"))
    (event,) = found["items"]
    await google.run(lambda: events().delete(calendarId="primary", eventId=event["id"]))


async def test_a_call_that_could_not_work_is_never_asked(open_runner: Open) -> None:
    async with open_runner([asks(NOWHERE), DONE]) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert not turn.pending
        assert [one["status"] for one in turn.calls] == ["invalid"]
        told = next(m for m in await runner.history("t") if m.type == "tool")
        assert "no event 'A meeting that is not there'" in told.text


async def test_a_refused_call_did_nothing(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), asks(MOVE), DONE]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
        moved = await runner.resume("t", on(asked.pending, decisions("approve")))
        await vanish(runner)
        done = await runner.resume("t", on(moved.pending, decisions("approve")))
        assert [one["status"] for one in done.calls] == ["done", "failed"]
        assert await titles(runner) == []


async def test_a_refused_call_that_was_cut_off_before_is_unknown(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), asks(MOVE), DONE]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
        moved = await runner.resume("t", on(asked.pending, decisions("approve")))
        await begun(runner, moved.pending[0])
        await vanish(runner)
        done = await runner.resume("t", on(moved.pending, decisions("approve")))
        assert [one["status"] for one in done.calls] == ["done", "unknown"]
        told = [m for m in await runner.history("t") if m.type == "tool"][-1]
        assert "may have acted: look" in told.text


async def test_the_approved_event_is_changed_whatever_its_words_find_by_then(
    open_runner: Open,
) -> None:
    """A second event of the same title appears while the user is being asked."""
    async with open_runner([asks(CREATE), asks(MOVE), DONE]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
        moved = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert moved.pending[0].preview["before"]["summary"] == "Permit review"
        assert moved.pending[0].preview["after"]["summary"] == "Permit talk"
        google = services_of(runner).google
        times = {n: {"dateTime": f"2026-03-18T{h}:00:00+08:00"} for n, h in TWINS}
        body = {"summary": "Permit review", **times}
        await google.run(
            lambda: google.api("calendar", "v3").events().insert(calendarId="primary", body=body)
        )
        done = await runner.resume("t", on(moved.pending, decisions("approve")))
        assert [one["status"] for one in done.calls] == ["done", "done"]
        assert sorted(await titles(runner)) == ["Permit review", "Permit talk"]


async def test_a_create_that_was_cut_off_is_found_again(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), DONE]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
        await begun(runner, asked.pending[0])
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert [one["status"] for one in done.calls] == ["done"]
        assert await titles(runner) == ["Permit review"]


async def test_a_change_that_was_cut_off_after_it_acted_is_done(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), asks(MOVE), DONE]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
        asked = await runner.resume("t", on(asked.pending, decisions("approve")))
        (one,) = asked.pending
        google = services_of(runner).google
        found = await google.run(
            lambda: google.api("calendar", "v3").events().list(calendarId="primary", q="Permit")
        )
        event_id = found["items"][0]["id"]
        await begun(runner, one)
        await services_of(runner).journal.set_facts(one.call_id, {"event_id": event_id})
        await google.run(
            lambda: (
                google.api("calendar", "v3")
                .events()
                .patch(calendarId="primary", eventId=event_id, body={"summary": "Permit talk"})
            )
        )
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert done.calls[-1]["status"] == "done"
        assert await titles(runner) == ["Permit talk"]
