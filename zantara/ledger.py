"""The cost ledger: one row for each model call, written before its answer is handed on."""

from dataclasses import astuple, dataclass, fields
from decimal import Decimal
from pathlib import Path

from zantara.database import Database

__all__ = ["Ledger", "LedgerRow"]

_MIGRATIONS = (
    "CREATE TABLE model_calls (id INTEGER PRIMARY KEY, at TEXT NOT NULL DEFAULT"
    " (strftime('%Y-%m-%dT%H:%M:%fZ')), thread_id TEXT NOT NULL, task_id TEXT NOT NULL,"
    " node TEXT NOT NULL, architecture TEXT NOT NULL, role TEXT NOT NULL, provider TEXT NOT NULL,"
    " model TEXT NOT NULL, tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,"
    " tokens_out INTEGER NOT NULL, cost_usd TEXT NOT NULL, latency_ms REAL NOT NULL,"
    " outcome TEXT NOT NULL)",
    "CREATE INDEX model_calls_thread ON model_calls (thread_id)",
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One model call. Tokens as reported by the provider; cost in US dollars, exact."""

    thread_id: str
    task_id: str
    node: str
    architecture: str
    role: str
    provider: str
    model: str
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost_usd: Decimal
    latency_ms: float
    outcome: str


class Ledger:
    """The ledger of one data folder. Money is stored as text, so that it stays exact."""

    def __init__(self, folder: Path) -> None:
        self._db = Database(folder / "ledger.sqlite", _MIGRATIONS)
        names = [column.name for column in fields(LedgerRow)]
        marks = ", ".join("?" * len(names))
        self._insert = f"INSERT INTO model_calls ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names are our own fields

    def write(self, row: LedgerRow) -> None:
        """Blocks: the gateway calls it in the thread that records the answer."""
        values = tuple(str(v) if isinstance(v, Decimal) else v for v in astuple(row))
        self._db.run_here(lambda c: c.execute(self._insert, values))

    async def cost(self, thread_id: str) -> Decimal:
        """What the thread has cost so far, in US dollars."""
        rows = await self._db.run(
            lambda c: c.execute(
                "SELECT cost_usd FROM model_calls WHERE thread_id = ?", (thread_id,)
            ).fetchall()
        )
        return sum((Decimal(row[0]) for row in rows), Decimal(0))

    def close(self) -> None:
        self._db.close()
