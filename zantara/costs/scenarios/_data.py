"""The assumptions as they are written, and the three cases in which they are used."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["ARMS", "CASES", "Range", "assumptions", "case"]

ARMS = ("hybrid", "centro", "budget", "baseline")
CASES = ("lower", "middle", "upper")
_FILE = Path(__file__).with_name("assumptions.toml")


@dataclass(frozen=True, slots=True)
class Range:
    """A figure in the three cases."""

    lower: Decimal
    middle: Decimal
    upper: Decimal

    @classmethod
    def of(cls, values: Any) -> "Range":
        """Of three values, in their order of size."""
        return cls(*sorted(values))


@cache
def assumptions() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"), parse_float=Decimal)


def case(values: Any, name: str) -> Decimal:
    """The value of a case; one value serves for all of them."""
    return Decimal(values[CASES.index(name)] if isinstance(values, list) else values)
