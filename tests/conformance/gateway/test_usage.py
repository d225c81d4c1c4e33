"""What a host counted is what the ledger charges: cached tokens, thoughts, the longest answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from tests.conformance.gateway.conftest import (
    KEY,
    Serve,
    asked,
    candidate,
    gateway_of,
    rows_of,
)
from tests.wire import Scripted, Wire
from zantara.costs import Ledger, Prices
from zantara.gateway import Candidate, candidates_for
from zantara.settings import Settings

pytestmark = pytest.mark.loopback

_COUNTED = {"prompt_tokens": 1000, "completion_tokens": 20, "total_tokens": 1020}
# Each is a prompt of 1,000 tokens of which 800 came from the host's cache.
_CACHED: dict[str, dict[str, Any]] = {
    "openai": {**_COUNTED, "prompt_tokens_details": {"cached_tokens": 800}},
    "groq": {**_COUNTED, "prompt_tokens_details": {"cached_tokens": 800}},
    "gemini": {
        "promptTokenCount": 1000,
        "cachedContentTokenCount": 800,
        "candidatesTokenCount": 20,
        "totalTokenCount": 1020,
    },
    "anthropic": {
        "input_tokens": 200,
        "cache_read_input_tokens": 800,
        "cache_creation_input_tokens": 0,
        "output_tokens": 20,
    },
}
_STREAMED: list[Callable[[str], None] | None] = [lambda _text: None, None]
both = pytest.mark.parametrize("on_text", _STREAMED, ids=["streamed", "whole"])


def _deepseek(wire: Wire) -> Candidate:
    environ = {"DEEPSEEK_API_KEY": KEY, "DEEPSEEK_BASE_URL": wire.base_url}
    settings = Settings(model="auto", openai_base_url="")
    return candidates_for("knowledge", settings, environ=environ)[0]


async def _ask(
    ledger: Ledger, one: Candidate, on_text: Callable[[str], None] | None
) -> dict[str, Any]:
    await gateway_of(ledger, one).reply(asked(), [HumanMessage("x")], on_text=on_text)
    return rows_of(ledger)[-1]


def _held(row: dict[str, Any], one: Candidate, *, answered: str = "") -> None:
    counted = (row["tokens_in"], row["tokens_cached"], row["tokens_out"])
    assert counted == (1000, 800, 20)
    given: dict[str, Any] = {"ceiling": one.ceiling, "tokens_in": 1000, "tokens_out": 20}
    model = answered or one.model
    listed, _priced = Prices().cost(one.provider, model, cached=800, **given)
    dearest, _priced = Prices().cost(one.provider, model, cached=0, **given)
    assert 0 < row["cost_usd"] == listed <= dearest


@both
async def test_tokens_from_the_cache_are_a_part_of_the_prompt_and_cost_less(
    client: str, serve: Serve, ledger: Ledger, on_text: Callable[[str], None] | None
) -> None:
    wire = serve(client, Scripted(pieces=("Ok.",), usage=_CACHED[client]))
    one = candidate(client, wire)
    _held(await _ask(ledger, one, on_text), one)


@both
@pytest.mark.parametrize("also", [{}, {"prompt_tokens_details": {"cached_tokens": 800}}])
async def test_deepseek_counts_its_cache_in_its_own_words(
    serve: Serve, ledger: Ledger, also: dict[str, Any], on_text: Callable[[str], None] | None
) -> None:
    own = {"prompt_cache_hit_tokens": 800, "prompt_cache_miss_tokens": 200}
    one = _deepseek(serve("openai", Scripted(pieces=("Ok.",), usage={**_COUNTED, **own, **also})))
    _held(await _ask(ledger, one, on_text), one)


@both
async def test_what_gemini_thinks_is_paid_for(
    serve: Serve, ledger: Ledger, on_text: Callable[[str], None] | None
) -> None:
    usage = {
        "promptTokenCount": 100,
        "candidatesTokenCount": 20,
        "thoughtsTokenCount": 300,
        "totalTokenCount": 420,
    }
    wire = serve("gemini", Scripted(thought="Hm.", pieces=("Ok.",), usage=usage))
    row = await _ask(ledger, candidate("gemini", wire), on_text)
    assert (row["tokens_in"], row["tokens_out"]) == (100, 320)


_OUT = {
    "openai": ("prompt_tokens", "completion_tokens", "total_tokens"),
    "groq": ("prompt_tokens", "completion_tokens", "total_tokens"),
    "gemini": ("promptTokenCount", "candidatesTokenCount", "totalTokenCount"),
    "anthropic": ("input_tokens", "output_tokens", ""),
}


def _limit(request: dict[str, Any]) -> int:
    """Tokens that the host may answer with."""
    found = request.get("max_tokens") or request.get("max_completion_tokens")
    return int(found or request["generationConfig"]["maxOutputTokens"])


async def test_the_longest_answer_costs_no_more_than_was_reserved(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    """A budget is held by what is reserved: an answer that costs more goes over it."""
    wire = serve(client, Scripted(pieces=("Ok.",)))
    one = candidate(client, wire)
    await _ask(ledger, one, None)
    into, out, total = _OUT[client]
    longest = _limit(wire.requests[0])
    usage = {into: 10, out: longest, **({total: 10 + longest} if total else {})}
    wire.script.append(Scripted(pieces=("Ok.",), usage=usage))
    await _ask(ledger, one, None)
    row = max(rows_of(ledger), key=lambda row: int(row["tokens_out"]))
    assert row["tokens_out"] == longest
    assert row["cost_usd"] <= Decimal(row["reserved_usd"])
