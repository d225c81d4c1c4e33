"""Whatever is begun, settled and recorded, the running totals are the sum of the rows."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.conformance.ledger.test_ledger import END, START
from tests.kit import Ticking
from zantara.costs import BudgetExceededError, Budgets, Ledger
from zantara.costs._sql import open_store

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_money = st.decimals(0, 1, places=10)


class Totals(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Ticking(datetime(2026, 11, 29, 12, tzinfo=UTC))
        store = open_store(Path(self.folder.name))
        self.ledger = Ledger(store, budgets=Budgets(day=Decimal(3)), clock=self.clock)
        self.open: list[str] = []

    @rule(amount=_money, user=st.sampled_from(["", "ayu", "made"]))
    def begin(self, amount: Decimal, user: str) -> None:
        try:
            self.open.append(self.ledger.begin(replace(START, reserved=amount, user=user)))
        except BudgetExceededError:
            spent = self.ledger.budgets()[0].spent
            assert spent + amount > 3

    @rule(cost=_money, data=st.data())
    def settle(self, cost: Decimal, data: st.DataObject) -> None:
        if self.open:
            row = data.draw(st.sampled_from(self.open))
            self.ledger.settle(row, replace(END, cost_usd=cost))

    @rule(cost=_money)
    def record(self, cost: Decimal) -> None:
        self.ledger.record(START, replace(END, cost_usd=cost))

    @rule(days=st.integers(-2, 2))
    def pass_time(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    @invariant()
    def totals_are_sums(self) -> None:
        rows = self.ledger.calls(_LONG_AGO)
        for user in ("", "ayu"):
            for one in self.ledger.budgets(user):
                counted = [
                    row["cost_usd"]
                    for row in rows
                    if row["at"].startswith(one.budget.period)
                    and one.budget.scope in ("", f"user:{row['user']}")
                ]
                assert one.spent == sum(counted, Decimal(0))

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()


Totals.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestTotals = Totals.TestCase
