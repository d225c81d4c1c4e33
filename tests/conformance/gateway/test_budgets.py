"""Many calls at once against what is left of a budget, through each real client."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.conformance.gateway.conftest import Serve, asked, candidate, rows_of
from tests.wire import Scripted
from zantara.costs import BudgetExceededError, Ledger
from zantara.gateway import Candidate, Gateway, Reply, ScriptedModel
from zantara.settings import Settings

pytestmark = pytest.mark.loopback

_CALLS = 64


@pytest.fixture
def ledger(tmp_path: Path, client: str) -> Iterator[Ledger]:
    """Of a day on which one cent is left; of dearer models, forty."""
    left = "0.40" if client in ("gemini", "anthropic") else "0.01"
    made = Ledger.open(Settings.model_validate({"home": tmp_path, "budget_day": left}))
    yield made
    made.close()


async def _all_at_once(gateway: Gateway) -> list[Reply | BaseException]:
    return await asyncio.gather(
        *(gateway.reply(asked(str(n)), [HumanMessage("x")]) for n in range(_CALLS)),
        return_exceptions=True,
    )


def _spent(ledger: Ledger) -> Decimal:
    day = ledger.budgets()[0]
    paid = [row for row in rows_of(ledger) if row["reserved_usd"] != "0"]
    assert day.budget.limit is not None
    assert day.spent == sum((row["cost_usd"] for row in paid), Decimal(0)) <= day.budget.limit
    return day.spent


async def test_what_does_not_fit_the_budget_is_answered_here(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    wire = serve(client, *[Scripted(pieces=("Paid.",))] * _CALLS)
    here = ScriptedModel(replies=[AIMessage("Here.")], loop=True)
    candidates = [candidate(client, wire), Candidate("embedded", "embedded", lambda: here)]
    replies = await _all_at_once(Gateway(lambda _role: candidates, ledger))
    said = Counter(str(one.message.text) for one in replies if isinstance(one, Reply))
    assert said.total() == _CALLS
    assert said["Paid."] == len(wire.requests) >= 1
    assert said["Here."] >= 1
    assert _spent(ledger) > 0


async def test_what_does_not_fit_the_budget_is_refused_where_that_is_wanted(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    wire = serve(client, *[Scripted(pieces=("Paid.",))] * _CALLS)
    gateway = Gateway(lambda _role: [candidate(client, wire)], ledger, at_limit="refuse")
    replies = await _all_at_once(gateway)
    refused = [one for one in replies if isinstance(one, BudgetExceededError)]
    assert len(refused) + len(wire.requests) == _CALLS
    assert refused and "budget of the day" in str(refused[0])
    _spent(ledger)


async def test_calls_that_hang_hold_what_they_may_cost(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    """While answers are awaited nothing more is promised than the budget holds."""
    wire = serve(client, *[Scripted(cut="early")] * _CALLS)
    here = ScriptedModel(replies=[AIMessage("Here.")], loop=True)
    candidates = [candidate(client, wire), Candidate("embedded", "embedded", lambda: here)]
    gateway = Gateway(lambda _role: candidates, ledger)
    calls = [
        asyncio.create_task(gateway.reply(asked(str(n)), [HumanMessage("x")]))
        for n in range(_CALLS)
    ]
    assert await asyncio.to_thread(wire.hangs.wait, 60)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    _spent(ledger)
