"""`zantara approve`: decisions kept until they are complete, and turns that were cut off."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import pytest

from tests.conftest import Open
from tests.kit import asks, call, says
from zantara.cli._approve import decide
from zantara.runner import BadRequestError, Event

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
