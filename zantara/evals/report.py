"""An evaluation for a person: tables, then what failed."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from zantara.evals._statistics import INTERVALS

__all__ = ["show"]

_BESIDE = ("n", "ci95", "by", "failures", "apart")


def show(report: Mapping[str, Any], console: Console) -> None:
    """The figures over all rows and for each group, the rows to be read, and the failures."""
    metrics = [name for name in report if name not in _BESIDE]
    console.print(_all_rows(report, metrics))
    for group, values in report["by"].items():
        console.print(_grouped(group, values, metrics))
    console.print(INTERVALS, style="dim")
    if report.get("apart"):
        console.print("\nTo be read against the note (no figure fixes the answer):", style="bold")
        for row in report["apart"]:
            console.print(f"  {row['id']}  {escape(row['note'] or '-')}: {escape(row['answer'])}")
    if report["failures"]:
        console.print(f"\n{len(report['failures'])} rows failed:", style="bold")
    for failure in report["failures"]:
        console.print(f"  {failure['id']}  {escape('; '.join(failure['wrong']))}", style="yellow")
        console.print(f"      {escape(' '.join(failure['answered'].split())[:200])}", style="dim")


def _all_rows(report: Mapping[str, Any], metrics: list[str]) -> Table:
    table = Table(title=f"{report['n']} rows", title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_column("95% interval", justify="right")
    for name in metrics:
        interval = report["ci95"][name]
        shown = f"{_number(interval[0])} - {_number(interval[1])}" if interval else "-"
        table.add_row(name, _number(report[name]), shown)
    return table


def _grouped(group: str, values: Mapping[str, Mapping[str, Any]], metrics: list[str]) -> Table:
    table = Table(title=f"by {group}", title_justify="left")
    table.add_column("figure")
    for value in values:
        table.add_column(value, justify="right")
    for name in ("n", *metrics):
        table.add_row(name, *(_number(one[name]) for one in values.values()))
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.2f}"
