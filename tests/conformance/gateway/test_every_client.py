"""What holds through each real client, against a server that speaks its host's wire format."""

import json
import logging
from typing import Any

import pytest
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from tests.conformance.gateway.conftest import KEY, Serve, asked, candidate, gateway_of
from tests.wire import Scripted
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import Candidate, ModelUnavailableError, ScriptedModel

pytestmark = pytest.mark.loopback

_FREE = {"time_min": "2026-03-11T09:00:00+08:00", "time_max": "2026-03-11T10:00:00+08:00"}
_TWO = Scripted(
    calls=(("calendar_freebusy", json.dumps(_FREE)), ("gmail_search", '{"query": "from:made"}'))
)


def _other(text: str) -> Candidate:
    return Candidate("other", "other", lambda: ScriptedModel(replies=[AIMessage(text)]))


def _call(number: int, name: str, **args: Any) -> dict[str, Any]:
    return {"name": name, "args": args, "id": f"call_{number:024x}", "type": "tool_call"}


def _result(number: int, name: str, text: str, *, status: str = "success") -> ToolMessage:
    return ToolMessage(
        text,
        tool_call_id=f"call_{number:024x}",
        name=name,
        status=status,
        artifact={"provenance": {"": "system"}},
    )


async def test_text_comes_piece_by_piece_and_is_counted_and_priced(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    wire = serve(client, Scripted(pieces=("Selamat ", "pagi, ", "Ayu.")))
    heard: list[str] = []
    reply = await gateway_of(ledger, candidate(client, wire)).reply(
        asked(), [SystemMessage("You are ZANTARA."), HumanMessage("Halo")], on_text=heard.append
    )
    assert "".join(heard) == reply.message.text == "Selamat pagi, Ayu."
    assert len([piece for piece in heard if piece]) == 3
    assert (reply.tokens_in, reply.tokens_out) == (100, 20)
    assert reply.cost_usd > 0
    assert reply.model.casefold() in candidate(client, wire).model.casefold()
    assert not wire.refused


async def test_what_a_model_thinks_is_not_said(client: str, serve: Serve, ledger: Ledger) -> None:
    wire = serve(client, Scripted(thought="The user greets me.", pieces=("Halo.",)))
    heard: list[str] = []
    reply = await gateway_of(ledger, candidate(client, wire)).reply(
        asked(), [HumanMessage("Halo")], on_text=heard.append
    )
    assert "".join(heard) == reply.message.text == "Halo."


async def test_calls_in_one_step_arrive_whole_with_ids_of_ours(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    wire = serve(client, _TWO)
    reply = await gateway_of(ledger, candidate(client, wire)).reply(
        asked(), [HumanMessage("Free tomorrow at 9?")], tools=list(BY_NAME.values())
    )
    found = [(call["name"], call["args"]) for call in reply.message.tool_calls]
    assert found == [("calendar_freebusy", _FREE), ("gmail_search", {"query": "from:made"})]
    ids = {str(call["id"]) for call in reply.message.tool_calls}
    assert len(ids) == 2
    assert all(len(one) == 29 and one.startswith("call_") for one in ids)
    assert (reply.tokens_in, reply.tokens_out) == (100, 20)


async def test_every_tool_of_the_house_is_one_that_the_host_takes(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    wire = serve(client, Scripted(pieces=("Ok.",)))
    await gateway_of(ledger, candidate(client, wire)).reply(
        asked(), [HumanMessage("x")], tools=list(BY_NAME.values())
    )
    assert not wire.refused
    told = json.dumps(wire.requests[0]["tools"])
    assert all(f'"{name}"' in told for name in BY_NAME)


def _after_two_calls() -> list[BaseMessage]:
    calls = [_call(1, "calendar_freebusy", **_FREE), _call(2, "gmail_search", query="made")]
    return [
        SystemMessage("You are ZANTARA."),
        HumanMessage("<turn>\n</turn>\nFree tomorrow, and what did Made write?"),
        AIMessage("", tool_calls=calls),
        _result(1, "calendar_freebusy", '{"free": true, "busy": []}'),
        _result(2, "gmail_search", '{"error": "no such mail"}', status="error"),
    ]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([], id="the results are the end"),
        pytest.param([HumanMessage("<limit>\nNo more calls.")], id="a word after the results"),
        pytest.param(
            [AIMessage("You are free."), HumanMessage("Thanks!"), HumanMessage("<correction>\nx")],
            id="two words of the user",
        ),
        pytest.param(
            [
                AIMessage("", tool_calls=[_call(3, "gmail_search", query="made")]),
                _result(3, "gmail_search", "not JSON at all"),
            ],
            id="a second step with the same tool",
        ),
    ],
)
async def test_our_conversations_are_ones_that_the_host_takes(
    client: str, serve: Serve, ledger: Ledger, after: list[BaseMessage]
) -> None:
    wire = serve(client, Scripted(pieces=("Yes.",)))
    reply = await gateway_of(ledger, candidate(client, wire)).reply(
        asked(), [*_after_two_calls(), *after], tools=list(BY_NAME.values())
    )
    assert reply.message.text == "Yes."
    assert not wire.refused
    sent = json.dumps(wire.requests[0])
    assert "no such mail" in sent
    assert "provenance" not in sent


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_refusal_is_heard_once_and_the_next_candidate_answers(
    client: str, serve: Serve, ledger: Ledger, status: int
) -> None:
    wire = serve(client, *[Scripted(status=status, error="not now")] * 3)
    reply = await gateway_of(ledger, candidate(client, wire), _other("I can.")).reply(
        asked(), [HumanMessage("x")]
    )
    assert reply.message.text == "I can."
    assert len(wire.requests) == 1


@pytest.mark.parametrize("cut", ["closed", "reset"])
async def test_an_answer_that_breaks_off_is_not_spliced(
    client: str, serve: Serve, ledger: Ledger, cut: Any
) -> None:
    wire = serve(client, Scripted(pieces=("Half of ",), cut=cut), Scripted(pieces=("Whole",)))
    heard: list[str] = []
    with pytest.raises(ModelUnavailableError, match="broke off"):
        await gateway_of(ledger, candidate(client, wire), _other("Whole")).reply(
            asked(), [HumanMessage("x")], on_text=heard.append
        )
    assert "".join(heard) == "Half of "
    assert len(wire.requests) == 1


@pytest.mark.parametrize("cut", ["closed", "reset"])
async def test_calls_of_a_stream_that_breaks_off_are_not_run(
    client: str, serve: Serve, ledger: Ledger, cut: Any
) -> None:
    wire = serve(client, Scripted(calls=_TWO.calls, cut=cut))
    gateway = gateway_of(ledger, candidate(client, wire), _other("I can."))
    reply = await gateway.reply(asked(), [HumanMessage("x")], tools=list(BY_NAME.values()))
    assert (reply.provider, reply.message.tool_calls) == ("other", [])


async def test_an_empty_answer_is_none(client: str, serve: Serve, ledger: Ledger) -> None:
    wire = serve(client, Scripted())
    reply = await gateway_of(ledger, candidate(client, wire), _other("I can.")).reply(
        asked(), [HumanMessage("x")]
    )
    assert reply.message.text == "I can."


async def test_a_key_that_the_host_repeats_is_not_told(
    client: str, serve: Serve, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "sk-" + "of-nobody-to-see" * 2
    one = candidate(client, serve(client), key=secret)
    with pytest.raises(ModelUnavailableError, match=r"\[key\]") as raised:
        await gateway_of(ledger, one).reply(asked(), [HumanMessage("x")])
    error: BaseException | None = raised.value
    while error is not None:
        assert secret not in f"{error!r}{error}"
        error = error.__cause__ or error.__context__
    assert secret not in f"{one!r}{one.build()!r}"
    assert secret not in caplog.text
    assert KEY not in caplog.text


async def test_a_prompt_that_cannot_fit_is_not_sent(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    wire = serve(client)
    one = candidate(client, wire)
    small = Candidate(one.provider, one.model, one.build, window=1_000, client=client)
    with pytest.raises(ModelUnavailableError, match=r"at least 2,500 tokens.*window 1,000"):
        await gateway_of(ledger, small).reply(asked(), [HumanMessage("word " * 2_000)])
    assert not wire.requests
