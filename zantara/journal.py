"""What was decided and done, written before and after, so that a crash never does a thing twice.

Two records. A *step* is what the model answered in one graph task: a node that runs again returns
it instead of asking again. A *call* is one tool call under our call id, the idempotency key of a
write: started, its notes (a draft's id, say), and how it ended. Threads copied or forked share both.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zantara.database import Database

__all__ = ["CallEntry", "Journal"]

_MIGRATIONS = (
    "CREATE TABLE steps (task_id TEXT PRIMARY KEY, message TEXT NOT NULL, at TEXT NOT NULL"
    " DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))) WITHOUT ROWID",
    "CREATE TABLE calls (call_id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, tool TEXT NOT NULL,"
    " args TEXT NOT NULL, status TEXT NOT NULL, facts TEXT NOT NULL DEFAULT '{}', outcome TEXT,"
    " at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))) WITHOUT ROWID",
    "CREATE INDEX calls_thread ON calls (thread_id)",
    "ALTER TABLE calls ADD COLUMN user TEXT NOT NULL DEFAULT ''",
)


@dataclass(slots=True)
class CallEntry:
    """The journal's memory of one call; a tool notes facts in it before it relies on them.

    cut: an earlier run of this call began and left no outcome; it may have acted.
    """

    call_id: str
    tool: str
    status: str
    outcome: dict[str, Any] | None
    _journal: "Journal"
    _facts: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    @property
    def facts(self) -> Mapping[str, str]:
        return self._facts

    async def note(self, **facts: str) -> None:
        self._facts.update(facts)
        await self._journal.set_facts(self.call_id, self._facts)


class Journal:
    """The journal of one data folder. Every method may raise StorageError.

    The two for steps block: a node calls them in the thread where it has more to do.
    """

    def __init__(self, folder: Path) -> None:
        self._db = Database(folder / "journal.sqlite", _MIGRATIONS)

    def step(self, task_id: str) -> dict[str, Any] | None:
        """The model's answer recorded for this task, as a dumped message."""
        row = self._db.run_here(
            lambda c: c.execute(
                "SELECT message FROM steps WHERE task_id = ?", (task_id,)
            ).fetchone()
        )
        return json.loads(row[0]) if row else None

    def record_step(self, task_id: str, message: Mapping[str, Any]) -> dict[str, Any]:
        """Record the answer of a task; the first record wins and is returned."""

        def work(c: sqlite3.Connection) -> str:
            c.execute(
                "INSERT OR IGNORE INTO steps (task_id, message) VALUES (?, ?)",
                (task_id, _text(message)),
            )
            found = c.execute("SELECT message FROM steps WHERE task_id = ?", (task_id,))
            return str(found.fetchone()[0])

        return dict(json.loads(self._db.run_here(work)))

    async def begin(
        self,
        call_id: str,
        *,
        thread_id: str,
        tool: str,
        args: Mapping[str, Any],
        user: str = "",
    ) -> CallEntry:
        """Open the entry of a call before it acts; one that is there already is returned as it is."""

        def work(c: sqlite3.Connection) -> tuple[bool, str, str, str, str | None]:
            new = c.execute(
                "INSERT OR IGNORE INTO calls (call_id, thread_id, tool, args, user, status)"
                " VALUES (?, ?, ?, ?, ?, 'started')",
                (call_id, thread_id, tool, _text(args), user),
            )
            found: tuple[str, str, str, str | None] = c.execute(
                "SELECT tool, status, facts, outcome FROM calls WHERE call_id = ?", (call_id,)
            ).fetchone()
            return (new.rowcount == 0, *found)

        known, tool, status, facts, outcome = await self._db.run(work)
        ended = json.loads(outcome) if outcome else None
        cut = known and ended is None
        return CallEntry(call_id, tool, status, ended, self, json.loads(facts), cut)

    async def set_facts(self, call_id: str, facts: Mapping[str, str]) -> None:
        await self._db.run(
            lambda c: c.execute(
                "UPDATE calls SET facts = ? WHERE call_id = ?",
                (_text(facts), call_id),
            )
        )

    async def finish(self, call_id: str, status: str, outcome: Mapping[str, Any]) -> None:
        """Close the entry: `done`, `failed` or `unknown`, with what the model is told of it."""
        await self._db.run(
            lambda c: c.execute(
                "UPDATE calls SET status = ?, outcome = ? WHERE call_id = ?",
                (status, _text(outcome), call_id),
            )
        )

    async def calls(self, thread_id: str) -> list[dict[str, Any]]:
        """Every journalled call of a thread as it was run, after edits; oldest first."""
        rows = await self._db.run(
            lambda c: c.execute(
                "SELECT call_id, tool, args, status, at FROM calls WHERE thread_id = ? ORDER BY at",
                (thread_id,),
            ).fetchall()
        )
        names = ("call_id", "tool", "args", "status", "at")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [{**row, "args": json.loads(row["args"])} for row in found]

    async def ended(self, thread_id: str, user: str) -> list[dict[str, Any]]:
        """The calls that this user's thread has ended, newest first, each with its outcome."""
        rows = await self._db.run(
            lambda c: c.execute(
                "SELECT call_id, tool, args, status, outcome FROM calls WHERE thread_id = ?"
                " AND user = ? AND outcome IS NOT NULL ORDER BY at DESC, call_id DESC",
                (thread_id, user),
            ).fetchall()
        )
        names = ("call_id", "tool", "args", "status", "outcome")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        read = ("args", "outcome")
        return [{**row, **{name: json.loads(row[name]) for name in read}} for row in found]

    def close(self) -> None:
        self._db.close()


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)
