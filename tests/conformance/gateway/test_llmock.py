"""The gateway against a server of model hosts that nobody here wrote: LLMock, with its faults.

It judges its clients too: a `retry-after` that was not kept, a refusal that was tried again, a stream
without an end that was taken for an answer.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.conformance.gateway.conftest import HOSTS, Time, asked, rows_of
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import (
    BrokenOffError,
    Candidate,
    Gateway,
    Reply,
    ScriptedModel,
    candidates_for,
)
from zantara.settings import Settings

if find_spec("llmock") is None:
    pytest.skip("LLMock is not installed", allow_module_level=True)

from llmock.scenarios import Fail, StreamFault, ToolCall
from llmock.scenarios import Reply as Answer
from llmock.testing import LLMockServer
from llmock.verdict import judge

pytestmark = pytest.mark.loopback

_PATHS = {"openai": "/v1", "groq": "/groq", "gemini": "/gemini", "anthropic": "/anthropic"}


class _Closing:
    """No connection outlives its answer: the clients are never closed, and their loops end."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def closing(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive, closing)


@pytest.fixture
def server() -> Iterator[LLMockServer]:
    server = LLMockServer()
    server.app.add_middleware(_Closing)
    with server:
        yield server


class _Asker:
    """One client of the gateway, its address leading to the foreign server, and a second candidate."""

    def __init__(self, ledger: Ledger, client: str, server: LLMockServer) -> None:
        host = HOSTS[client]
        environ = {host.key: "key", host.address: server.url + _PATHS[client]}
        settings = Settings(model="auto", openai_base_url="")
        other = ScriptedModel(replies=[AIMessage("The other.")], loop=True)
        candidates = [
            candidates_for(host.role, settings, environ=environ)[0],
            Candidate("other", "other", lambda: other),
        ]
        self.time = Time()
        self._gateway = Gateway(lambda _role: candidates, ledger, now=self.time)
        self.heard: list[str] = []

    async def ask(self, *history: BaseMessage, streamed: bool = True, tools: bool = False) -> Reply:
        return await self._gateway.reply(
            asked(str(len(history))),
            history or [HumanMessage("Search my mail for Made.")],
            tools=list(BY_NAME.values()) if tools else (),
            on_text=self.heard.append if streamed else None,
        )


@pytest.fixture
def asker(ledger: Ledger, client: str, server: LLMockServer) -> _Asker:
    return _Asker(ledger, client, server)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_an_answer_is_whole_counted_and_priced(
    asker: _Asker, client: str, server: LLMockServer, ledger: Ledger, streamed: bool
) -> None:
    server.state.scenarios.add(Answer(text="Selamat pagi, Ayu."))
    reply = await asker.ask(streamed=streamed)
    assert reply.message.text == "Selamat pagi, Ayu."
    assert "".join(asker.heard) == (reply.message.text if streamed else "")
    (row,) = rows_of(ledger)
    assert row["cost_usd"] > 0
    # Its streams lack Groq's `x_groq` and the prompt's count at the end of Claude's.
    if not (streamed and client in ("groq", "anthropic")):
        assert row["tokens_in"] > 0 and row["tokens_out"] > 0


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_calls_come_and_their_results_are_taken(
    asker: _Asker, server: LLMockServer, streamed: bool
) -> None:
    calls = (ToolCall("gmail_search", {"query": "made"}), ToolCall("maps_places", {"query": "x"}))
    server.state.scenarios.add(Answer(tool_calls=calls))
    question = HumanMessage("Search my mail for Made.")
    reply = await asker.ask(question, streamed=streamed, tools=True)
    found = [(one["name"], one["args"]) for one in reply.message.tool_calls]
    assert found == [("gmail_search", {"query": "made"}), ("maps_places", {"query": "x"})]
    results = [
        ToolMessage("{}", tool_call_id=str(one["id"]), name=one["name"])
        for one in reply.message.tool_calls
    ]
    after = await asker.ask(question, reply.message, *results, streamed=streamed, tools=True)
    assert after.provider != "other" and after.message.text


@pytest.mark.parametrize("status", [429, 500, 503, 529])
async def test_its_refusals_are_passed_over_once(
    asker: _Asker, server: LLMockServer, status: int
) -> None:
    server.state.scenarios.add(Fail(status, retry_after=30 if status == 429 else None))
    assert (await asker.ask()).message.text == "The other."
    assert len(server.state.journal.records(wait=2.0)) == 1
    if status == 429:
        asker.time.seconds += 20
        assert (await asker.ask()).message.text == "The other."
    asker.time.seconds += 30
    assert (await asker.ask()).provider != "other"


@pytest.mark.parametrize("kind", ["disconnect", "truncate", "malformed"])
async def test_a_stream_that_it_breaks_is_no_answer(
    asker: _Asker, server: LLMockServer, kind: str, ledger: Ledger
) -> None:
    server.state.scenarios.add(
        Answer(text="one two three four five six"),
        StreamFault(kind, after_chunks=3),  # type: ignore[arg-type]
    )
    try:
        assert (await asker.ask()).message.text == "The other."
    except BrokenOffError:
        assert asker.heard
    assert rows_of(ledger)[0]["outcome"] in ("cut", "failed")


async def test_its_verdict_on_what_it_saw(asker: _Asker, server: LLMockServer) -> None:
    """Nothing was tried again that must not be, and no refusal was hammered."""
    server.state.scenarios.add(Fail(400), Fail(503), Fail(429, retry_after=30))
    for number in range(6):
        await asker.ask(HumanMessage(f"Question {number}"))
    found = [one.code for one in judge(server.state.journal.records(wait=2.0)).findings]
    assert {"retry_after_ignored", "retried_non_retryable", "retry_storm"}.isdisjoint(found)
