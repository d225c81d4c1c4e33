"""Groq: what it does in its own way."""

import pytest
from langchain_core.messages import HumanMessage

from tests.conformance.gateway.conftest import Serve, asked, candidate, gateway_of
from tests.wire import Scripted
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import ModelUnavailableError

pytestmark = pytest.mark.loopback


async def test_the_request_is_one_of_groq_and_its_price_is_known(
    serve: Serve, ledger: Ledger
) -> None:
    wire = serve("groq", Scripted(pieces=("Ok.",)))
    reply = await gateway_of(ledger, candidate("groq", wire)).reply(
        asked(), [HumanMessage("x")], on_text=print
    )
    (sent,) = wire.requests
    assert (sent["model"], sent["stream"]) == ("openai/gpt-oss-120b", True)
    assert sent["temperature"] < 1e-6
    assert (reply.tokens_in, reply.tokens_out) == (100, 20)


async def test_a_call_that_groq_could_not_read_is_told(serve: Serve, ledger: Ledger) -> None:
    """Groq checks a model's calls itself and answers 400 `tool_use_failed`."""
    said = "Failed to call a function. Please adjust your prompt."
    wire = serve("groq", Scripted(status=400, error=said))
    with pytest.raises(ModelUnavailableError, match="Failed to call a function"):
        await gateway_of(ledger, candidate("groq", wire)).reply(
            asked(), [HumanMessage("x")], tools=list(BY_NAME.values())
        )
    assert len(wire.requests) == 1


async def test_arguments_that_are_no_json_fail_the_answer(serve: Serve, ledger: Ledger) -> None:
    wire = serve("groq", Scripted(calls=(("gmail_send", '{"to": ["made@exam'),)))
    with pytest.raises(ModelUnavailableError, match="no JSON object"):
        await gateway_of(ledger, candidate("groq", wire)).reply(asked(), [HumanMessage("x")])
