"""What the ledger says: costs by what they are asked by, shares, percentiles."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from zantara.costs.budgets import Spent
from zantara.costs.ledger import Ledger
from zantara.costs.rows import TurnRow

__all__ = ["By", "Group", "Percentiles", "Report", "report"]

By = Literal["day", "provider", "architecture", "role", "kind"]


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Milliseconds, by nearest rank; None: nothing was measured."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None

    @classmethod
    def of(cls, values: Iterable[float]) -> "Percentiles":
        ordered = sorted(values)
        return cls(len(ordered), *(_rank(ordered, share) for share in (0.50, 0.95, 0.99)))


def _rank(ordered: Sequence[float], share: float) -> float | None:
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


@dataclass(frozen=True, slots=True)
class Group:
    """One line: model and paid tool calls, or turns where costs are told by kind.

    failed: calls that gave no answer. latency: of each call, or of each turn that waited for nobody.
    """

    name: str
    count: int
    cost_usd: Decimal
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    failed: int
    latency: Percentiles


@dataclass(frozen=True, slots=True)
class Report:
    """shares are None where there was no turn or no call to count.

    no_outside_call: turns answered with no tool call that leaves this house. no_model_call: those that
    the tables answered alone. tool_success: calls that ended and neither failed nor are unknown.
    unsettled: calls that a process began and never ended; they stand at what was reserved.
    """

    since: datetime
    by: By
    groups: tuple[Group, ...]
    cost_usd: Decimal
    turns: int
    kinds: Mapping[str, tuple[int, Decimal]]
    no_outside_call: float | None
    no_model_call: float | None
    turn_latency: Percentiles
    paused_turns: int
    tool_success: float | None
    unsettled: int
    budgets: tuple[Spent, ...]


def report(ledger: Ledger, since: datetime, *, by: By = "day", user: str = "") -> Report:
    """Blocks. Raises StorageError."""
    calls, turns = ledger.calls(since), ledger.turns(since)
    tools = sum(row.calls for row in turns)
    lost = sum(row.calls_failed + row.calls_unknown for row in turns)
    return Report(
        since=since,
        by=by,
        groups=_of_turns(turns) if by == "kind" else _of_calls(calls, by),
        cost_usd=sum((row["cost_usd"] for row in calls), Decimal(0)),
        turns=len(turns),
        kinds=_kinds(turns),
        no_outside_call=_share([not row.outside for row in turns]),
        no_model_call=_share([not row.model_calls for row in turns]),
        turn_latency=Percentiles.of(row.latency_ms for row in turns if not row.paused),
        paused_turns=sum(row.paused for row in turns),
        tool_success=1 - lost / tools if tools else None,
        unsettled=sum(row["outcome"] == "open" for row in calls),
        budgets=tuple(ledger.budgets(user)),
    )


def _share(held: Sequence[bool]) -> float | None:
    return sum(held) / len(held) if held else None


def _kinds(turns: Sequence[TurnRow]) -> dict[str, tuple[int, Decimal]]:
    found: dict[str, tuple[int, Decimal]] = {}
    for row in turns:
        count, cost = found.get(row.kind, (0, Decimal(0)))
        found[row.kind] = (count + 1, cost + row.cost_usd)
    return dict(sorted(found.items(), key=lambda pair: -pair[1][1]))


def _of_calls(calls: Sequence[Mapping[str, Any]], by: By) -> tuple[Group, ...]:
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in calls:
        groups[row["at"][:10] if by == "day" else row[by] or "-"].append(row)
    return tuple(_group(name, groups[name]) for name in sorted(groups))


def _group(name: str, rows: Sequence[Mapping[str, Any]]) -> Group:
    return Group(
        name=name,
        count=len(rows),
        cost_usd=sum((row["cost_usd"] for row in rows), Decimal(0)),
        tokens_in=sum(row["tokens_in"] for row in rows),
        tokens_cached=sum(row["tokens_cached"] for row in rows),
        tokens_out=sum(row["tokens_out"] for row in rows),
        failed=sum(row["outcome"] not in ("answered", "open") for row in rows),
        latency=Percentiles.of(row["latency_ms"] for row in rows if row["outcome"] == "answered"),
    )


def _of_turns(turns: Sequence[TurnRow]) -> tuple[Group, ...]:
    groups: dict[str, list[TurnRow]] = defaultdict(list)
    for row in turns:
        groups[row.kind].append(row)
    return tuple(
        Group(
            name=name,
            count=len(rows),
            cost_usd=sum((row.cost_usd for row in rows), Decimal(0)),
            tokens_in=0,
            tokens_cached=0,
            tokens_out=0,
            failed=sum(row.broken for row in rows),
            latency=Percentiles.of(row.latency_ms for row in rows if not row.paused),
        )
        for name, rows in sorted(groups.items())
    )
