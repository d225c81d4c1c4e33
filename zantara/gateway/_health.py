"""Whether a host is worth asking now: circuit breaker, what it asked us to wait, what it allows.

Kept by hand: pybreaker guards coroutines through Tornado alone, no breaker found knows `retry-after`,
and here the three are one question, "from when on". Time is monotonic, so that no clock jump opens or
closes anything.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter

from zantara.gateway._catalogue import Quota
from zantara.gateway._failures import Failure, FailureKind

__all__ = ["Health", "Limits"]

_OPENS_AFTER = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 600.0
_DEFAULT_WAIT = 10.0
_FOREVER = float("inf")


@dataclass(slots=True)
class Health:
    """One model at one host, for all roles of this process.

    Five failures of the host in a row open the circuit, one timeout does too: each costs its user half
    a minute. When the pause is over one call tries; it closes the circuit, or doubles the pause.
    """

    now: Callable[[], float]
    why: str = ""
    _failures: int = 0
    _pause: float = _FIRST_PAUSE
    _from: float = 0.0
    _half_open: bool = False
    _trying: bool = False

    def wait(self) -> float:
        """Seconds until it may be asked; 0: now; infinite: never again in this process."""
        left = self._from - self.now()
        if left > 0:
            return left
        return _DEFAULT_WAIT if self._trying else 0.0

    def begin(self) -> None:
        """A call starts. While the circuit is half open it is the only one."""
        self._trying = self._half_open

    def dropped(self) -> None:
        """The call was given up by us: it tells nothing of the host."""
        self._trying = False

    def succeeded(self) -> None:
        self._failures, self._pause = 0, _FIRST_PAUSE
        self._half_open = self._trying = False
        self.why = ""

    def failed(self, failure: Failure, why: str) -> None:
        tried, self._trying = self._trying, False
        if failure.for_good:
            self._from, self.why = _FOREVER, why
        elif failure.kind is FailureKind.LIMITED:
            self._hold(failure.seconds or _DEFAULT_WAIT, why)
        elif failure.hosts_fault:
            self._count(failure, why, tried=tried)
        elif tried:  # it answers again, and refused this one request
            self.succeeded()

    def _count(self, failure: Failure, why: str, *, tried: bool) -> None:
        self._failures += 1
        if tried:
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        slow = failure.kind is FailureKind.SLOW
        if tried or slow or self._failures >= _OPENS_AFTER:
            self._half_open = True
            self._hold(max(failure.seconds, self._pause), why)
        elif failure.seconds:
            self._hold(failure.seconds, why)

    def _hold(self, seconds: float, why: str) -> None:
        self._from = max(self._from, self.now() + seconds)
        self.why = why


@dataclass(slots=True)
class Limits:
    """What an account may use, for all models of a host. A call that does not fit is not sent."""

    quota: Quota
    _buckets: dict[str, AsyncLimiter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.quota:
            if value:
                seconds = 60 if name.endswith("minute") else 86_400
                self._buckets[name] = AsyncLimiter(value, seconds)

    def _amounts(self, tokens: int) -> dict[str, float]:
        return {
            name: min(tokens, bucket.max_rate) if name.startswith("tokens") else 1
            for name, bucket in self._buckets.items()
        }

    def fits(self, tokens: int) -> bool:
        """Whether one more request of about so many tokens is allowed now."""
        return all(self._buckets[name].has_capacity(n) for name, n in self._amounts(tokens).items())

    async def take(self, tokens: int) -> None:
        """Count a request; after `fits` it does not wait."""
        for name, amount in self._amounts(tokens).items():
            await self._buckets[name].acquire(amount)
