"""Documents in SQLite: WAL, one transaction a request, two processes may share the file."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Storage"]

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS documents (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT"
    " NULL, changed INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID"
)
_COUNTER = "CREATE TABLE IF NOT EXISTS counter (latest INTEGER NOT NULL)"
_FIRST_COUNT = (
    "INSERT INTO counter SELECT coalesce(max(changed), 0) FROM documents"
    " WHERE NOT EXISTS (SELECT 1 FROM counter)"
)
_INDEX = "CREATE INDEX IF NOT EXISTS documents_changed ON documents (changed)"


class Storage:
    """Documents by kind and id, each with the number of the change that wrote it last."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=20, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        for statement in (_SCHEMA, _INDEX, _COUNTER):
            self._db.execute(statement)
        with self.transaction():
            self._db.execute(_FIRST_COUNT)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in the block happens, or nothing does."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def get(self, kind: str, identity: str) -> dict[str, Any] | None:
        row = self._db.execute(
            "SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, identity)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str, *, since: int = 0) -> list[dict[str, Any]]:
        """Every document of a kind that changed after `since`, by id."""
        rows = self._db.execute(
            "SELECT body FROM documents WHERE kind = ? AND changed > ? ORDER BY id", (kind, since)
        )
        return [json.loads(row[0]) for row in rows]

    def put(self, kind: str, identity: str, body: dict[str, Any]) -> None:
        # As ASCII: a lone surrogate in a text is JSON, but not UTF-8.
        row = (kind, identity, json.dumps(body), self._count())
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", row)

    def delete(self, kind: str, identity: str) -> None:
        self._count()
        self._db.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, identity))

    def changes(self) -> int:
        """The number of the latest change. It never falls, so that a sync token misses nothing."""
        return int(self._db.execute("SELECT latest FROM counter").fetchone()[0])

    def _count(self) -> int:
        self._db.execute("UPDATE counter SET latest = latest + 1")
        return self.changes()
