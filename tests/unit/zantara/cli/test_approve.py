"""`zantara approve`: decisions kept until they are complete, and turns that were cut off."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.conftest import Open
from tests.kit import asks, call, says
from zantara.cli._approve import decide
from zantara.runner import BadRequestError, DecisionError, Event

TWO = asks(
    call("gmail_send", to=["maria@example.com"], subject="One", body="One."),
    call("gmail_send", to=["budi@example.com"], subject="Two", body="Two."),
)

BOTH = "Mail maria@example.com and budi@example.com, please"


async def test_a_decision_on_one_of_two_is_kept_until_the_other_is_decided(
    open_runner: Open,
) -> None:
    async with open_runner([TWO, says("Done.")]) as runner:
        first, second = (await runner.ask(BOTH, thread_id="t")).pending
        half = await decide(runner, "t", first.call_id, {"type": "approve"})
        assert [one.call_id for one in half.pending] == [second.call_id]
        assert {c["status"] for c in await runner.calls("t")} == set()
        edit = {"type": "edit", "changes": {"subject": "Second"}}
        whole = await decide(runner, "t", second.call_id, edit)
        assert whole.answer == "Done."
        assert [c["args"]["subject"] for c in whole.calls] == ["One", "Second"]
        assert [c["status"] for c in whole.calls] == ["done", "done"]


async def test_an_edit_of_several_has_to_name_its_call(open_runner: Open) -> None:
    async with open_runner([TWO]) as runner:
        await runner.ask("Mail both", thread_id="t")
        with pytest.raises(BadRequestError, match="2 calls wait; name one with --call"):
            await decide(runner, "t", "", {"type": "edit", "changes": {"subject": "x"}})
        with pytest.raises(BadRequestError, match="decision: none given"):
            await decide(runner, "t", "", {})


_WORDS = "Create an event 'Visa talk' on 2026-03-18 at 10:00"
_EVENT = asks(call("calendar_create", summary="Visa talk", start="2026-03-18T10:00:00+08:00"))
_WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"attendes": ["maria@example.com"]}, ["attendes: no such argument; did you mean attendees?"]),
    ({"attendes": None}, ["attendes: no such argument; did you mean attendees?"]),
    (
        {"start": "some day", "plce": "Office"},
        ["plce: no such", "start: 'some day'; accepted: a date and time such as 20"],
    ),
    (
        {"end": "2026-03-18T09:00:00+08:00", "attendees": ["maria"], "summary": " "},
        ["end: 2026-03-18T09", "attendees: 'maria' is not an e-mail", "summary: empty; accepted"],
    ),
]


@pytest.mark.parametrize(("changes", "told"), _WRONG, ids=["name", "null", "schema", "tried"])
async def test_an_edit_that_cannot_be_used_leaves_the_action_as_it_was(
    open_runner: Open, changes: dict[str, Any], told: list[str]
) -> None:
    async with open_runner([_EVENT, says("Done.")]) as runner:
        (asked,) = (await runner.ask(_WORDS, thread_id="t")).pending
        with pytest.raises(DecisionError) as caught:
            await decide(runner, "t", "", {"type": "edit", "changes": changes})
        lines = str(caught.value).split("\n  ")[1:]
        assert len(lines) == len(told)
        for problem in told:
            assert any(line.startswith(problem) for line in lines), problem
        (waits,) = (await runner.look("t"))[0].pending
        assert replace(waits, interrupt_id="", problem="") == replace(asked, interrupt_id="")
        done = await decide(runner, "t", "", {"type": "approve"})
        assert [(c["status"], c["args"]) for c in done.calls] == [("done", asked.args)]


@pytest.mark.parametrize("changes", [{"plce": "Office"}, {"end": "2026-03-18T09:00:00+08:00"}])
async def test_an_edit_in_vain_does_not_touch_the_next_one(
    open_runner: Open, changes: dict[str, Any]
) -> None:
    async with open_runner([_EVENT, says("Done.")]) as runner:
        await runner.ask(_WORDS, thread_id="t")
        with pytest.raises(DecisionError):
            await decide(runner, "t", "", {"type": "edit", "changes": changes})
        good = {"type": "edit", "changes": {"summary": "Visa interview"}}
        (call_,) = (await decide(runner, "t", "", good)).calls
        assert call_["status"] == "done"
        assert set(call_["args"]) == {"summary", "start"}
        assert call_["provenance"]["summary"] == {"provenance": "user", "source": "your edit"}
        assert call_["provenance"]["start"]["source"] != "your edit"


async def test_a_call_keeps_its_verdict_through_an_edit_in_vain(open_runner: Open) -> None:
    async with open_runner([_EVENT, says("Done.")]) as runner:
        (asked,) = (await runner.ask(_WORDS, thread_id="t")).pending
        early = {"type": "edit", "changes": {"end": "2026-03-18T09:00:00+08:00"}}
        with pytest.raises(DecisionError):
            await decide(runner, "t", "", early)
        done = await decide(runner, "t", "", {"type": "reject", "message": ""})
        (call_,) = done.calls
        assert (call_["status"], call_["verdict"]) == ("rejected", asked.verdict)
        assert asked.verdict["reasons"]


async def test_an_edit_in_vain_beside_an_approval_waits_alone_and_says_why(
    open_runner: Open,
) -> None:
    two = asks(*_EVENT.tool_calls, *TWO.tool_calls[:1])
    async with open_runner([two, says("Done.")]) as runner:
        event, mail = (await runner.ask(_WORDS, thread_id="t")).pending
        early = {"type": "edit", "changes": {"end": "2026-03-18T09:00:00+08:00"}}
        await decide(runner, "t", event.call_id, early)
        half = await decide(runner, "t", mail.call_id, {"type": "approve"})
        (waits,) = half.pending
        assert (waits.call_id, waits.args) == (event.call_id, event.args)
        assert "end: 2026-03-18T09:00:00+08:00 is not after start" in waits.problem
        done = await decide(runner, "t", "", {"type": "approve"})
        assert [c["status"] for c in done.calls] == ["done", "done"]


async def test_an_edit_of_one_of_two_is_refused_when_it_is_given(open_runner: Open) -> None:
    async with open_runner([TWO, says("Done.")]) as runner:
        first, second = (await runner.ask(BOTH, thread_id="t")).pending
        wrong = {"type": "edit", "changes": {"subjct": "x"}}
        with pytest.raises(DecisionError, match="subjct: no such argument; did you mean subject"):
            await decide(runner, "t", first.call_id, wrong)
        await decide(runner, "t", second.call_id, {"type": "approve"})
        left = (await runner.look("t"))[0].pending
        assert [one.call_id for one in left] == [first.call_id, second.call_id], "none is decided"


async def test_with_no_decision_a_turn_that_was_cut_off_is_finished(open_runner: Open) -> None:
    async with open_runner([says("Here I am.")]) as runner:
        stream = runner.stream("What is a KITAS good for, in your words?", thread_id="t")
        async with aclosing(cast("AsyncGenerator[Event]", stream)):
            async for event in stream:
                if event.kind == "node":
                    break
        turn, cut_off = await runner.look("t")
        assert (turn.answer, cut_off) == ("", True)
        finished = await decide(runner, "t", "", {})
        assert finished.answer == "Here I am."
        assert finished.recovered
        with pytest.raises(BadRequestError, match="nothing waits for a decision"):
            await decide(runner, "t", "", {})
