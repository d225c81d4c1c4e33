"""What a GPU of one's own costs and when it pays, training, and what free tiers hold."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from zantara.costs.prices import Prices
from zantara.costs.scenarios._data import ARMS, CASES, Case, FreeQuota, Range, case, data
from zantara.costs.scenarios._money import Month
from zantara.costs.scenarios._tables import Row, Table
from zantara.costs.scenarios._usage import Load, loads, query_cost

__all__ = ["awake_hours", "free_tiers", "gpus", "training"]

_DAY, _HOURS = 86_400, 24
_CARDS = {"A100": "gpu_a100", "H100": "gpu_h100"}
_MONTH = "$ a month"


def awake_hours(queries: int, name: Case, traffic: str) -> Decimal:
    """Hours a day that a container is awake which sleeps when nobody asked for `idle` seconds.

    even: at equal distances. random: any time of the day. bursty: at random within a few hours.
    """
    window = case("idle", name) + case("busy", name)
    if traffic == "even":
        gap = Decimal(_DAY) / queries
        wakes = Decimal(0) if gap <= window else case("start", name)
        seconds = queries * (min(window, gap) + wakes)
        return min(seconds / 3600, Decimal(_HOURS))
    hours = case("busy_hours", name) if traffic == "bursty" else Decimal(_HOURS)
    rate = queries / float(hours * 3600)
    # Awake whenever at least one query came within the last window; each sleep ends with a start.
    asleep = math.exp(-rate * float(window))
    starts = Decimal(queries * asleep) * case("start", name) / 3600
    return min(hours * Decimal(1 - asleep) + starts, hours)


def gpus(queries: int, at: datetime, prices: Prices) -> Table:
    """Against Scout by the token. Raises UnknownPriceError."""
    token = {name: query_cost("centro", name, at, prices) for name in CASES}
    days, old = case("days", "middle"), f"${data().old.gpu_month}"
    month = Range.of(token[name] * queries * days for name in CASES)
    rows = [Row("Scout by the token", _MONTH, old, month, "centro's model calls")]
    for card, figure in _CARDS.items():
        hour = case(figure, "middle")
        whole = Range.same(hour * _HOURS * days)
        rows.append(Row(f"{card}, never sleeps", _MONTH, old, whole, f"${hour} an hour x 720"))
        for traffic, why in _TRAFFIC.items():
            awake = Range.of(hour * awake_hours(queries, name, traffic) * days for name in CASES)
            rows.append(Row(f"{card}, sleeps, {traffic}", _MONTH, old, awake, why))
        pays = Range.of(Decimal(math.ceil(hour * _HOURS / token[name])) for name in CASES)
        why = "from here the one that never sleeps is cheaper than tokens"
        rows.append(Row(f"{card} pays from", "queries a day", "", pays, why))
        rows.append(_needed_speed(card, hour, token))
    rows.append(_always_awake())
    return Table("gpu", "A GPU of one's own (Modal) against tokens", tuple(rows))


_TRAFFIC = {
    "even": "300 s idle window; traffic at equal distances",
    "random": "any time of the day",
    "bursty": "at random within 4, 8, 12 hours",
}


def _needed_speed(card: str, hour: Decimal, token: Mapping[Case, Decimal]) -> Row:
    """Where it pays, one card would have to read this; that is at or beyond what it can."""
    read = [
        hour * _HOURS / token[name] * sum(one.tokens for one in loads("centro", name)) / _DAY
        for name in CASES
    ]
    why = "what one card must do day and night to be there"
    return Row(f"{card}, to pay", "tokens a second", "", Range.of(read), why)


def _always_awake() -> Row:
    from_here = Range.of(
        Decimal(math.ceil(_DAY / (case("idle", name) + case("busy", name)))) for name in CASES
    )
    return Row(
        "even traffic never sleeps", "queries a day", "", from_here, "one in 300 s is enough"
    )


def training(found: Mapping[str, Month]) -> Table:
    old = data().old
    hour = case("gpu_h100", "middle")
    cost = {name: case("training_hours", name) * hour for name in CASES}
    always = hour * _HOURS * case("days", "middle")
    hours = Range.of(case("training_hours", name) for name in CASES)
    was = f"{old.payback_days}"
    rows = [
        Row("GPU hours", "hours", str(old.training_hours), hours, "all eight attempts failed"),
        Row("a run", "$", f"${old.training}", Range.of(cost.values()), f"H100 at ${hour}"),
        Row(
            "payback, centro by the token",
            "days",
            was,
            _days(cost, lambda name: _saved(found, name)),
            "but no host serves tuned weights by the token",
        ),
        Row(
            "payback, on an H100 of one's own",
            "days",
            was,
            _days(cost, lambda name: _saved(found, name) + found["centro"].models[name] - always),
            "tuned weights need the card; at these queries",
        ),
    ]
    return Table("training", "Training and its payback", tuple(rows))


def _saved(found: Mapping[str, Month], name: Case) -> Decimal:
    return found["baseline"].total(name) - found["centro"].total(name)


def _days(cost: Mapping[Case, Decimal], saved: Callable[[Case], Decimal]) -> Range:
    """The cheapest run over the greatest savings, up to the dearest run over the least."""
    gains = sorted((saved(name) / case("days", name) for name in CASES), reverse=True)
    runs = sorted(cost.values())
    return Range.of(run / gain if gain > 0 else None for run, gain in zip(runs, gains, strict=True))


def free_tiers(queries: int) -> Table:
    """What each arm asks of each model in a day, against its free quota."""
    rows = []
    for arm in ARMS:
        cases = {name: _by_model(loads(arm, name)) for name in CASES}
        for model in cases["middle"]:
            quota = data().quota[model]
            for what in _limited(quota):
                needed = Range.of(cases[name][model][what] * queries for name in CASES)
                rows.append(_quota_row(arm, model, what, needed))
    return Table("free_tiers", "What free tiers hold of a day", tuple(rows))


def _by_model(parts: list[Load]) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for one in parts:
        sums = found.setdefault(one.model, {"requests": Decimal(0), "tokens": Decimal(0)})
        sums["requests"] += one.calls
        sums["tokens"] += one.tokens
    return found


def _limited(quota: FreeQuota) -> list[str]:
    """What is published of a quota; of one that is not, the requests."""
    return [what for what in ("requests", "tokens") if getattr(quota, what)] or ["requests"]


def _quota_row(arm: str, model: str, what: str, needed: Range) -> Row:
    quota = data().quota[model]
    old = "holds" if arm == "budget" else ""
    why = f"{_verdict(getattr(quota, what), needed)} ({quota.date})"
    return Row(f"{arm}: {model}", f"{what} a day", old, needed, why)


def _verdict(limit: int | None, needed: Range) -> str:
    if limit is None:
        return "quota not published"
    if not limit:
        return "no free tier"
    least, most = needed.lower or Decimal(0), needed.upper or Decimal(0)
    if most <= limit:
        return f"holds: {limit:,}"
    return f"{'does not hold' if least > limit else 'may not hold'}: {limit:,}"
