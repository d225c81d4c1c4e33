"""The old design's tables, honestly: what it stated beside what it is at today's prices."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from zantara.costs.prices import Prices
from zantara.costs.scenarios._capacity import awake_hours, free_tiers, gpus, training
from zantara.costs.scenarios._data import ARMS, CASES, Figure, Range, data
from zantara.costs.scenarios._latency import latency
from zantara.costs.scenarios._money import corrections, monthly, months, savings
from zantara.costs.scenarios._tables import Row, Table
from zantara.costs.scenarios._usage import UnknownPriceError, asked_model, loads, price_of

__all__ = [
    "Figure",
    "Range",
    "Row",
    "Scenarios",
    "Table",
    "UnknownPriceError",
    "awake_hours",
    "loads",
    "price_of",
    "scenarios",
]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """All tables at so many queries a day. prices: of the models that would answer, by case."""

    queries_day: int
    at: datetime
    tables: tuple[Table, ...]
    figures: dict[str, Figure]
    prices: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """With what it was computed from, so that each figure can be found again. Money is text."""
        return {
            "queries_day": self.queries_day,
            "at": self.at.isoformat(),
            "tables": [asdict(one) for one in self.tables],
            "figures": {name: one.model_dump(mode="json") for name, one in self.figures.items()},
            "quotas": {name: one.model_dump(mode="json") for name, one in data().quota.items()},
            "prices": self.prices,
            "old": data().old.model_dump(mode="json"),
        }


def scenarios(queries: int, at: datetime, prices: Prices | None = None) -> Scenarios:
    """Raises UnknownPriceError where no price is listed for who would answer."""
    known = prices or Prices()
    found = months(queries, at, known)
    tables = (
        monthly(found),
        savings(found),
        corrections(at, known),
        training(found),
        latency(),
        free_tiers(queries),
        gpus(queries, at, known),
    )
    return Scenarios(queries, at, tables, data().figure, _prices(at, known))


def _prices(at: datetime, known: Prices) -> dict[str, Any]:
    models = sorted({one.model for arm in ARMS for one in loads(arm, "middle")})
    return {
        "unit": "US dollars a million tokens",
        "source": "genai-prices or your own price file; upper: the catalogue's ceiling if higher",
        "models": {
            model: {c: price_of(model, c, at, known).model_dump(mode="json") for c in CASES}
            for model in models
        },
        "roles": {role: asked_model(role) for role in ("orchestrator", "workspace", "baseline")},
    }
