"""The old design's arithmetic done again, free tiers, training, and when a GPU of one's own pays."""

import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from zantara.costs.prices import Prices
from zantara.costs.scenarios._data import CASES, Range, assumptions, case
from zantara.costs.scenarios._money import ArmCost, price_of, usage_of

__all__ = [
    "Correction",
    "FreeTier",
    "Gpu",
    "corrections",
    "free_tiers",
    "gpus",
    "payback",
    "savings",
]

_HOURS = 720
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure of the old design, what it is, and how one gets there."""

    what: str
    old: str
    new: str
    how: str


@dataclass(frozen=True, slots=True)
class FreeTier:
    """Whether a free tier holds a day's traffic. share: of the day's model calls that it serves, at
    most; None: it publishes no quota.
    """

    provider: str
    needed_requests: Range
    needed_tokens: Range
    requests: int
    tokens: int
    share: Range | None
    holds: bool
    source: str


@dataclass(frozen=True, slots=True)
class Gpu:
    """A rented GPU against tokens by the million. always: a month with no pause. scaled: a month where
    it sleeps `idle_seconds` after its last query, even traffic. pays_from: queries a day from which the
    one that never sleeps is the cheaper.
    """

    name: str
    hour: Decimal
    always: Decimal
    scaled: Decimal
    pays_from: Range


def corrections(queries: int) -> list[Correction]:
    """What the old design stated, computed from its own figures."""
    old = assumptions()["old"]
    day = Decimal(queries) * old["query"]
    gpu = Decimal(old["gpu_hours"]) * old["gpu_price"]
    external = Decimal(str(old["external"])) * queries / old["external_queries"]
    return [
        Correction(
            "Claude, a month",
            f"${old['baseline']}",
            f"${day * 30:,.0f}",
            f"{queries:,} x ${old['query']} = ${day:,.0f} a day, x 30",
        ),
        Correction(
            "GPU, a month",
            f"${old['gpu_month']}",
            f"${gpu:,.2f}",
            f"{old['gpu_hours']} h x ${old['gpu_price']}; it never sleeps at even traffic:"
            f" ${_HOURS * assumptions()['gpu']['hour']['A100']:,.0f} to"
            f" ${_HOURS * assumptions()['gpu']['hour']['H100']:,.0f}",
        ),
        Correction(
            "external services, a month",
            f"${old['external']}",
            f"${external:.2f}",
            f"derived from {old['external_queries']:,} queries a day",
        ),
        Correction(
            "budget, a month",
            f"${old['budget']}",
            "$51.60",
            "with the $48 of external services that the others carry, and its own parts",
        ),
        Correction(
            "hybrid saves, a month",
            f"${old['saved_month']}",
            f"${old['baseline'] - old['hybrid']}",
            f"${old['baseline']} - ${old['hybrid']}",
        ),
        Correction(
            "latency",
            f"{old['faster_percent']}% faster",
            "about 80%",
            f"{old['knowledge_seconds']} by its own figures; the 45% came from a rejected design",
        ),
    ]


def savings(costs: list[ArmCost]) -> dict[str, tuple[int, int]]:
    """Percent that an arm saves against the baseline: the least and the most of like cases."""
    base = next(one.total for one in costs if one.arm == "baseline")
    found = {}
    for one in costs:
        if one.arm != "baseline":
            shares = [100 * (1 - getattr(one.total, name) / getattr(base, name)) for name in CASES]
            found[one.arm] = (round(min(shares)), round(max(shares)))
    return found


def payback(costs: list[ArmCost]) -> dict[str, Any]:
    """Days until a training run is paid by what `hybrid` saves, and what such a run costs."""
    old, hour = assumptions()["old"], assumptions()["gpu"]["hour"]["H100"]
    run = Decimal(old["training_hours"]) * hour
    base = next(one.total for one in costs if one.arm == "baseline")
    hybrid = next(one.total for one in costs if one.arm == "hybrid")
    saved = [(getattr(base, name) - getattr(hybrid, name)) / 30 for name in CASES]
    days = [run / one for one in saved if one > 0]
    return {
        "run_usd": run,
        "old_run_usd": old["training"],
        "old_days": old["payback_days"],
        "days": Range.of(days) if len(days) == len(CASES) else None,
        "note": "one run that succeeds; the old project's eight ran out of memory while loading",
    }


def free_tiers(queries: int) -> list[FreeTier]:
    """Each free tier against the whole day's model calls of the arm `budget`."""
    calls = Range.of(usage_of("budget", name).calls * queries for name in CASES)
    tokens = Range.of(
        (usage_of("budget", n).tokens_in + usage_of("budget", n).tokens_out) * queries
        for n in CASES
    )
    return [
        _free(provider, quota, calls, tokens) for provider, quota in assumptions()["free"].items()
    ]


def _free(provider: str, quota: dict[str, Any], calls: Range, tokens: Range) -> FreeTier:
    shares = []
    for name in CASES:
        parts = [
            Decimal(quota[what]) / getattr(needed, name)
            for what, needed in (("requests", calls), ("tokens", tokens))
            if quota[what]
        ]
        shares += [min([*parts, Decimal(1)])] if parts else []
    share = Range.of(shares) if shares else None
    return FreeTier(
        provider,
        calls,
        tokens,
        quota["requests"],
        quota["tokens"],
        share,
        share is not None and share.lower >= 1,
        quota["source"],
    )


def gpus(queries: int, at: datetime, prices: Prices) -> list[Gpu]:
    """Rented GPUs against Scout by the token at `queries` a day."""
    known = assumptions()["gpu"]
    query = {n: usage_of("centro", n).cost(price_of("centro", n, at, prices)) for n in CASES}
    found = []
    for name, hour in known["hour"].items():
        always = hour * _HOURS
        pays = Range.of(Decimal(math.ceil(hour * 24 / query[one])) for one in CASES)
        found.append(Gpu(name, hour, always, always * _awake(queries), pays))
    return found


def _awake(queries: int) -> Decimal:
    """The share of a day that a GPU is awake when queries come evenly."""
    known = assumptions()["gpu"]
    each = case(known["busy_seconds"], "middle") + Decimal(known["idle_seconds"])
    return min(queries * each / _DAY, Decimal(1))
