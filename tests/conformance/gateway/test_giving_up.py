"""A call that is given up while it speaks ends there and then, whatever arrives at that moment."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from tests.conformance.gateway.conftest import Pair, Serve, rows_of
from tests.wire import Scripted
from zantara.costs import Ledger
from zantara.gateway import ModelUnavailableError

pytestmark = pytest.mark.loopback

_TRIALS = 40
_LONG = Scripted(pieces=("word ",) * 300)


class _After:
    """Runs `then` soon after the n-th piece was heard, at a moment of its own in the loop's round."""

    def __init__(self, piece: int) -> None:
        self._left = piece
        self._turns: Iterator[int] = iter(range(piece % 4))
        self.call: asyncio.Task[object] | None = None

    def __call__(self, _text: str) -> None:
        self._left -= 1
        if self._left == 0:
            self._later()

    def _later(self) -> None:
        if next(self._turns, None) is not None:
            asyncio.get_running_loop().call_soon(self._later)
        elif self.call is not None:
            self.call.cancel()


async def _collected() -> None:
    """Some clients close a stream that was left when its generator is collected; here, in its loop."""
    for _ in range(5):
        gc.collect()
        await asyncio.sleep(0)


async def test_no_cancellation_is_lost(client: str, serve: Serve, ledger: Ledger) -> None:
    pair = Pair(ledger, client, serve(client, *[_LONG] * _TRIALS))
    for number in range(_TRIALS):
        after = _After(5 + number)
        after.call = asyncio.create_task(pair.ask(on_text=after))
        with pytest.raises(asyncio.CancelledError):
            await after.call
    await _collected()
    assert {row["outcome"] for row in rows_of(ledger)} == {"cancelled"}


async def test_no_deadline_is_lost(client: str, serve: Serve, ledger: Ledger) -> None:
    """The answer would go on for long, and its time is over in the middle of it."""
    endless = Scripted(pieces=("word ",) * 5_000)
    pair = Pair(ledger, client, serve(client, *[endless] * 8))
    for number in range(8):
        with pytest.raises(ModelUnavailableError, match="time of this turn"):
            await pair.ask(
                on_text=lambda _text: None, until=pair.time.seconds + 0.1 + number * 0.01
            )
    await _collected()
