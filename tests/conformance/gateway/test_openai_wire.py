"""Chat Completions: what its hosts do in their own way."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.conformance.gateway.conftest import Serve, asked, candidate, gateway_of
from tests.wire import OpenAIWire, Scripted, Wire
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import Candidate, Gateway, ModelUnavailableError, ScriptedModel, candidates_for
from zantara.settings import Settings

pytestmark = pytest.mark.loopback


def _alone(ledger: Ledger, wire: Wire) -> Gateway:
    return gateway_of(ledger, candidate("openai", wire))


async def test_the_request_asks_for_usage_and_the_likeliest_words(
    serve: Serve, ledger: Ledger
) -> None:
    wire = serve("openai", Scripted(pieces=("Ok.",)))
    await _alone(ledger, wire).reply(asked(), [HumanMessage("x")], on_text=print)
    (sent,) = wire.requests
    assert sent["model"] == "meta-llama/llama-4-scout"
    assert (sent["temperature"], sent["stream"]) == (0, True)
    assert sent["max_tokens"] == 4096
    assert sent["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    "args",
    [
        pytest.param('{"to": ["made@example.com"], "body": "Dear Made, the', id="cut off"),
        pytest.param('["made@example.com"]', id="a list"),
        pytest.param('{"to": made@example.com}', id="no JSON"),
    ],
)
async def test_a_call_with_broken_arguments_is_not_run_nor_lost(
    serve: Serve, ledger: Ledger, args: str
) -> None:
    """The client would complete the first one to a mail of half a sentence, and send it."""
    wire = serve("openai", *[Scripted(calls=(("gmail_send", args),))] * 2)
    good = {"name": "gmail_search", "args": {"query": "made"}, "id": "call_0"}
    script = ScriptedModel(replies=[AIMessage("", tool_calls=[good])])
    other = Candidate("other", "other", lambda: script)
    gateway = gateway_of(ledger, candidate("openai", wire), other)
    reply = await gateway.reply(asked(), [HumanMessage("x")], tools=list(BY_NAME.values()))
    assert [call["name"] for call in reply.message.tool_calls] == ["gmail_search"]
    with pytest.raises(ModelUnavailableError, match="gmail_send with arguments that are no JSON"):
        await _alone(ledger, wire).reply(asked(), [HumanMessage("x")], on_text=print)


async def test_a_line_break_in_a_text_is_no_broken_call(serve: Serve, ledger: Ledger) -> None:
    """Not JSON by the letter; llama.cpp's grammar lets a model write it."""
    args = '{"to": ["made@example.com"], "subject": "Hi", "body": "Dear Made,\n\nthank you"}'
    wire = serve("openai", Scripted(calls=(("gmail_send", args),)))
    reply = await _alone(ledger, wire).reply(asked(), [HumanMessage("x")])
    assert reply.message.tool_calls[0]["args"]["body"] == "Dear Made,\n\nthank you"


async def test_a_name_that_comes_with_every_piece_is_one_name(serve: Serve, ledger: Ledger) -> None:
    wire = serve("openai", Scripted(calls=(("gmail_search", '{"query": "from:made"}'),)))
    assert isinstance(wire, OpenAIWire)
    wire.repeats_names = True
    reply = await _alone(ledger, wire).reply(
        asked(), [HumanMessage("x")], tools=list(BY_NAME.values())
    )
    assert [call["name"] for call in reply.message.tool_calls] == ["gmail_search"]


async def test_a_call_that_met_the_length_limit_is_not_run(serve: Serve, ledger: Ledger) -> None:
    wire = serve("openai", Scripted(calls=(("gmail_search", '{"query": "a"}'),), end="length"))
    with pytest.raises(ModelUnavailableError, match="length limit"):
        await _alone(ledger, wire).reply(asked(), [HumanMessage("x")])


async def test_text_that_met_the_length_limit_stands_and_says_so(
    serve: Serve, ledger: Ledger
) -> None:
    wire = serve("openai", Scripted(pieces=("One. Two",), end="length"))
    reply = await _alone(ledger, wire).reply(asked(), [HumanMessage("x")])
    assert (reply.message.text, reply.cut) == ("One. Two", True)


async def test_a_filtered_answer_is_a_failed_one(serve: Serve, ledger: Ledger) -> None:
    wire = serve("openai", Scripted(pieces=("One.",), end="content_filter"))
    with pytest.raises(ModelUnavailableError, match="content_filter"):
        await _alone(ledger, wire).reply(asked(), [HumanMessage("x")])


async def test_an_error_in_the_stream_is_told(serve: Serve, ledger: Ledger) -> None:
    """OpenRouter reports what fails at the host behind it in the stream, with status 200."""
    wire = serve("openai", Scripted(pieces=("One ",), cut="error", error="upstream overloaded"))
    with pytest.raises(ModelUnavailableError, match=r"broke off.*upstream overloaded"):
        await _alone(ledger, wire).reply(asked(), [HumanMessage("x")], on_text=print)


async def test_a_failed_answer_stands_in_the_ledger_with_its_price(
    serve: Serve, ledger: Ledger
) -> None:
    wire = serve("openai", Scripted(calls=(("gmail_send", "{"),)))
    with pytest.raises(ModelUnavailableError):
        await _alone(ledger, wire).reply(asked(), [HumanMessage("x")])
    assert ledger.cost("thread") > 0


async def test_any_compatible_server_answers_through_the_same_client(
    serve: Serve, ledger: Ledger
) -> None:
    wire = serve("openai", Scripted(pieces=("Ok.",)))
    settings: dict[str, Any] = {"openai_base_url": wire.base_url, "openai_model": "smollm2"}
    found = candidates_for(
        "workspace",
        Settings(**settings, openai_api_key=wire.key, openai_window=8192),
        environ={},
    )
    gateway = gateway_of(ledger, *found)
    reply = await gateway.reply(asked(), [HumanMessage("x")])
    assert (reply.provider, reply.model, str(reply.cost_usd)) == ("custom", "smollm2", "0")
    assert gateway.window("workspace") == 8192
