"""Dry runs and undo: nothing is done, or what was done is taken back."""

from typing import Any

import pytest

from tests.conftest import Open
from tests.kit import asks, call, decisions, on, says, services_of
from zantara.context import Context
from zantara.runner import BadRequestError, Runner

CREATE = call("calendar_create", summary="Permit review", start="2026-03-18T10:00:00+08:00")
MOVE = call("calendar_update", event="Permit review", start="2026-03-18T15:00:00+08:00")
DELETE = call("calendar_delete", event="Permit review")
SEND = call("gmail_send", to=["maria@example.com"], subject="Visa", body="It is ready.")
DRAFT = call("gmail_draft", to=["maria@example.com"], subject="Visa", body="It is ready.")
REMEMBER = call("memory_save", content="My bank is BNI")
ASK = "Please see to it: the permit review, and write to maria@example.com that it is ready."
DONE = says("Done.")


async def events(runner: Runner) -> list[tuple[str, str]]:
    google = services_of(runner).google
    found = await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", q="Permit")
    )
    return [(event["summary"], event["start"]["dateTime"][11:16]) for event in found["items"]]


async def sent(runner: Runner) -> int:
    google = services_of(runner).google
    users = google.api("gmail", "v1").users()
    found = await google.run(
        lambda: users.messages().list(userId="me", q="in:sent to:maria@example.com")
    )
    return int(found["resultSizeEstimate"])


async def approved(runner: Runner) -> Any:
    turn = await runner.ask(ASK, thread_id="t")
    while turn.pending:
        kinds = ["approve"] * len(turn.pending)
        turn = await runner.resume("t", on(turn.pending, decisions(*kinds)))
    return turn


async def undone(runner: Runner) -> list[tuple[str, str]]:
    able = [one["call_id"] for one in await runner.undo("t") if one["status"] == "can"]
    return [(one["tool"], one["status"]) for one in await runner.undo("t", able)]


async def test_a_dry_run_says_what_would_be_done_and_does_nothing(open_runner: Open) -> None:
    async with open_runner([asks(CREATE, SEND, REMEMBER), DONE]) as runner:
        turn = await runner.ask(ASK, thread_id="t", context=Context(dry_run=True))
        assert not turn.pending
        assert [one["status"] for one in turn.calls] == ["planned"] * 3
        assert turn.calls[0]["preview"]["end"] == "2026-03-18T11:00:00+08:00"
        assert await events(runner) == []
        assert await sent(runner) == 0
        assert await runner.calls("t") == []


async def test_a_dry_run_names_the_event_that_is_meant(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), DONE, asks(DELETE), DONE]) as runner:
        await approved(runner)
        turn = await runner.ask("And delete it", thread_id="t", context=Context(dry_run=True))
        assert turn.calls[0]["preview"]["deletes"]["start"] == "2026-03-18T10:00:00+08:00"
        assert len(await events(runner)) == 1


async def test_everything_that_can_be_undone_is_and_the_rest_says_why(open_runner: Open) -> None:
    async with open_runner([asks(CREATE, SEND, DRAFT, REMEMBER), DONE]) as runner:
        await approved(runner)
        known = {one["tool"]: one for one in await runner.undo("t")}
        assert known["gmail_send"]["status"] == "cannot"
        assert "cannot be called back" in known["gmail_send"]["reason"]
        assert await events(runner) == [("Permit review", "10:00")]  # listing changes nothing
        ended = dict(await undone(runner))
        assert ended == {
            "calendar_create": "undone",
            "gmail_send": "cannot",
            "gmail_draft": "undone",
            "memory_save": "undone",
        }
        assert await events(runner) == []


async def test_changes_are_taken_back_in_the_opposite_order(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), asks(MOVE), DONE]) as runner:
        await approved(runner)
        assert await events(runner) == [("Permit review", "15:00")]
        assert await undone(runner) == [
            ("calendar_update", "undone"),
            ("calendar_create", "undone"),
        ]
        assert await events(runner) == []


async def test_a_deleted_event_is_made_again(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), asks(DELETE), DONE]) as runner:
        await approved(runner)
        (deleted, _created) = await runner.undo("t")
        await runner.undo("t", [deleted["call_id"]])
        assert await events(runner) == [("Permit review", "10:00")]


async def test_what_was_undone_is_not_undone_twice(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), DONE]) as runner:
        await approved(runner)
        (first,) = await runner.undo("t")
        await runner.undo("t", [first["call_id"]])
        with pytest.raises(BadRequestError, match="cannot be undone"):
            await runner.undo("t", [first["call_id"]])


async def test_what_somebody_has_changed_since_is_left_alone(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), DONE]) as runner:
        await approved(runner)
        google = services_of(runner).google
        api = google.api("calendar", "v3").events
        found = await google.run(lambda: api().list(calendarId="primary", q="Permit"))
        event = found["items"][0]["id"]
        body = {"summary": "Permit review with Tom"}
        await google.run(lambda: api().patch(calendarId="primary", eventId=event, body=body))
        (first,) = await runner.undo("t")
        (after,) = await runner.undo("t", [first["call_id"]])
        assert after["status"] == "failed"
        assert "changed since" in after["reason"]
        assert len(await events(runner)) == 1
