"""One process at a time on a thread of a data folder."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import AsyncFileLock, Timeout

from zantara._refusals import ThreadBusyError
from zantara._storage import unusable

__all__ = ["make_locks", "thread_lock"]

_SECONDS = 60


def make_locks(home: Path) -> None:
    """The folder of the locks. Raises StorageError when it cannot be made."""
    folder = home / "locks"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


@asynccontextmanager
async def thread_lock(home: Path, thread_id: str) -> AsyncIterator[None]:
    """Raises ThreadBusyError, or StorageError. The system releases the lock of a killed process."""
    folder = home / "locks"
    name = f"{thread_id.replace(':', '_')}.lock"
    # A try takes microseconds, a thread for it ten times that; waiting does not block the loop.
    lock = AsyncFileLock(folder / name, timeout=_SECONDS, run_in_executor=False)
    try:
        await lock.acquire()
    except Timeout as error:
        raise ThreadBusyError(f"thread {thread_id}: another process works on it") from error
    except OSError as error:
        raise unusable(folder, error) from error
    try:
        yield
    except sqlite3.Error as error:  # a full disk, a file that broke while it was open
        raise unusable(home, error) from error
    finally:
        await lock.release()
