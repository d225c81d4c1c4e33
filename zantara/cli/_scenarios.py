"""`zantara costs scenarios`: what the old design promised beside what it is."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from zantara.cli._session import json_option, leave, load_settings, print_json
from zantara.clock import SystemClock
from zantara.costs import Prices
from zantara.costs.scenarios import Figure, Row, Scenarios, scenarios

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["command"]

_WIDTH = 100


@click.command("scenarios")
@click.option(
    "--queries", default=1500, type=click.IntRange(1, 10_000_000), help="Queries a day (1500)."
)
@click.option("--figures", is_flag=True, help="Also every figure it computes with, and its source.")
@json_option
def command(*, queries: int, figures: bool, as_json: bool) -> None:
    """Cost, savings, training, latency, free tiers and GPUs of the four arms at today's prices.

    Token prices are listed ones, prompt sizes measured, most of the rest assumed; --figures says which
    is which. What your own traffic costs is told by `zantara costs`.
    """
    leave(lambda: _print(queries, figures=figures, as_json=as_json), as_json=as_json)


def _print(queries: int, *, figures: bool, as_json: bool) -> int:
    found = scenarios(queries, SystemClock().now(), Prices(load_settings().prices_file))
    if as_json:
        print_json(found.to_json())
    else:
        _draw(found, figures=figures)
    return 0


def _draw(found: Scenarios, *, figures: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False, width=_WIDTH)
    console.print(f"{found.queries_day:,} queries a day, prices of {found.at:%Y-%m-%d}\n")
    for table in found.tables:
        drawn = _table(table.title)
        for row in table.rows:
            drawn.add_row(row.name, row.old or "-", *_values(row), row.unit, row.why)
        console.print(drawn)
        console.print()
    for line in _origins(found.figures):
        console.print(line)
    if figures:
        console.print(_figures(found.figures))


def _table(title: str) -> "Table":
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("", min_width=33)
    for name in ("old", "lower", "middle", "upper"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("unit", style="dim")
    table.add_column("why", style="dim")
    return table


def _values(row: Row) -> tuple[str, str, str]:
    """One value that is the same in all cases stands once, in the middle."""
    new = row.new
    if new.lower == new.upper and new.lower is not None:
        return "", _told(new.middle), ""
    return _told(new.lower), _told(new.middle), _told(new.upper)


def _told(value: Decimal | None) -> str:
    if value is None:
        return "never"
    if abs(value) >= 1000 and value == value.to_integral():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"


def _origins(figures: dict[str, Figure]) -> Iterator[str]:
    meaning = {
        "measured": "counted from this project's code",
        "listed": "published by somebody, as are token prices",
        "assumed": "neither; change them in zantara/costs/scenarios/figures.toml",
    }
    for basis, told in meaning.items():
        names = ", ".join(name for name, one in figures.items() if one.basis == basis)
        yield f"[bold]{basis}[/] ({told}): {names}"


def _figures(figures: dict[str, Figure]) -> "Table":
    from rich.table import Table

    table = Table(title="Figures", title_justify="left", title_style="bold", box=None)
    for name in ("figure", "lower / middle / upper", "unit", "basis", "source"):
        table.add_column(name)
    for name, one in figures.items():
        values = " / ".join(f"{value:f}" for value in one.value)
        dated = f"{one.source} ({one.date})" if one.date else one.source
        table.add_row(name, values, one.unit, one.basis, dated)
    return table
