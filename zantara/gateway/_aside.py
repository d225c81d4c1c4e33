"""A thread beside the event loop, for the ledger's rows: each model call waits for two of them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

__all__ = ["Aside"]

_T = TypeVar("_T")


class Aside:
    """Runs what blocks, one after another, as the database behind it would have it anyway.

    `asyncio.to_thread` wakes the loop through two futures, each with a lock: twice as slow, and more
    than the row itself takes.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "zantara-calls")

    async def run(self, work: Callable[..., _T], *given: Any) -> _T:
        """What is begun is finished, though who waits for it be cancelled."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()

        def run() -> None:
            try:
                result = work(*given)
            except BaseException as error:
                _tell(loop, _fail, done, error)
            else:
                _tell(loop, _succeed, done, result)

        self._pool.submit(run)
        return await done


def _tell(loop: asyncio.AbstractEventLoop, how: Callable[..., None], *given: Any) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(how, *given)


def _succeed(done: "asyncio.Future[_T]", result: _T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
