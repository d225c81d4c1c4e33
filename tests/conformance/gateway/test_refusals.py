"""What each host's own words mean: asked again later, never again, or not this request alone."""

import pytest
from langchain_core.messages import HumanMessage

from tests.conformance.gateway.conftest import HOSTS, Pair, Serve, asked, gateway_of, rows_of
from tests.wire import REFUSALS, Scripted, refusal
from zantara.costs import Ledger
from zantara.gateway import ModelUnavailableError

pytestmark = pytest.mark.loopback
OK = Scripted(pieces=("I can.",))


def _cases(*names: str) -> list[object]:
    return [
        pytest.param(what, client, id=f"{what}-{client}")
        for what in names
        for client in REFUSALS[what]
        if client in HOSTS
    ]


async def _answers(pair: Pair) -> str:
    return (await pair.ask(on_text=lambda _text: None)).message.text


@pytest.mark.parametrize(("what", "client"), _cases("limited for 34 seconds"))
async def test_a_limit_is_kept_for_as_long_as_the_host_said(
    serve: Serve, ledger: Ledger, what: str, client: str
) -> None:
    pair = Pair(ledger, client, serve(client, refusal(what, client), OK))
    await pair.ask()
    pair.time.seconds += 28
    assert await _answers(pair) == "The other."
    assert len(pair.wire.requests) == 1
    pair.time.seconds += 7
    assert await _answers(pair) == "I can."


@pytest.mark.parametrize(("what", "client"), _cases("no credit"))
async def test_a_host_with_no_credit_left_is_left_alone_for_minutes(
    serve: Serve, ledger: Ledger, what: str, client: str
) -> None:
    pair = Pair(ledger, client, serve(client, refusal(what, client), OK))
    await pair.ask()
    pair.time.seconds += 120
    assert await _answers(pair) == "The other."
    pair.time.seconds += 3_600
    assert await _answers(pair) == "I can."


@pytest.mark.parametrize(
    ("what", "client"), _cases("wrong key", "leaked key", "no such model", "model decommissioned")
)
async def test_what_does_not_pass_is_asked_once_and_somebody_is_told(
    serve: Serve, ledger: Ledger, what: str, client: str
) -> None:
    pair = Pair(ledger, client, serve(client, refusal(what, client), OK))
    told: list[tuple[str, str]] = []
    pair.gateway.alert = lambda name, _candidate, detail: told.append((name, detail))
    await pair.ask()
    pair.time.seconds += 1e9
    assert await _answers(pair) == "The other."
    assert len(pair.wire.requests) == 1
    ((name, detail),) = told
    assert name == "disabled"
    assert HOSTS[client].key in detail or "key" not in what


@pytest.mark.parametrize(("what", "client"), _cases("overloaded"))
async def test_a_busy_host_is_asked_by_the_next_question(
    serve: Serve, ledger: Ledger, what: str, client: str
) -> None:
    pair = Pair(ledger, client, serve(client, refusal(what, client), OK))
    assert await _answers(pair) == "The other."
    assert await _answers(pair) == "I can."


@pytest.mark.parametrize(("what", "client"), _cases("too long", "filtered"))
async def test_what_is_wrong_with_one_request_is_told_and_shuts_nothing(
    serve: Serve, ledger: Ledger, what: str, client: str
) -> None:
    pair = Pair(ledger, client, serve(client, *[refusal(what, client)] * 6, OK))
    for _ in range(6):
        assert await _answers(pair) == "The other."
    assert await _answers(pair) == "I can."
    alone = gateway_of(ledger, pair.gateway.candidates("workspace")[0])
    pair.wire.script.append(refusal(what, client))
    with pytest.raises(ModelUnavailableError, match=HOSTS[client].provider):
        await alone.reply(asked(), [HumanMessage("x")], on_text=lambda _text: None)


@pytest.mark.parametrize(("what", "client"), _cases(*REFUSALS))
async def test_every_refusal_has_its_row(
    serve: Serve, ledger: Ledger, what: str, client: str
) -> None:
    pair = Pair(ledger, client, serve(client, refusal(what, client)))
    await _answers(pair)
    refused, answered = rows_of(ledger)
    assert (refused["outcome"], refused["attempt"]) == ("failed", 1)
    assert (answered["outcome"], answered["attempt"]) == ("answered", 2)
    if refusal(what, client).status != 200:  # nobody charges for a refusal
        assert refused["cost_usd"] == 0
