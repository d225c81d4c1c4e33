"""Checkpoints and LangGraph store of a data folder, on SQLite: runner and server open the same."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiosqlite
from filelock import AsyncFileLock, Timeout
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.store.sqlite.aio import AsyncSqliteStore

from zantara.database import StorageError

__all__ = ["open_checkpoints", "open_store", "unusable"]

_BUSY_SECONDS = 10
_SETUP_SECONDS = 60
_OF_RUN = "json_extract(CAST(metadata AS TEXT), '$.run_id') = ?"


class _Checkpoints(AsyncSqliteSaver):
    """The stock saver, and what a server's rollback of a run needs."""

    async def adelete_for_runs(self, run_ids: Iterable[str]) -> None:
        ids = [(str(run_id),) for run_id in run_ids]
        async with self.lock:
            await self.conn.executemany(
                "DELETE FROM writes WHERE (thread_id, checkpoint_ns, checkpoint_id) IN (SELECT"  # noqa: S608 - constant text
                f" thread_id, checkpoint_ns, checkpoint_id FROM checkpoints WHERE {_OF_RUN})",
                ids,
            )
            await self.conn.executemany(f"DELETE FROM checkpoints WHERE {_OF_RUN}", ids)  # noqa: S608 - constant text
            await self.conn.commit()


@asynccontextmanager
async def open_checkpoints(home: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """The checkpoints of a data folder. Raises StorageError when it cannot be used."""
    async with _connected(home, "checkpoints.sqlite", isolation_level="DEFERRED") as connection:
        saver = _Checkpoints(connection)
        with _told(home):
            async with _one_at_a_time(home):
                await saver.setup()
        yield saver


@asynccontextmanager
async def open_store(home: Path) -> AsyncIterator[AsyncSqliteStore]:
    """The store of a data folder. Raises StorageError when it cannot be used."""
    async with _connected(home, "store.sqlite", isolation_level=None) as connection:
        store = AsyncSqliteStore(connection)
        with _told(home):
            async with _one_at_a_time(home):
                await store.setup()
        yield store


@asynccontextmanager
async def _connected(
    home: Path, name: str, *, isolation_level: str | None
) -> AsyncIterator[aiosqlite.Connection]:
    """WAL, so that processes share the file and what is committed survives a killed process."""
    with _told(home):
        await asyncio.to_thread(home.mkdir, parents=True, exist_ok=True)
        connection = await aiosqlite.connect(
            home / name, timeout=_BUSY_SECONDS, isolation_level=isolation_level
        )
    try:
        with _told(home):
            await connection.execute("PRAGMA journal_mode=WAL")
            await connection.execute("PRAGMA synchronous=NORMAL")
        yield connection
    finally:
        await connection.close()


def _one_at_a_time(home: Path) -> AsyncFileLock:
    """Two processes that meet a new folder would both create its tables."""
    return AsyncFileLock(home / "setup.lock", timeout=_SETUP_SECONDS)


@contextmanager
def _told(home: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, Timeout) as error:
        raise unusable(home, error) from error


def unusable(path: Path, error: Exception) -> StorageError:
    """What went wrong with a folder or file, and what to do about it."""
    return StorageError(
        f"cannot use the data folder {path}: {error}. Check that it is writable, the disk has room"
        " and its files are whole, or name another with ZANTARA_HOME."
    )
