"""Ids of calls: hosts repeat them, a conversation must not."""

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from tests.conformance.gateway.conftest import Serve, asked, candidate, gateway_of
from tests.wire import OpenAIWire, Scripted
from tools import BY_NAME
from zantara.costs import Ledger

pytestmark = pytest.mark.loopback

_TWO = Scripted(
    calls=(("gmail_search", '{"query": "made"}'), ("gmail_search", '{"query": "budi"}'))
)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("host", ["openai", "groq"])
async def test_calls_with_one_id_are_two_calls_and_can_be_answered(
    host: str, serve: Serve, ledger: Ledger, streamed: bool
) -> None:
    wire = serve(host, _TWO, _TWO, Scripted(pieces=("None.",)))
    assert isinstance(wire, OpenAIWire)
    wire.repeats_ids = True
    gateway, tools = gateway_of(ledger, candidate(host, wire)), list(BY_NAME.values())
    history: list[HumanMessage | AIMessage | ToolMessage] = [HumanMessage("Mails?")]
    for step in ("1", "2", "3"):
        reply = await gateway.reply(
            asked(step), history, tools=tools, on_text=_unheard if streamed else None
        )
        calls = reply.message.tool_calls
        assert [one["args"]["query"] for one in calls] == (["made", "budi"] if step < "3" else [])
        history.append(reply.message)
        history += [ToolMessage("{}", tool_call_id=str(one["id"])) for one in calls]
    assert not wire.refused
    ids = [m.tool_call_id for m in history if isinstance(m, ToolMessage)]
    assert len(set(ids)) == 4


def _unheard(_text: str) -> None:
    """Asks for a stream."""
