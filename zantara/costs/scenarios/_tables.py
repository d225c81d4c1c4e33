"""The form of every table: the old figure beside the new one in three cases."""

from dataclasses import dataclass

from zantara.costs.scenarios._data import Range

__all__ = ["Row", "Table"]


@dataclass(frozen=True, slots=True)
class Row:
    """old: as the old design told it; empty: it told none."""

    name: str
    unit: str
    old: str
    new: Range
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """model: computed from assumptions, and no measurement."""

    id: str
    title: str
    rows: tuple[Row, ...]
    model: bool = True
