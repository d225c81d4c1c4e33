"""A call that is given up while it speaks ends there and then, whatever arrives at that moment."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.conformance.gateway.conftest import Pair, Serve, rows_of
from tests.wire import Scripted
from zantara.costs import Ledger
from zantara.gateway import ModelUnavailableError

pytestmark = pytest.mark.loopback

_TRIALS = 16
_LONG = Scripted(pieces=("word ",) * 100, cut="hang")


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


async def test_no_cancellation_is_lost(client: str, serve: Serve, ledger: Ledger) -> None:
    """The call ends, and the host hears it: it would go on writing, and charge for it."""
    pair = Pair(ledger, client, serve(client, *[_LONG] * _TRIALS))
    for number in range(_TRIALS):
        after = _After(5 + number)
        after.call = asyncio.create_task(pair.ask(on_text=after))
        with pytest.raises(asyncio.CancelledError):
            await after.call
        assert await asyncio.to_thread(pair.wire.leaves.acquire, timeout=20), "it reads on"
    assert {row["outcome"] for row in rows_of(ledger)} == {"cancelled"}


async def test_no_deadline_is_lost(client: str, serve: Serve, ledger: Ledger) -> None:
    """The answer does not end before its time is over."""
    pair = Pair(ledger, client, serve(client, *[_LONG] * 8))
    for number in range(8):
        with pytest.raises(ModelUnavailableError, match="time of this turn"):
            await pair.ask(
                on_text=lambda _text: None, until=pair.time.seconds + 0.1 + number * 0.01
            )
    for _ in pair.wire.requests:  # of each that reached the host, the host hears it
        assert await asyncio.to_thread(pair.wire.leaves.acquire, timeout=20), "it reads on"
