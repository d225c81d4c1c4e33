"""`threads show` says of each call how it ended."""

import json

from tests.conftest import Open
from tests.kit import asks, call, decisions, on, says
from zantara.cli._conversation import read_conversation

MAIL = call("gmail_send", to=["maria@example.com"], subject="Visa", body="It is ready.")


async def test_a_call_is_told_as_it_was_run_after_an_edit(open_runner: Open) -> None:
    async with open_runner([asks(MAIL), says("Sent.")]) as runner:
        turn = await runner.ask("Mail maria@example.com", thread_id="t")
        waiting = await read_conversation(runner, "t")
        args = {**turn.pending[0].args, "subject": "Your visa"}
        edit = {"type": "edit", "edited_action": {"name": "gmail_send", "args": args}}
        await runner.resume("t", on(turn.pending, decisions(edit)))
        ended = await read_conversation(runner, "t")
    assert [m["call"]["status"] for m in waiting.messages if m["role"] == "call"] == ["waits"]
    assert waiting.pending
    assert [m["role"] for m in ended.messages] == ["user", "call", "assistant"]
    told = ended.messages[1]["call"]
    assert told["status"] == "done"
    assert told["args"]["subject"] == "Your visa"
    assert json.dumps(ended.to_json())


async def test_a_call_that_was_turned_down_tells_the_reason(open_runner: Open) -> None:
    async with open_runner([asks(MAIL), says("Then not.")]) as runner:
        turn = await runner.ask("Mail maria@example.com", thread_id="t")
        no = {"type": "reject", "message": "too early"}
        await runner.resume("t", on(turn.pending, decisions(no)))
        told = (await read_conversation(runner, "t")).messages[1]["call"]
    assert told["status"] == "not run"
    assert "too early" in told["detail"]
