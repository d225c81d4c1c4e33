"""From scored rows to figures with a 95% interval."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Literal

__all__ = ["INTERVALS", "Part", "Scored", "summarise", "summarise_by"]

INTERVALS = (
    "95% intervals: Wilson for shares and counts; for means and for argument shares, whose parts"
    " hang together by row, a bootstrap over rows (1,000 samples, fixed seed)."
)
_Z = 1.959964
_SAMPLES = 1000
_SEED = 4

Kind = Literal["share", "mean", "count"]
Part = tuple[float, float]  # what one row adds to the numerator and to the denominator


@dataclass(frozen=True, slots=True)
class Scored:
    """One row: what it adds to each metric (nothing where it is left out), and what was wrong."""

    id: str
    groups: Mapping[str, str]
    parts: Mapping[str, Part]
    failure: Mapping[str, Any] = field(default_factory=dict)


def summarise(rows: Sequence[Scored], metrics: Mapping[str, Kind]) -> dict[str, Any]:
    """{n, each metric, ci95}. A metric without a row is null."""
    parts = {
        name: [r.parts[name] for r in rows if r.parts.get(name, (0, 0))[1]] for name in metrics
    }
    return {
        "n": len(rows),
        **{name: _value(parts[name], kind) for name, kind in metrics.items()},
        "ci95": {name: _interval(parts[name], kind) for name, kind in metrics.items()},
    }


def summarise_by(
    rows: Sequence[Scored], metrics: Mapping[str, Kind], groups: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """{group: {value: summary}}, values in order."""
    return {
        group: {
            value: summarise([row for row in rows if row.groups.get(group) == value], metrics)
            for value in sorted({row.groups[group] for row in rows if group in row.groups})
        }
        for group in groups
    }


def _value(parts: Sequence[Part], kind: Kind) -> float | int | None:
    hits = sum(part[0] for part in parts)
    if kind == "count":
        return int(hits)
    return round(hits / sum(part[1] for part in parts), 4) if parts else None


def _interval(parts: Sequence[Part], kind: Kind) -> list[float] | None:
    if not parts:
        return None
    if kind == "mean":
        return _bootstrap(parts)
    low, high = _wilson(sum(part[0] for part in parts), len(parts))
    size = len(parts) if kind == "count" else 1
    return [round(low * size, 4), round(high * size, 4)]


def _wilson(hits: float, n: int) -> tuple[float, float]:
    share = hits / n
    middle = share + _Z * _Z / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def _bootstrap(parts: Sequence[Part]) -> list[float]:
    chance = random.Random(_SEED)  # noqa: S311  # a resampling, repeatable on purpose
    values = []
    for _ in range(_SAMPLES):
        sample = chance.choices(parts, k=len(parts))
        values.append(sum(part[0] for part in sample) / sum(part[1] for part in sample))
    values.sort()
    return [round(values[int(_SAMPLES * at)], 4) for at in (0.025, 0.975)]
