"""A conversation that goes from one host to another and back: each takes what the other wrote."""

import json

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.conformance.gateway.conftest import HOSTS, Serve, asked, candidate, gateway_of
from tests.wire import Scripted, Wire
from tools import BY_NAME
from zantara.costs import Ledger

pytestmark = pytest.mark.loopback

_SIGNED = Scripted(
    thought="I need the mails.",
    calls=(("gmail_search", '{"query": "made"}'), ("gmail_search", '{"query": "budi"}')),
    signatures=("c2lnLW9uZQ==",),
)
_CALL = Scripted(calls=(("gmail_search", '{"query": "ketut"}'),))
_DONE = Scripted(pieces=("No mails.",))


class _Turn:
    """Steps of one turn, each answered by the host that is named."""

    def __init__(self, ledger: Ledger, wires: dict[str, Wire]) -> None:
        self.history: list[BaseMessage] = [HumanMessage("Mails of Made, Budi and Ketut?")]
        self._gateways = {
            client: gateway_of(ledger, candidate(client, wire)) for client, wire in wires.items()
        }
        self._wires = wires

    async def step(self, client: str) -> None:
        reply = await self._gateways[client].reply(
            asked(str(len(self.history))), self.history, tools=list(BY_NAME.values())
        )
        assert not self._wires[client].refused
        # As the window keeps it: through JSON, under our ids.
        kept = AIMessage(**json.loads(reply.message.model_dump_json()))
        self.history.append(kept)
        self.history += [
            ToolMessage('{"mails": []}', tool_call_id=str(one["id"]), name=one["name"])
            for one in kept.tool_calls
        ]


@pytest.mark.parametrize("other", [name for name in HOSTS if name != "gemini"])
async def test_from_gemini_to_another_host_and_back(
    other: str, serve: Serve, ledger: Ledger
) -> None:
    """Gemini gets its signature back; the other host never sees it, and signed nothing."""
    wires = {"gemini": serve("gemini", _SIGNED, _DONE), other: serve(other, _CALL)}
    turn = _Turn(ledger, wires)
    for client in ("gemini", other, "gemini"):
        await turn.step(client)
    assert turn.history[-1].text == "No mails."
    assert "c2lnLW9uZQ==" not in json.dumps(wires[other].requests)
    assert json.dumps(wires["gemini"].requests[1]).count("c2lnLW9uZQ==") == 1


@pytest.mark.parametrize("first", HOSTS)
@pytest.mark.parametrize("second", HOSTS)
async def test_every_host_goes_on_from_every_other(
    first: str, second: str, serve: Serve, ledger: Ledger
) -> None:
    if first == second:
        wires = {first: serve(first, _SIGNED, _CALL, _DONE)}
    else:
        wires = {first: serve(first, _SIGNED, _DONE), second: serve(second, _CALL)}
    turn = _Turn(ledger, wires)
    for client in (first, second, first):
        await turn.step(client)
    assert turn.history[-1].text == "No mails."
