"""Turns of the whole graph with a scripted model: what passes, what waits, what is answered."""

from datetime import UTC
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.types import Command

from tests.conftest import Open
from tests.kit import NOW, asks, call, decisions, graph_of, on, says, services_of
from zantara.clock import FixedClock
from zantara.context import ARCHITECTURES
from zantara.runner import DecisionError, PendingError, Runner
from zantara.services import use


@pytest.fixture(params=ARCHITECTURES)
def arm(request: pytest.FixtureRequest) -> str:
    """Everything here holds on each arm."""
    return str(request.param)


WORDS = "Please put the permit review into my calendar next week and tell Budi about it."
CREATE = call("calendar_create", summary="Permit review", start="2026-03-18T10:00:00+08:00")
SEND = call("gmail_send", to=["budi@example.com"], subject="Review", body="It is fixed.")
LIST = call(
    "calendar_list",
    time_min="2026-03-18T00:00:00+08:00",
    time_max="2026-03-19T00:00:00+08:00",
)
DONE = says("Done.")


def edit(tool: str, **args: Any) -> dict[str, Any]:
    return {"type": "edit", "edited_action": {"name": tool, "args": args}}


def statuses(turn: Any) -> list[str]:
    return [one["status"] for one in turn.calls]


async def events(runner: Runner, words: str = "Permit review") -> list[dict[str, Any]]:
    google = services_of(runner).google
    found = await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", q=words)
    )
    return list(found["items"])


async def mails(runner: Runner, subject: str = "Review") -> int:
    google = services_of(runner).google
    query = f'in:sent subject:"{subject}" to:budi@example.com'
    found = await google.run(
        lambda: google.api("gmail", "v1").users().messages().list(userId="me", q=query)
    )
    return len(found.get("messages", ()))


async def told_of_tools(runner: Runner) -> str:
    """Everything that the model has read of its calls."""
    return "\n".join(m.text for m in await runner.history("t") if m.type == "tool")


async def test_a_read_passes_and_a_write_waits(open_runner: Open) -> None:
    async with open_runner([asks(LIST), asks(CREATE), DONE]) as runner:
        asked = await runner.ask(WORDS, thread_id="t")
        assert [(c["tool"], c["status"]) for c in asked.calls] == [
            ("calendar_list", "done"),
            ("calendar_create", "proposed"),
        ]
        assert asked.answer == ""
        assert await events(runner) == []
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert done.answer == "Done."
        assert statuses(done) == ["done", "done"]
        assert len(await events(runner)) == 1


async def test_the_writes_of_one_step_wait_together_and_are_decided_one_by_one(
    open_runner: Open,
) -> None:
    async with open_runner([asks(CREATE, SEND), DONE]) as runner:
        asked = await runner.ask(WORDS, thread_id="t")
        assert [one.tool for one in asked.pending] == ["calendar_create", "gmail_send"]
        assert len({one.interrupt_id for one in asked.pending}) == 1
        no = {"type": "reject", "message": "not yet"}
        done = await runner.resume("t", on(asked.pending, decisions("approve", no)))
        assert statuses(done) == ["done", "rejected"]
        assert (len(await events(runner)), await mails(runner)) == (1, 0)
        assert "not yet" in await told_of_tools(runner), "the model learns why"


async def test_an_edit_runs_as_edited_and_is_the_users_own(open_runner: Open) -> None:
    async with open_runner([asks(SEND), DONE]) as runner:
        asked = await runner.ask(f"{WORDS} Tell budi@example.com.", thread_id="t")
        changed = edit("gmail_send", to=["budi@example.com"], subject="New time", body="At ten.")
        done = await runner.resume("t", on(asked.pending, decisions(changed)))
        assert done.calls[0]["args"]["subject"] == "New time"
        assert done.calls[0]["provenance"]["subject"]["provenance"] == "user"
        assert (await mails(runner, "New time"), await mails(runner)) == (1, 0)


async def test_an_edit_outside_the_schema_is_asked_again_as_it_was_whoever_resumes(
    open_runner: Open,
) -> None:
    async with open_runner([asks(CREATE), DONE]) as runner:
        (asked,) = (await runner.ask(WORDS, thread_id="t")).pending
        bad = on([asked], decisions(edit("calendar_create", summary="Permit", start="some day")))
        with pytest.raises(DecisionError, match="start: 'some day'"):
            await runner.resume("t", bad)
        graph, config = graph_of(runner, "t")
        with use(services_of(runner)):
            await graph.ainvoke(Command(resume=bad), config)
        (again,) = await runner.pending("t")
        assert "start: 'some day'" in again.problem
        assert (again.args, again.preview, again.verdict) == (
            asked.args, asked.preview, asked.verdict,
        )  # fmt: skip
        done = await runner.resume("t", on([again], decisions("reject")))
        assert statuses(done) == ["rejected"]
        assert await events(runner) == []


async def test_a_response_reaches_the_model_in_the_tools_place(open_runner: Open) -> None:
    async with open_runner([asks(SEND), DONE]) as runner:
        asked = await runner.ask(WORDS, thread_id="t")
        said = {"type": "respond", "message": "I have told him myself."}
        done = await runner.resume("t", on(asked.pending, decisions(said)))
        assert statuses(done) == ["answered"]
        assert await mails(runner) == 0
        assert "told him myself" in await told_of_tools(runner)


