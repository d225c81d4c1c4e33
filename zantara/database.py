"""SQLite behind a thread: the journal and the ledger, with numbered migrations."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

__all__ = ["Database", "StorageError"]

_T = TypeVar("_T")
_PATIENCE = 10.0
"""Seconds that one waits for another that writes."""


class StorageError(RuntimeError):
    """The data folder cannot be used; the message says what to do."""


class Database:
    """One connection, opened on first use, never touched on the event loop.

    WAL and a busy timeout let two processes share the file. Commits are durable against a killed
    process; `PRAGMA user_version` counts the migrations that have run.
    """

    def __init__(self, path: Path, migrations: Sequence[str]) -> None:
        self._path = path
        self._migrations = migrations
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run `work` in one transaction on another thread.

        Raises StorageError when the file cannot be opened, read or written.
        """
        return await asyncio.to_thread(self.run_here, work)

    def run_here(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """`run` on this thread, for callers that have left the event loop already."""
        with self._lock:
            try:
                connection = self._connection or self._open()
                with connection:
                    return work(connection)
            except (sqlite3.OperationalError, sqlite3.DatabaseError, OSError) as error:
                raise StorageError(
                    f"cannot use {self._path}: {error}. Check that the folder is writable, the disk"
                    " has room and the file is whole (a broken file can be moved away)."
                ) from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, check_same_thread=False)
        try:
            _turn_to_wal(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        connection.isolation_level = None
        connection.execute("BEGIN IMMEDIATE")
        (done,) = connection.execute("PRAGMA user_version").fetchone()
        if done > len(self._migrations):
            connection.execute("ROLLBACK")
            raise StorageError(f"{self._path} was written by a newer version; update ZANTARA")
        for script in self._migrations[done:]:
            connection.execute(script)
        connection.execute(f"PRAGMA user_version={len(self._migrations)}")
        connection.execute("COMMIT")
        connection.isolation_level = "DEFERRED"

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Of several that open a new file at once one alone can do this, and SQLite's own patience does not
    hold for it: the others are refused at once.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
