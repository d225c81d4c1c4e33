"""What was sent over the local channels, in SQLite; nothing leaves this machine."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zantara.database import Database

__all__ = ["Delivered", "Outbox"]

_MIGRATIONS = (
    "CREATE TABLE messages (number INTEGER PRIMARY KEY, channel TEXT NOT NULL, target TEXT NOT NULL,"
    " text TEXT NOT NULL, at TEXT NOT NULL, extra TEXT NOT NULL)",
    "CREATE TABLE slack_channels (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
)
_SLACK = ("general", "operations", "finance", "visa-team", "clients")


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as it lies with its recipient."""

    number: int
    channel: str
    target: str
    text: str
    at: str
    extra: dict[str, Any]


class Outbox:
    """The messages of one file; every method blocks."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = Database(path, _MIGRATIONS)
        for number, name in enumerate(_SLACK, 1):
            self.add_channel(f"C{number:08d}", name)

    def add_channel(self, identity: str, name: str) -> None:
        self._db.run_here(
            lambda c: c.execute(
                "INSERT OR IGNORE INTO slack_channels VALUES (?, ?)", (identity, name)
            )
        )

    def channels(self) -> list[tuple[str, str]]:
        return self._db.run_here(
            lambda c: c.execute("SELECT id, name FROM slack_channels ORDER BY name").fetchall()
        )

    def put(
        self, channel: str, target: str, text: str, *, at: str, extra: Mapping[str, Any]
    ) -> int:
        def work(c: sqlite3.Connection) -> int:
            made = c.execute(
                "INSERT INTO messages (channel, target, text, at, extra) VALUES (?, ?, ?, ?, ?)",
                (channel, target, text, at, json.dumps(extra)),
            )
            return int(made.lastrowid or 0)

        return self._db.run_here(work)

    def delete(self, number: int) -> bool:
        return self._db.run_here(
            lambda c: c.execute("DELETE FROM messages WHERE number = ?", (number,)).rowcount > 0
        )

    def all(self, channel: str = "") -> list[Delivered]:
        """Oldest first."""
        rows = self._db.run_here(
            lambda c: c.execute(
                "SELECT number, channel, target, text, at, extra FROM messages"
                " WHERE ? IN ('', channel) ORDER BY number",
                (channel,),
            ).fetchall()
        )
        return [
            Delivered(n, c, target, text, at, json.loads(extra))
            for n, c, target, text, at, extra in rows
        ]
