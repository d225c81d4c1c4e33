"""Checkpoints and LangGraph store of a data folder, on SQLite: runner and server open the same."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiosqlite
from filelock import AsyncFileLock, Timeout
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.store.sqlite.aio import AsyncSqliteStore
from pydantic import SecretStr

from zantara._checkpoints import Checkpoints
from zantara.database import StorageError

__all__ = ["open_checkpoints", "open_store", "unusable"]

_BUSY_SECONDS = 10
_SETUP_SECONDS = 60
_NO_KEY = SecretStr("")


@asynccontextmanager
async def open_checkpoints(
    home: Path, encryption_key: SecretStr = _NO_KEY
) -> AsyncIterator[AsyncSqliteSaver]:
    """The checkpoints of a data folder, sealed when there is a key.

    Raises StorageError when it cannot be used, or was sealed with another key.
    """
    async with _connected(home, "checkpoints.sqlite") as connection:
        saver = Checkpoints(connection, encryption_key)
        with _told(home):
            async with _one_at_a_time(home):
                await saver.setup()
                await saver.check_key()
        yield saver


@asynccontextmanager
async def open_store(home: Path) -> AsyncIterator[AsyncSqliteStore]:
    """The store of a data folder. Raises StorageError when it cannot be used."""
    async with _connected(home, "store.sqlite") as connection:
        store = AsyncSqliteStore(connection)
        with _told(home):
            async with _one_at_a_time(home):
                await store.setup()
        yield store


@asynccontextmanager
async def _connected(home: Path, name: str) -> AsyncIterator[aiosqlite.Connection]:
    """WAL, so that processes share the file and what is committed survives a killed process.

    Each statement commits itself.
    """
    with _told(home):
        await asyncio.to_thread(home.mkdir, parents=True, exist_ok=True)
        connection = await aiosqlite.connect(
            home / name, timeout=_BUSY_SECONDS, isolation_level=None
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
    except StorageError as error:
        raise StorageError(f"{home}: {error}") from error
    except (OSError, sqlite3.Error, Timeout) as error:
        raise unusable(home, error) from error


def unusable(path: Path, error: Exception) -> StorageError:
    """What went wrong with a folder or file, and what to do about it."""
    return StorageError(
        f"cannot use the data folder {path}: {error}. Check that it is writable, the disk has room"
        " and its files are whole, or name another with ZANTARA_HOME."
    )
