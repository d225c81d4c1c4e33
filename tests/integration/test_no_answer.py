"""What the user is told when no answer comes, and how long a run may wait for one."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from tests.kit import AYU, NOW, services_of
from zantara.costs import BudgetExceededError, Ledger, TurnRow
from zantara.costs.budgets import Budget
from zantara.gateway import BrokenOffError, Gateway, ModelUnavailableError, ScriptedModel
from zantara.knowledge import Knowledge
from zantara.runner import Runner
from zantara.services import Services
from zantara.settings import Settings

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def services(home: Path, knowledge: Knowledge) -> Callable[..., Services]:
    def made(*replies: AIMessage) -> Services:
        settings = Settings(home=home, knowledge_meaning=False)
        gateway = Gateway.of(ScriptedModel(replies=list(replies)), Ledger.of_folder(home))
        found = Services.from_settings(settings, clock=NOW, gateway=gateway)
        found.knowledge = knowledge
        return found

    return made


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
    services: Callable[..., Services], error: Exception, told: str
) -> None:
    class Refusing(Gateway):
        async def reply(self, *_args: Any, **_given: Any) -> Any:
            raise error

    made = services(AIMessage("Fine."))
    whole = made.gateway
    made.gateway = Refusing.of(ScriptedModel(replies=[]), made.ledger)
    async with Runner.open(made, AYU) as runner:
        turn = await runner.ask("Tell me about nominee structures", thread_id="t")
        assert told in turn.answer
        (row,) = await _rows(runner)
        assert row.broken and row.model_failures == 1
        services_of(runner).gateway = whole
        assert (await runner.ask("Tell me again, please", thread_id="t")).answer == "Fine."
        assert sorted(row.broken for row in await _rows(runner)) == [False, True]


async def test_the_models_of_a_run_share_its_time(services: Callable[..., Services]) -> None:
    made = services()
    first = made.until("run")
    assert made.until("run") == first
    assert made.until("another") >= first
    assert made.until("") >= first
    made.close()
