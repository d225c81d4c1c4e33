"""The wall clock jumps, by a day or when summer time ends: nothing opens or closes by it."""

import time

import pytest

from tests.conformance.gateway.conftest import Pair, Serve
from tests.wire import Scripted
from zantara.costs import Ledger

pytestmark = pytest.mark.loopback
OK = Scripted(pieces=("I can.",))
_DOWN = Scripted(status=500, error="down")


_DATED = {
    "date": "Wed, 25 Nov 2026 10:00:00 GMT",
    "retry-after": "Wed, 25 Nov 2026 10:00:40 GMT",
}


def _jump(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)


@pytest.mark.parametrize("seconds", [86_400, -86_400, 3_600, -3_600])
@pytest.mark.parametrize(
    ("refusals", "pause"),
    [
        pytest.param([Scripted(status=429, headers={"retry-after": "40"})], 40, id="a limit"),
        pytest.param([Scripted(status=429, headers=_DATED)], 40, id="a limit with a date"),
        pytest.param([_DOWN] * 5, 31, id="an open circuit"),
    ],
)
async def test_only_time_that_passed_counts(
    serve: Serve,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    refusals: list[Scripted],
    pause: float,
    seconds: float,
) -> None:
    pair = Pair(ledger, "openai", serve("openai", *refusals, OK))
    for _ in refusals:
        await pair.ask()
    _jump(monkeypatch, seconds)
    assert (await pair.ask()).message.text == "The other."
    pair.time.seconds += pause
    assert (await pair.ask()).message.text == "I can."
