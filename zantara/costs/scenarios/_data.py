"""The figures as they are written: values in three cases, unit, basis, source."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

__all__ = ["ARMS", "CASES", "Case", "Data", "Figure", "FreeQuota", "Old", "Range", "case", "data"]

Case = Literal["lower", "middle", "upper"]
ARMS = ("hybrid", "centro", "budget", "baseline")
CASES: tuple[Case, ...] = ("lower", "middle", "upper")
_FILE = Path(__file__).with_name("figures.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """value: in the order of the cases, or one for all. date: of the source."""

    value: tuple[Decimal, ...]
    unit: str
    basis: Literal["measured", "listed", "assumed"]
    source: str
    date: str = ""

    @model_validator(mode="after")
    def _told(self) -> "Figure":
        if len(self.value) not in (1, len(CASES)):
            raise ValueError("a figure has one value or three")
        if self.basis == "listed" and not self.date:
            raise ValueError("a listed figure has the date of its source")
        return self


class FreeQuota(_Strict):
    """Of a free tier, a day; None: not published."""

    requests: int | None = None
    tokens: int | None = None
    source: str
    date: str


class Old(_Strict):
    """What the old design stated, US dollars a month where no more is said."""

    hybrid: Decimal
    centro: Decimal
    budget: Decimal
    baseline: Decimal
    query: Decimal
    queries: int
    day: Decimal
    input_tokens: int
    output_tokens: int
    input_price: Decimal
    output_price: Decimal
    gpu_month: Decimal
    gpu_hours: int
    gpu_price: Decimal
    external: Decimal
    external_queries: int
    budget_like_for_like: Decimal
    hybrid_parts: tuple[Decimal, ...]
    saved_month: Decimal
    training: Decimal
    training_hours: int
    payback_days: Decimal

    def of(self, arm: str) -> Decimal:
        found: Decimal = getattr(self, arm)
        return found


class Data(_Strict):
    figure: dict[str, Figure]
    quota: dict[str, FreeQuota]
    specialists: dict[str, Decimal]
    old: Old


@dataclass(frozen=True, slots=True)
class Range:
    """A figure in the three cases, in order of size; None: endless (a payback that never comes)."""

    lower: Decimal | None
    middle: Decimal | None
    upper: Decimal | None

    @classmethod
    def of(cls, values: Iterable[Decimal | None]) -> "Range":
        return cls(*sorted(values, key=lambda one: (one is None, one or Decimal(0))))

    @classmethod
    def same(cls, value: Decimal) -> "Range":
        return cls(value, value, value)


@cache
def data() -> Data:
    """Raises pydantic.ValidationError, which names the entry."""
    return Data.model_validate(tomllib.loads(_FILE.read_text("utf-8"), parse_float=Decimal))


def case(figure: str, name: Case) -> Decimal:
    values = data().figure[figure].value
    return values[CASES.index(name)] if len(values) > 1 else values[0]
