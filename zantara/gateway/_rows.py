"""The ledger's rows of calls, written beside the event loop by one thread, those that wait together.

A busy loop gives the interpreter to another thread for a moment at a time, and each statement waits
for such a moment: with a transaction for each row, 32 calls at once waited longer for their rows than
for their answers. `asyncio.to_thread` wakes the loop through two futures, each with a lock.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from zantara.costs import CallEnd, CallStart, Ledger
from zantara.database import StorageError

__all__ = ["Rows", "nothing"]

_T = TypeVar("_T")
_MOST = 64
"""Rows of one transaction; a database may take no more than 999 parameters."""


def nothing() -> None:
    """What follows a row that no answer follows."""


@dataclass(slots=True)
class _Wanted(Generic[_T]):
    """A row that somebody waits for. row: of a call that began; then: what follows its end."""

    start: CallStart
    done: "asyncio.Future[_T]"
    end: CallEnd | None = None
    row: str = ""
    then: Callable[[], Any] = nothing
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def tell(self, result: object, error: BaseException | None = None) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(_tell, self.done, result, error)


def _tell(done: "asyncio.Future[Any]", result: object, error: BaseException | None) -> None:
    if done.done():
        return  # nobody waits any more
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


class Rows:
    """Begins and ends the rows of calls. Raises what the ledger raises, each caller its own."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._pool = ThreadPoolExecutor(1, "zantara-rows")
        self._wanted: deque[_Wanted[Any]] = deque()

    async def begin(self, start: CallStart) -> str:
        """Its id. A caller that is gone before its turn gets no row."""
        return await self._write(_Wanted(start, asyncio.get_running_loop().create_future()))

    async def end(self, start: CallStart, end: CallEnd, row: str, then: Callable[[], _T]) -> _T:
        """Settle `row`, or write the one row of a free call, and do `then` beside the loop too.

        It is done even when the caller has gone.
        """
        done: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        return await self._write(_Wanted(start, done, end, row, then))

    async def _write(self, wanted: _Wanted[_T]) -> _T:
        self._wanted.append(wanted)
        self._pool.submit(self._work)
        return await wanted.done

    def _work(self) -> None:
        """Whatever waits by now; a later turn of the thread then finds nothing."""
        some = [self._wanted.popleft() for _ in range(min(len(self._wanted), _MOST))]
        self._begin([one for one in some if one.end is None and not one.done.cancelled()])
        ended = [one for one in some if one.end is not None]
        self._settle([one for one in ended if one.row])
        for one in ended:
            if not one.row:
                self._record(one)

    def _begin(self, some: Sequence[_Wanted[Any]]) -> None:
        if not some:
            return
        try:
            rows = self._ledger.begin_all([one.start for one in some])
        except Exception as error:
            self._apart(some, error, self._begin)
            return
        for one, row in zip(some, rows, strict=True):
            one.tell(row)

    def _settle(self, some: Sequence[_Wanted[Any]]) -> None:
        if not some:
            return
        try:
            self._ledger.settle_all({one.row: one.end for one in some if one.end})
        except Exception as error:
            self._apart(some, error, self._settle)
            return
        for one in some:
            self._finish(one)

    def _apart(
        self,
        some: Sequence[_Wanted[Any]],
        error: Exception,
        again: Callable[[Sequence[_Wanted[Any]]], None],
    ) -> None:
        """One call's spent budget is no other's: each is tried by itself. A disk is everyone's."""
        for one in some:
            if len(some) == 1 or isinstance(error, StorageError):
                one.tell(None, error)
            else:
                again([one])

    def _record(self, one: _Wanted[Any]) -> None:
        try:
            if one.end is not None:
                self._ledger.record(one.start, one.end)
        except Exception as error:
            one.tell(None, error)
        else:
            self._finish(one)

    @staticmethod
    def _finish(one: _Wanted[Any]) -> None:
        try:
            result = one.then()
        except BaseException as error:
            one.tell(None, error)
        else:
            one.tell(result)
