"""The cost ledger: a row before each paid call and its end after it; a row for each turn."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from zantara.clock import Clock, SystemClock
from zantara.costs._sql import Connection, Store, open_store
from zantara.costs.budgets import Budgets, Change, Spent
from zantara.costs.rows import CallEnd, CallStart, TurnRow
from zantara.settings import Settings

__all__ = ["Ledger", "utc_text"]

_START = tuple(_name for _name in (one.name for one in fields(CallStart)) if _name != "reserved")
_END = tuple(one.name for one in fields(CallEnd))
_TURN = tuple(one.name for one in fields(TurnRow))


def _column(name: str) -> str:
    """`user` is a word of SQL."""
    return "user_id" if name == "user" else name


def _insert(table: str, names: Sequence[str]) -> str:
    columns = ", ".join(map(_column, names))
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names are our own fields


_INSERT_CALL = _insert("calls", ("id", "at", "reserved_usd", *_START, *_END))
_INSERT_TURN = _insert("turns", _TURN) + " ON CONFLICT (thread_id, turn) DO NOTHING"
_SETTLE = (
    f"UPDATE calls SET {', '.join(f'{name} = ?' for name in _END)}"  # noqa: S608 - names are our own fields
    " WHERE id = ? AND outcome = 'open'"
)
_OPEN = "SELECT id, at, user_id, reserved_usd FROM calls WHERE outcome = 'open' AND id IN ({})"


class Ledger:
    """Rows of calls and turns, and the running totals of the budgets.

    Every method blocks: callers have left the event loop. Each may raise StorageError. A paid call's
    row is its reservation: it stands with outcome `open` before the call is made, so that a process
    that dies leaves no paid call without a row.
    """

    def __init__(
        self, store: Store, *, budgets: Budgets | None = None, clock: Clock | None = None
    ) -> None:
        self._store = store
        self._budgets = budgets or Budgets()
        self._clock = clock or SystemClock()

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> "Ledger":
        """That of the data folder, or at ZANTARA_LEDGER_URL."""
        budgets = Budgets(settings.budget_day, settings.budget_month, settings.budget_user_day)
        url = settings.ledger_url.get_secret_value()
        return cls(open_store(settings.home, url), budgets=budgets, clock=clock)

    @classmethod
    def of_folder(cls, folder: Path) -> "Ledger":
        """That of a data folder, with no budget."""
        return cls(open_store(folder))

    def begin(self, start: CallStart) -> str:
        """Reserve what a call may cost and write its row; its id. Raises BudgetExceededError."""
        return self.begin_all([start])[0]

    def begin_all(self, starts: Sequence[CallStart]) -> list[str]:
        """`begin` for calls at once, in one transaction: where one has no budget none has a row."""
        at = self._now()
        rows = [uuid.uuid4().hex for _ in starts]
        opened = [
            _call(row, at, start, CallEnd("", "open", "reserved", start.reserved, 0.0))
            for row, start in zip(rows, starts, strict=True)
        ]

        def work(c: Connection) -> None:
            self._budgets.reserve(c, [Change(at, one.user, one.reserved) for one in starts])
            c.executemany(_INSERT_CALL, opened)

        self._store.run_here(work)
        return rows

    def settle(self, row: str, end: CallEnd) -> None:
        """Put the cost in the place of the reservation, once; in the periods of the row's beginning."""
        self.settle_all({row: end})

    def settle_all(self, ends: Mapping[str, CallEnd]) -> None:
        """`settle` for calls at once, by their rows, in one transaction."""

        def work(c: Connection) -> None:
            marks = ", ".join("?" * len(ends))
            begun = c.execute(_OPEN.format(marks), tuple(ends)).fetchall()
            c.executemany(_SETTLE, [(*_values(end, _END), row) for row, end in ends.items()])
            changes = [
                Change(at, user, ends[row].cost_usd, Decimal(reserved))
                for row, at, user, reserved in begun
            ]
            self._budgets.correct(c, changes)

        self._store.run_here(work)

    def record(self, start: CallStart, end: CallEnd) -> None:
        """A call that cost nothing or was known to the cent before it was made: row and totals."""
        row, at = uuid.uuid4().hex, self._now()

        def work(c: Connection) -> None:
            c.execute(_INSERT_CALL, _call(row, at, start, end))
            self._budgets.correct(c, [Change(at, start.user, end.cost_usd)])

        self._store.run_here(work)

    def write_turn(self, row: TurnRow) -> None:
        """Once for each turn: a node that runs again changes nothing."""
        self._store.run_here(lambda c: c.execute(_INSERT_TURN, _values(row, _TURN)))

    def cost(self, thread_id: str, turn: str = "") -> Decimal:
        """What the thread, or one turn of it, has cost so far, in US dollars."""
        of_turn, wanted = (" AND turn = ?", (thread_id, turn)) if turn else ("", (thread_id,))
        rows = self._store.run_here(
            lambda c: c.execute(
                f"SELECT cost_usd FROM calls WHERE thread_id = ?{of_turn}",  # noqa: S608 - ours
                wanted,
            ).fetchall()
        )
        return sum((Decimal(row[0]) for row in rows), Decimal(0))

    def turns(self, since: datetime, *, architectures: Sequence[str] = ()) -> list[TurnRow]:
        """The turns that began at or after `since`, oldest first; all arms where none is named."""
        names = ", ".join(map(_column, _TURN))
        found = self._store.run_here(
            lambda c: c.execute(
                f"SELECT {names} FROM turns WHERE at >= ? ORDER BY at, turn",  # noqa: S608 - names are our own fields
                (utc_text(since),),
            ).fetchall()
        )
        rows = [_turn(row) for row in found]
        return [row for row in rows if not architectures or row.architecture in architectures]

    def calls(self, since: datetime) -> list[dict[str, Any]]:
        """The rows of calls that began at or after `since`, oldest first, by column name."""
        names = ("id", "at", "reserved_usd", *_START, *_END)
        columns = ", ".join(map(_column, names))
        found = self._store.run_here(
            lambda c: c.execute(
                f"SELECT {columns} FROM calls WHERE at >= ? ORDER BY at, id",  # noqa: S608 - names are our own fields
                (utc_text(since),),
            ).fetchall()
        )
        return [
            dict(zip(names, row, strict=True)) | {"cost_usd": Decimal(row[names.index("cost_usd")])}
            for row in found
        ]

    def budgets(self, user: str = "") -> list[Spent]:
        """What is spent or reserved now of each budget, with its limit."""
        at = self._now()
        return self._store.run_here(
            lambda c: [self._budgets.spent(c, one) for one in self._budgets.of(at, user)]
        )

    def close(self) -> None:
        self._store.close()

    def _now(self) -> str:
        return utc_text(self._clock.now())


def utc_text(at: datetime) -> str:
    """As rows hold times: ISO 8601 in UTC, which sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _call(row: str, at: str, start: CallStart, end: CallEnd) -> tuple[Any, ...]:
    begun = tuple(getattr(start, name) for name in _START)
    return (row, at, str(start.reserved), *begun, *_values(end, _END))


def _values(row: CallEnd | TurnRow, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_plain(getattr(row, name)) for name in names)


def _plain(value: Any) -> Any:
    """Money as text, so that it stays exact; truth as a number, which both databases know."""
    if isinstance(value, Decimal):
        return str(value)
    return int(value) if isinstance(value, bool) else value


def _turn(row: Sequence[Any]) -> TurnRow:
    given = dict(zip(_TURN, row, strict=True))
    for name in ("paused", "broken", "corrected", "unsupported"):
        given[name] = bool(given[name])
    return TurnRow(**{**given, "cost_usd": Decimal(given["cost_usd"])})
