"""One seam for the ledger's database: SQLite in the data folder, or Postgres by its URL."""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from zantara.costs._schema import POSTGRES, SQLITE
from zantara.database import Database, StorageError

__all__ = ["Connection", "Store", "open_store"]

_T = TypeVar("_T")


class Connection(Protocol):
    """What both drivers offer: `?` marks a parameter."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any: ...


class Store(Protocol):
    """Runs `work` in one transaction, on this thread. Raises StorageError."""

    def run_here(self, work: Callable[[Any], _T]) -> _T: ...

    def close(self) -> None: ...


def open_store(folder: Path, url: str = "") -> Store:
    """Opened on first use, migrated then."""
    return Postgres(url, POSTGRES) if url else Database(folder / "ledger.sqlite", SQLITE)


class Postgres:
    """One connection behind a lock, made anew after the server has gone away."""

    def __init__(self, url: str, migrations: Sequence[str]) -> None:
        self._url = url
        self._migrations = migrations
        self._lock = threading.Lock()
        self._connection: Any = None

    def run_here(self, work: Callable[[Any], _T]) -> _T:
        psycopg = _driver()
        with self._lock:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = self._open(psycopg)
                with self._connection.transaction():
                    return work(_Marked(self._connection))
            except psycopg.Error as error:
                # Its text may hold the address, and the address a password.
                raise StorageError(
                    f"cannot use the ledger at ZANTARA_LEDGER_URL: {type(error).__name__}. Check that"
                    " the server runs and the user may create tables"
                ) from None

    def _open(self, psycopg: Any) -> Any:
        connection = psycopg.connect(self._url, autocommit=True)
        with connection.transaction():
            self._migrate(connection)
        return connection

    def _migrate(self, connection: Any) -> None:
        connection.execute("SELECT pg_advisory_xact_lock(771205)")
        connection.execute("CREATE TABLE IF NOT EXISTS ledger_schema (version BIGINT NOT NULL)")
        found = connection.execute("SELECT version FROM ledger_schema").fetchone()
        done = found[0] if found else 0
        if done > len(self._migrations):
            raise StorageError("the ledger was written by a newer version; update ZANTARA")
        for script in self._migrations[done:]:
            connection.execute(script)
        connection.execute("DELETE FROM ledger_schema")
        connection.execute(
            "INSERT INTO ledger_schema (version) VALUES (%s)", (len(self._migrations),)
        )

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


class _Marked:
    """psycopg marks parameters with %s."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        return self._connection.execute(sql.replace("?", "%s"), parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)


def _driver() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise StorageError(
            "ZANTARA_LEDGER_URL names Postgres, and its driver is not installed:"
            " pip install -e '.[postgres]'"
        ) from error
    return psycopg
