"""What holds for the ledger on SQLite and on Postgres."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.conformance.ledger.conftest import Make
from tests.kit import Ticking
from zantara.costs import BudgetExceededError, CallEnd, CallStart, TurnRow

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
START = CallStart(
    thread_id="t",
    run_id="r",
    turn="m",
    task_id="task",
    node="orchestrate",
    architecture="hybrid",
    user="ayu",
    role="orchestrator",
    provider="openrouter",
    asked="meta-llama/llama-4-scout",
    reserved=Decimal("0.01"),
)
END = CallEnd(
    answered="meta-llama/llama-4-scout-17b",
    outcome="answered",
    priced="usage",
    cost_usd=Decimal("0.0000161"),
    latency_ms=812.5,
    tokens_in=100,
    tokens_cached=40,
    tokens_out=20,
    first_ms=300.25,
)
TURN = TurnRow(
    turn="m",
    thread_id="t",
    run_id="r",
    user="ayu",
    architecture="hybrid",
    source="default",
    language="id",
    kind="knowledge",
    at="2026-11-25T08:00:00.000Z",
    latency_ms=900.0,
    paused=False,
    calls=0,
    outside=0,
    calls_failed=0,
    calls_unknown=0,
    model_calls=1,
    model_failures=0,
    cost_usd=Decimal("0.0000161"),
    broken=False,
    corrected=True,
    unsupported=False,
)


def test_a_row_stands_before_the_call_at_what_it_may_cost(make: Make) -> None:
    make().begin(START)
    (row,) = make().calls(_LONG_AGO)  # another process would see it too
    assert (row["outcome"], row["cost_usd"], row["asked"]) == ("open", Decimal("0.01"), START.asked)
    assert make().cost("t") == Decimal("0.01")
    assert [one.spent for one in make().budgets("ayu")] == [Decimal("0.01")] * 3


def test_settling_puts_the_cost_in_its_place_once(make: Make) -> None:
    ledger = make()
    row = ledger.begin(START)
    ledger.settle(row, END)
    ledger.settle(row, replace(END, cost_usd=Decimal(5)))
    (found,) = ledger.calls(_LONG_AGO)
    known = {name: found[name] for name in CallEnd.__dataclass_fields__}
    assert known == {name: getattr(END, name) for name in known}
    assert {one.spent for one in ledger.budgets("ayu")} == {Decimal("0.0000161")}


def test_money_adds_up_exactly(make: Make) -> None:
    ledger = make()
    for cost in ["0.1"] * 10 + ["0.0000001"]:
        ledger.record(START, replace(END, cost_usd=Decimal(cost)))
    assert ledger.cost("t") == Decimal("1.0000001")
    assert ledger.cost("nobody's") == 0
    assert ledger.budgets()[0].spent == Decimal("1.0000001")


def test_a_budget_refuses_what_would_go_over_it_and_reserves_nothing(make: Make) -> None:
    ledger = make(budget_day=Decimal("0.025"))
    ledger.begin(START)
    ledger.begin(START)
    with pytest.raises(
        BudgetExceededError, match=r"budget of the day.*\$0\.02.* of \$0\.025.*up to"
    ):
        ledger.begin(START)
    assert len(ledger.calls(_LONG_AGO)) == 2
    assert [one.spent for one in ledger.budgets("ayu")] == [Decimal("0.02")] * 3


@pytest.mark.parametrize("budget", ["budget_day", "budget_month", "budget_user_day"])
def test_each_budget_is_kept(make: Make, budget: str) -> None:
    ledger = make(**{budget: Decimal("0.015")})
    ledger.begin(START)
    with pytest.raises(BudgetExceededError, match=budget.upper()):
        ledger.begin(START)


def test_a_user_s_budget_is_no_limit_for_another(make: Make) -> None:
    ledger = make(budget_user_day=Decimal("0.015"))
    ledger.begin(START)
    ledger.begin(replace(START, user="made"))
    assert {row["user"] for row in ledger.calls(_LONG_AGO)} == {"ayu", "made"}


def test_calls_that_begin_and_end_together_are_counted_each(make: Make) -> None:
    ledger = make()
    users = ("ayu", "made", "", "ayu")
    rows = ledger.begin_all([replace(START, user=user) for user in users])
    assert [one.spent for one in ledger.budgets("ayu")] == [
        Decimal("0.04"),
        Decimal("0.04"),
        Decimal("0.02"),
    ]
    ends = {row: replace(END, cost_usd=Decimal(n)) for n, row in enumerate(rows, 1)}
    ledger.settle_all(ends)
    ledger.settle_all(ends)
    assert [one.spent for one in ledger.budgets("ayu")] == [Decimal(10), Decimal(10), Decimal(5)]
    costs = {row["id"]: row["cost_usd"] for row in ledger.calls(_LONG_AGO)}
    assert costs == {row: Decimal(n) for n, row in enumerate(rows, 1)}


def test_together_one_spent_budget_leaves_no_row(make: Make) -> None:
    ledger = make(budget_user_day=Decimal("0.015"))
    with pytest.raises(BudgetExceededError):
        ledger.begin_all([replace(START, user=user) for user in ("made", "ayu", "ayu")])
    assert not ledger.calls(_LONG_AGO)
    assert ledger.budgets()[0].spent == 0


def test_many_at_once_never_go_over_what_is_left(make: Make) -> None:
    """Two processes are two connections: half of the callers have another one."""
    ledgers = [make(budget_day=Decimal("0.105")) for _ in range(2)]

    def begin(number: int) -> bool:
        try:
            ledgers[number % 2].begin(START)
        except BudgetExceededError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        begun = list(pool.map(begin, range(64)))
    assert sum(begun) == 10
    assert ledgers[0].budgets()[0].spent == Decimal("0.10")


def test_a_clock_that_jumps_opens_no_budget_twice(make: Make) -> None:
    clock = Ticking(datetime(2026, 11, 25, 12, tzinfo=UTC))
    ledger = make(clock, budget_day=Decimal("0.015"))
    first = ledger.begin(START)
    clock.at -= timedelta(days=1)
    yesterday = ledger.begin(START)
    clock.at += timedelta(days=1)
    with pytest.raises(BudgetExceededError):
        ledger.begin(START)
    clock.at += timedelta(days=40)
    ledger.settle(first, END)  # counted where it was reserved
    ledger.settle(yesterday, END)
    assert [one.spent for one in ledger.budgets()] == [0, 0]
    clock.at -= timedelta(days=40)
    assert [one.spent for one in ledger.budgets()] == [END.cost_usd, END.cost_usd * 2]


def test_a_turn_is_written_once_and_read_back_whole(make: Make) -> None:
    ledger = make()
    ledger.write_turn(TURN)
    ledger.write_turn(replace(TURN, latency_ms=1.0))
    ledger.write_turn(replace(TURN, turn="n", architecture="budget", at="2026-11-25T09:00:00.000Z"))
    assert ledger.turns(_LONG_AGO, architectures=["hybrid"]) == [TURN]
    assert [one.turn for one in ledger.turns(_LONG_AGO)] == ["m", "n"]
    ledger.write_turn(replace(TURN, thread_id="fork"))  # a fork of the thread has its own
    assert len(ledger.turns(_LONG_AGO)) == 3
    assert ledger.turns(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))[0].turn == "n"
