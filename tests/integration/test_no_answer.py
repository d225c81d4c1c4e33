"""What the user is told when no answer comes, and how long a run may wait for one."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Open
from tests.kit import says, services_of
from zantara.costs import BudgetExceededError, TurnRow
from zantara.costs.budgets import Budget
from zantara.gateway import BrokenOffError, Gateway, ModelUnavailableError, ScriptedModel
from zantara.runner import Runner

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def _rows(runner: Runner) -> list[TurnRow]:
    return await asyncio.to_thread(services_of(runner).ledger.turns, _LONG_AGO)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BrokenOffError("broke off", ""), "My answer broke off here."),
        (ModelUnavailableError("nobody"), "I cannot reach a model"),
        (
            BudgetExceededError(Budget("day", "2026-03-10", "", None), Decimal(0), Decimal(1)),
            "The budget for model calls is spent",
        ),
    ],
)
async def test_a_turn_that_gets_no_answer_says_so_and_ends(
    open_runner: Open, error: Exception, told: str
) -> None:
    class Refusing(Gateway):
        async def reply(self, *_args: Any, **_given: Any) -> Any:
            raise error

    async with open_runner([says("Fine.")]) as runner:
        services = services_of(runner)
        whole = services.gateway
        services.gateway = Refusing.of(ScriptedModel(replies=[]), services.ledger)
        turn = await runner.ask("Tell me about nominee structures", thread_id="t")
        assert told in turn.answer
        (row,) = await _rows(runner)
        assert row.broken and row.model_failures == 1
        services.gateway = whole
        assert (await runner.ask("Tell me again, please", thread_id="t")).answer == "Fine."
        assert sorted(row.broken for row in await _rows(runner)) == [False, True]


async def test_the_models_of_a_run_share_its_time(open_runner: Open) -> None:
    async with open_runner() as runner:
        services = services_of(runner)
        first = services.until("run")
        assert services.until("run") == first
        assert services.until("another") >= first
        assert services.until("") >= first
