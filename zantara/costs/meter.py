"""The rows of paid tool calls: written where the request is made, charged to the call that made it."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import Decimal

from zantara.costs.ledger import Ledger
from zantara.costs.prices import Prices
from zantara.costs.rows import CallEnd, CallStart, Outcome, Priced
from zantara.database import StorageError

__all__ = ["Charge", "Meter", "charged_to", "metered"]

_LOG = logging.getLogger(__name__)
_NOBODY = CallStart("", "", "", "", "", "", "", role="tool", provider="", asked="")
_caller: ContextVar[CallStart] = ContextVar("zantara_charged_to", default=_NOBODY)


@contextmanager
def charged_to(start: CallStart) -> Iterator[None]:
    """Paid requests inside of this are this call's; one made outside of it has a row none the less."""
    token = _caller.set(start)
    try:
        yield
    finally:
        _caller.reset(token)


@dataclass(slots=True)
class Charge:
    """One request. refused: the host said no, or was not reached; it charges nothing then."""

    refused: bool = False


class Meter:
    """Writes the row of a request before it is made, at its list price, and settles it after."""

    def __init__(self, ledger: Ledger, prices: Prices) -> None:
        self._ledger = ledger
        self._prices = prices

    @asynccontextmanager
    async def call(self, provider: str, sku: str) -> AsyncIterator[Charge]:
        """Around one request. Raises BudgetExceededError before it is made.

        A request that failed with no refusal may be charged: its price stands.
        """
        price, priced = await asyncio.to_thread(self._prices.tool, provider, sku)
        start = replace(_caller.get(), provider=provider, asked=sku, reserved=price)
        row = await asyncio.to_thread(self._ledger.begin, start)
        began = time.perf_counter()
        charge, outcome = Charge(), "cancelled"
        try:
            yield charge
            outcome = "failed" if charge.refused else "answered"
        except Exception:
            outcome = "failed"
            raise
        finally:
            end = _end(sku, outcome, charge, price, priced, began)  # type: ignore[arg-type]
            await asyncio.shield(asyncio.to_thread(self._settle, row, end))

    def _settle(self, row: str, end: CallEnd) -> None:
        """What was done was done: a ledger that cannot be written now keeps the reservation."""
        try:
            self._ledger.settle(row, end)
        except StorageError as error:
            _LOG.warning("a paid request stands at what was reserved: %s", error)


def _end(
    sku: str, outcome: Outcome, charge: Charge, price: Decimal, priced: Priced, began: float
) -> CallEnd:
    latency = round((time.perf_counter() - began) * 1000, 3)
    if charge.refused:
        return CallEnd(sku, outcome, "free", Decimal(0), latency)
    return CallEnd(sku, outcome, priced if outcome == "answered" else "reserved", price, latency)


def metered(meter: Meter | None, provider: str, sku: str) -> AbstractAsyncContextManager[Charge]:
    """Around one request; with no meter (a local server answers) nothing is written."""
    return nullcontext(Charge()) if meter is None else meter.call(provider, sku)
