"""Gemini: what it does in its own way."""

import json

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.conformance.gateway.conftest import Serve, asked, candidate, gateway_of
from tests.wire import Scripted
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import ModelUnavailableError

pytestmark = pytest.mark.loopback

_TWO = (("gmail_search", '{"query": "made"}'), ("gmail_search", '{"query": "budi"}'))


async def test_the_request_leaves_the_sampling_to_the_model(serve: Serve, ledger: Ledger) -> None:
    wire = serve("gemini", Scripted(pieces=("Ok.",)))
    await gateway_of(ledger, candidate("gemini", wire)).reply(asked(), [HumanMessage("x")])
    (sent,) = wire.requests
    assert "temperature" not in sent.get("generationConfig", {})


def _answered(asking: AIMessage) -> list[BaseMessage]:
    results = [
        ToolMessage('{"mails": []}', tool_call_id=str(call["id"]), name=call["name"])
        for call in asking.tool_calls
    ]
    return [HumanMessage("Mails of Made and Budi?"), asking, *results]


@pytest.mark.parametrize("signatures", [("c2lnLW9uZQ==",), ("c2lnLW9uZQ==", "c2lnLXR3bw==")])
async def test_thought_signatures_come_back_with_their_calls(
    serve: Serve, ledger: Ledger, signatures: tuple[str, ...]
) -> None:
    """Gemini 3 answers 400 to a step whose first call has lost its signature."""
    wire = serve("gemini", Scripted(calls=_TWO, signatures=signatures), Scripted(pieces=("None.",)))
    gateway, tools = gateway_of(ledger, candidate("gemini", wire)), list(BY_NAME.values())
    first = await gateway.reply(asked("1"), [HumanMessage("Mails of Made and Budi?")], tools=tools)
    # As the window keeps it: through JSON, under our ids.
    again = AIMessage(**json.loads(first.message.model_dump_json()))
    await gateway.reply(asked("2"), _answered(again), tools=tools)
    parts = wire.requests[1]["contents"][1]["parts"]
    sent = [p["thoughtSignature"] for p in parts if "thoughtSignature" in p]
    assert sent == list(signatures)
    assert not wire.refused


async def test_calls_of_another_model_can_go_on_with_gemini(serve: Serve, ledger: Ledger) -> None:
    """After a fallback the history holds calls that Gemini never signed."""
    wire = serve("gemini", Scripted(pieces=("None.",)))
    call = {"name": "gmail_search", "args": {"query": "x"}, "id": "call_" + "a" * 24}
    await gateway_of(ledger, candidate("gemini", wire)).reply(
        asked(), _answered(AIMessage("", tool_calls=[call])), tools=list(BY_NAME.values())
    )
    assert not wire.refused


@pytest.mark.parametrize("end", ["MALFORMED_FUNCTION_CALL", "SAFETY", "RECITATION"])
async def test_an_answer_that_gemini_gave_up_is_a_failed_one(
    serve: Serve, ledger: Ledger, end: str
) -> None:
    wire = serve("gemini", Scripted(end=end))
    with pytest.raises(ModelUnavailableError, match=end.lower()):
        await gateway_of(ledger, candidate("gemini", wire)).reply(asked(), [HumanMessage("x")])


async def test_the_form_of_dates_is_told_in_words(serve: Serve, ledger: Ledger) -> None:
    """The client sends no `format`, and the service refuses `date`."""
    wire = serve("gemini", Scripted(pieces=("Ok.",)))
    await gateway_of(ledger, candidate("gemini", wire)).reply(
        asked(), [HumanMessage("x")], tools=list(BY_NAME.values())
    )
    (tool,) = wire.requests[0]["tools"]
    told = {
        one["name"]: one["parameters"].get("properties", {}) for one in tool["functionDeclarations"]
    }
    assert "YYYY-MM-DD" in told["calendar_delete"]["date"]["description"]
    assert "ISO 8601 with offset" in told["calendar_create"]["end"]["description"]
    assert told["calendar_create"]["start"]["description"].count("ISO 8601") == 1
