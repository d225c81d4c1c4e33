"""Calls that take turns, so that a busy machine slows all sides alike. The standard library alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

__all__ = ["Call", "Taken", "alternate", "rates"]

Call = Callable[[], Awaitable[object]]
Taken = dict[str, list[float]]
_WARM = 20


async def alternate(calls: Mapping[str, Call], rounds: int) -> Taken:
    """Seconds of each call, or what it returns as such, in rounds of one each, to and fro."""
    taken: Taken = {name: [] for name in calls}
    order = list(calls.items())
    for number in range(rounds + _WARM):
        for name, call in order:
            start = time.perf_counter()
            told = await call()
            if number >= _WARM:
                seconds = told if isinstance(told, float) else time.perf_counter() - start
                taken[name].append(seconds)
        order.reverse()
    return taken


async def rates(calls: Mapping[str, Call], *, rounds: int, workers: int, count: int) -> Taken:
    """Calls a second with `workers` at once, `count` calls of each a round; the first is to warm up."""
    taken: Taken = {name: [] for name in calls}
    order = list(calls.items())
    for number in range(rounds + 1):
        for name, call in order:
            seconds = await _at_once(call, workers, count)
            if number:
                taken[name].append(count / seconds)
        order.reverse()
    return taken


async def _at_once(call: Call, workers: int, count: int) -> float:
    left = iter(range(count))

    async def work() -> None:
        for _number in left:
            await call()

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(workers)))
    return time.perf_counter() - start
