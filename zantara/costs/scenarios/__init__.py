"""The old design's tables, honestly: what it stated beside what it is at today's prices."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from zantara.costs.prices import Prices
from zantara.costs.scenarios._checks import (
    Correction,
    FreeTier,
    Gpu,
    corrections,
    free_tiers,
    gpus,
    payback,
    savings,
)
from zantara.costs.scenarios._data import Range, assumptions
from zantara.costs.scenarios._latency import ArmLatency, latencies
from zantara.costs.scenarios._money import ArmCost, UnknownPriceError, arm_costs

__all__ = [
    "ArmCost",
    "ArmLatency",
    "Correction",
    "FreeTier",
    "Gpu",
    "Range",
    "Scenarios",
    "UnknownPriceError",
    "scenarios",
]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """All tables at so many queries a day. old_savings: percent, one figure for all."""

    queries_day: int
    at: datetime
    monthly: list[ArmCost]
    corrections: list[Correction]
    savings: dict[str, tuple[int, int]]
    old_savings: int
    payback: dict[str, Any]
    latency: list[ArmLatency]
    free_tiers: list[FreeTier]
    gpus: list[Gpu]

    def to_json(self) -> dict[str, Any]:
        """With the assumptions, so that each figure can be found again. Money is text."""
        return {**asdict(self), "assumptions": assumptions()}


def scenarios(queries: int, at: datetime, prices: Prices | None = None) -> Scenarios:
    """Raises UnknownPriceError where no price is listed for who would answer."""
    known = prices or Prices()
    monthly = arm_costs(queries, at, known)
    return Scenarios(
        queries_day=queries,
        at=at,
        monthly=monthly,
        corrections=corrections(queries),
        savings=savings(monthly),
        old_savings=assumptions()["old"]["savings_percent"],
        payback=payback(monthly),
        latency=latencies(),
        free_tiers=free_tiers(queries),
        gpus=gpus(queries, at, known),
    )