async def test_decisions_kept_one_by_one_run_when_all_are_there(open_runner: Open) -> None:
    async with open_runner([asks(CREATE, SEND), DONE]) as runner:
        first, second = (await runner.ask(WORDS, thread_id="t")).pending
        left = await runner.decide("t", {"type": "approve"}, call_id=second.call_id)
        assert isinstance(left, list)
        assert [one.call_id for one in left] == [first.call_id]
        assert await mails(runner) == 0
        done = await runner.decide("t", {"type": "reject"}, call_id=first.call_id)
        assert statuses(done) == ["rejected", "done"]


@pytest.mark.parametrize(
    ("wished", "told"),
    [
        (call("shell_run", command="ls"), "shell_run"),
        (call("calendar_create", title="no such argument"), "summary"),
        (call("gmail_send", to="nobody", subject="a", body="b"), "to"),
    ],
)
async def test_a_call_that_does_not_fit_is_told_to_the_model_and_not_run(
    open_runner: Open, wished: Any, told: str
) -> None:
    async with open_runner([asks(wished), DONE]) as runner:
        turn = await runner.ask(WORDS, thread_id="t")
        assert (statuses(turn), turn.pending) == (["invalid"], [])
        assert told in await told_of_tools(runner)


async def test_a_turn_has_at_most_eight_steps(open_runner: Open) -> None:
    async with open_runner([asks(LIST)] * 8 + [DONE]) as runner:
        turn = await runner.ask(WORDS)
        assert len(turn.calls) == 8
        assert turn.answer == "Done."


async def test_calls_beyond_the_limit_are_not_run(open_runner: Open) -> None:
    async with open_runner([asks(LIST)], loop=True) as runner:
        turn = await runner.ask(WORDS)
        assert len([c for c in turn.calls if c["status"] == "done"]) == 8
        assert "8 steps" in turn.answer


async def test_a_message_that_is_too_long_is_refused_and_the_thread_goes_on(
    open_runner: Open,
) -> None:
    async with open_runner([DONE]) as runner:
        turn = await runner.ask("x" * 1_000_000, thread_id="t")
        assert "1000000 characters; at most 100000" in turn.answer
        assert (await runner.ask("Shorter, then.", thread_id="t")).answer == "Done."


async def test_a_new_message_is_refused_while_something_waits(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), DONE]) as runner:
        asked = await runner.ask(WORDS, thread_id="t")
        with pytest.raises(PendingError) as refused:
            await runner.ask("And another thing.", thread_id="t")
        assert refused.value.pending == asked.pending
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert [m.text for m in await runner.history("t") if m.type == "human"] == [WORDS]
        assert done.answer == "Done."


async def test_text_beside_calls_is_not_answer_text(open_runner: Open) -> None:
    async with open_runner([asks(LIST, beside="Let me look. "), DONE]) as runner:
        shown = ""
        async for event in runner.stream(WORDS):
            shown += event.text if event.kind == "text" else ""
            answer = event.turn.answer if event.turn else ""
        assert (shown, answer) == ("Done.", "Done.")


@pytest.mark.parametrize(
    "replies",
    [
        [says("The stay is short. It costs 123,456,789 IDR. Ask us.")] * 2,
        [says("The fee is 77% of it."), says("That I do not know.")],
        [says("One. Two. It is 123,456,789 IDR by code F99. Three.")] * 2,
    ],
)
async def test_no_figure_without_evidence_is_shown_or_answered(
    open_runner: Open, replies: list[AIMessage]
) -> None:
    async with open_runner(replies) as runner:
        shown = ""
        async for event in runner.stream("What do I pay for walking through Ubud with a cow?"):
            shown += event.text if event.kind == "text" else ""
            answer = event.turn.answer if event.turn else ""
        assert shown.strip() == answer.strip()
        claims = answer.split("could not confirm", maxsplit=1)[0]
        assert not any(figure in claims for figure in ("123,456,789", "77%", "F99"))


async def test_one_corrective_pass_and_no_more(open_runner: Open) -> None:
    wrong, right = says("It costs 123,456,789 IDR."), says("That I do not know.")
    async with open_runner([wrong, right]) as runner:
        turn = await runner.ask("What do I pay for walking through Ubud with a cow?")
        assert turn.answer == "That I do not know."
        assert turn.usage["model_calls"] == (3 if turn.architecture == "budget" else 2)


async def test_every_stream_mode_tells_the_same_answer(open_runner: Open) -> None:
    reply = says("First sentence. Second one.\n\n- a point\n- another")
    async with open_runner([reply]) as runner:
        graph, config = graph_of(runner, "t")
        given = {"messages": [HumanMessage("Tell me how you work, please.")]}
        modes = ["messages", "updates", "values"]
        with use(services_of(runner)):
            stream = graph.astream(given, config, stream_mode=modes, version="v2")
            parts = [part async for part in stream]
        told = {"messages": "", "updates": "", "values": ""}
        for part in parts:
            if part["type"] == "messages":
                told["messages"] += part["data"][0].text
            elif part["type"] == "updates":
                for update in part["data"].values():
                    told["updates"] = _answer(update) or told["updates"]
            else:
                told["values"] = _answer(part["data"]) or told["values"]
        assert set(told.values()) == {reply.text}


def _answer(update: Any) -> str:
    messages = (update or {}).get("messages") or ()
    return next((m.text for m in messages if str(m.id).startswith("answer_")), "")


async def test_a_time_is_the_users_own_where_the_machine_keeps_another_zone(
    open_runner: Open,
) -> None:
    friday = call("calendar_create", summary="permit review", start="2026-03-13T15:00:00+08:00")
    async with open_runner([asks(friday), DONE]) as runner:
        services_of(runner).clock = FixedClock(NOW.now().astimezone(UTC))
        turn = await runner.ask("Book the permit review on Friday at 3pm")
        assert turn.pending[0].provenance["start"]["provenance"] == "user"
