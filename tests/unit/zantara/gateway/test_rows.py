"""Rows that wait together are written together, and each caller gets what is its own."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.conformance.ledger.test_ledger import END, START
from zantara.costs import BudgetExceededError, Budgets, CallStart, Ledger
from zantara.costs._sql import open_store
from zantara.database import StorageError
from zantara.gateway._rows import Rows, nothing

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class _Held(Ledger):
    """Begins nothing before it is let go, so that callers gather; counts its transactions."""

    def __init__(self, folder: Path, budgets: Budgets | None = None) -> None:
        super().__init__(open_store(folder), budgets=budgets)
        self.go = threading.Event()
        self.together: list[int] = []

    def begin_all(self, starts: Sequence[CallStart]) -> list[str]:
        self.go.wait(10)
        self.together.append(len(starts))
        return super().begin_all(starts)


async def _gathered(ledger: _Held, *starts: CallStart) -> list[Any]:
    """The first begins alone and is held; the others gather behind it."""
    rows = Rows(ledger)
    asked = [asyncio.create_task(rows.begin(start)) for start in starts]
    await asyncio.sleep(0.05)
    ledger.go.set()
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_those_that_wait_share_a_transaction(tmp_path: Path) -> None:
    ledger = _Held(tmp_path)
    users = ("ayu", "made", "", "ayu", "made")
    got = await _gathered(ledger, *(replace(START, user=user) for user in users))
    assert len(set(got)) == 5
    assert len(ledger.together) <= 2
    assert {row["id"]: row["user"] for row in ledger.calls(_LONG_AGO)} == dict(
        zip(got, users, strict=True)
    )
    spent = [one.spent for one in ledger.budgets("made")]
    assert spent == [Decimal("0.05"), Decimal("0.05"), Decimal("0.02")]


async def test_a_spent_budget_stops_its_own_caller_alone(tmp_path: Path) -> None:
    ledger = _Held(tmp_path, Budgets(user_day=Decimal("0.015")))
    users = ("nyoman", "ayu", "ayu", "made")
    got = await _gathered(ledger, *(replace(START, user=user) for user in users))
    assert [isinstance(one, BudgetExceededError) for one in got] == [False, False, True, False]
    assert sorted(row["user"] for row in ledger.calls(_LONG_AGO)) == ["ayu", "made", "nyoman"]


async def test_who_has_gone_before_its_turn_gets_no_row(tmp_path: Path) -> None:
    ledger = _Held(tmp_path)
    rows = Rows(ledger)
    first, gone = (asyncio.create_task(rows.begin(START)) for _ in range(2))
    await asyncio.sleep(0.05)
    gone.cancel()
    await asyncio.sleep(0)
    ledger.go.set()
    await first
    await rows.begin(START)
    assert len(ledger.calls(_LONG_AGO)) == 2


async def test_a_row_is_settled_though_its_caller_has_gone(tmp_path: Path) -> None:
    ledger = _Held(tmp_path)
    ledger.go.set()
    rows = Rows(ledger)
    row = await rows.begin(START)
    done = threading.Event()
    end = asyncio.create_task(rows.end(START, END, row, done.set))
    await asyncio.sleep(0)
    end.cancel()
    assert await asyncio.to_thread(done.wait, 10)
    assert [one["outcome"] for one in ledger.calls(_LONG_AGO)] == ["answered"]


async def test_what_follows_one_row_and_fails_is_no_other_s(tmp_path: Path) -> None:
    ledger = _Held(tmp_path)
    ledger.go.set()
    rows = Rows(ledger)
    begun = [await rows.begin(START) for _ in range(3)]

    def fails() -> None:
        raise StorageError("the journal is gone")

    follows: list[Callable[[], None]] = [nothing, fails, nothing]
    pairs = zip(begun, follows, strict=True)
    ends = [rows.end(START, END, row, then) for row, then in pairs]
    got = await asyncio.gather(*ends, rows.end(START, END, "", nothing), return_exceptions=True)
    assert [type(one) for one in got] == [type(None), StorageError, type(None), type(None)]
    assert [one["outcome"] for one in ledger.calls(_LONG_AGO)] == ["answered"] * 4


async def test_a_broken_folder_is_told_to_all_that_wait(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("no database, and longer than the header of one" * 9)
    got = await _gathered(_Held(tmp_path), *[START] * 4)
    assert all(isinstance(one, StorageError) for one in got)
