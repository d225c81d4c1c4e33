"""What may be spent, and the running totals that hold it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from zantara.costs._sql import Connection

__all__ = ["Budget", "BudgetExceededError", "Budgets", "Change", "Spent"]

_PICO = Decimal(10) ** 12
_NO_LIMIT = 2**62
_ADD = (
    "INSERT INTO totals (period, scope, spent) VALUES {} ON CONFLICT (period, scope)"
    " DO UPDATE SET spent = totals.spent + excluded.spent"
)
_ADD_WITHIN = _ADD.format("(?, ?, ?)") + " WHERE totals.spent + excluded.spent <= ?"


class BudgetExceededError(RuntimeError):
    """A call would go over a budget. It was not made and nothing was reserved."""

    def __init__(self, budget: "Budget", spent: Decimal, wanted: Decimal) -> None:
        setting = f"ZANTARA_BUDGET_{budget.name.replace(' ', '_').upper()}"
        super().__init__(
            f"the budget of the {budget.called} has no room for this call: ${spent:.4f} of"
            f" ${budget.limit} are spent or reserved, and it may cost up to ${wanted:.4f} ({setting})"
        )
        self.budget = budget


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit. name: day, month or user day; period and scope: the row of its running total."""

    name: str
    period: str
    scope: str
    limit: Decimal | None

    @property
    def called(self) -> str:
        """In words: "day", "month", "day of this user"."""
        return "day of this user" if self.name == "user day" else self.name


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of a budget is spent or reserved, US dollars."""

    budget: Budget
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """A call's cost in the place of what was reserved for it. at: when it began, ISO 8601."""

    at: str
    user: str
    cost: Decimal
    reserved: Decimal = Decimal(0)

    @property
    def pico(self) -> int:
        return _pico(self.cost) - _pico(self.reserved)


@dataclass(frozen=True, slots=True)
class Budgets:
    """US dollars a day and a month (UTC), and a day for each user; None: no limit.

    A total is raised and held to its limit by one statement, so that callers at once, in any number
    of processes, never go over it together.
    """

    day: Decimal | None = None
    month: Decimal | None = None
    user_day: Decimal | None = None

    def of(self, at: str, user: str) -> Iterator[Budget]:
        """Those that a call made `at` (ISO 8601) by `user` counts against, always in one order."""
        yield Budget("day", at[:10], "", self.day)
        yield Budget("month", at[:7], "", self.month)
        if user:
            yield Budget("user day", at[:10], f"user:{user}", self.user_day)

    def reserve(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Raises BudgetExceededError; the caller's transaction then takes everything back."""
        if self.day is self.month is self.user_day is None:
            self.correct(connection, changes)
            return
        for one in changes:
            for budget in self.of(one.at, one.user):
                self._within(connection, budget, one.cost)

    def _within(self, connection: Connection, budget: Budget, amount: Decimal) -> None:
        limit = _NO_LIMIT if budget.limit is None else _pico(budget.limit)
        wanted = _pico(amount)
        if wanted <= limit:
            row = (budget.period, budget.scope, wanted, limit)
            if connection.execute(_ADD_WITHIN, row).rowcount:
                return
        raise BudgetExceededError(budget, self.spent(connection, budget).spent, amount)

    def correct(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Change the totals of the periods where the calls are counted, in one statement.

        Always in the order of `of`, days first: two processes never wait for each other.
        """
        sums: dict[tuple[str, int, str], int] = defaultdict(int)
        for one in changes:
            for budget in self.of(one.at, one.user) if one.pico else ():
                sums[budget.scope, -len(budget.period), budget.period] += one.pico
        if sums:
            marks = ", ".join(["(?, ?, ?)"] * len(sums))
            rows = ((period, scope, pico) for (scope, _, period), pico in sorted(sums.items()))
            connection.execute(_ADD.format(marks), [value for row in rows for value in row])

    def spent(self, connection: Connection, budget: Budget) -> Spent:
        row = connection.execute(
            "SELECT spent FROM totals WHERE period = ? AND scope = ?", (budget.period, budget.scope)
        ).fetchone()
        return Spent(budget, Decimal(row[0] if row else 0) / _PICO)


def _pico(amount: Decimal) -> int:
    """Rounded up: what is smaller than a picodollar is none the less spent."""
    return int((amount * _PICO).to_integral_value(ROUND_CEILING))
