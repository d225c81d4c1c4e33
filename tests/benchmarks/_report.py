"""What every benchmark does with its figures: a table, JSON, its section of BENCHMARKS.md."""

import argparse
import json
import os
import platform
import re
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["Goal", "Report", "arguments", "finish", "median"]

_FILE = Path(__file__).parents[2] / "BENCHMARKS.md"
_HEAD = """# Benchmarks

Each figure is a ratio against a named peer, measured in the same run, the two taking turns; times are
medians. `make bench` prints the tables; `--write` on one benchmark renews its section here.
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should not exceed; with `least`, what it should reach."""

    name: str
    value: float
    bound: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.least else self.value <= self.bound

    @property
    def told(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.bound:g}"


@dataclass(frozen=True)
class Report:
    """One benchmark's figures."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    goals: Sequence[Goal] = ()
    notes: Sequence[str] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def median(seconds: Sequence[float]) -> float:
    """Milliseconds."""
    return round(statistics.median(seconds) * 1000, 2)


def arguments(description: str | None, **counts: int) -> argparse.Namespace:
    """--json, --write, and one whole number for each of `counts`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="renew the section of BENCHMARKS.md")
    for name, default in counts.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default}")
    return parser.parse_args()


def finish(report: Report, options: argparse.Namespace) -> None:
    """Print the report, and write it where asked."""
    print(json.dumps(_as_json(report), indent=2) if options.json else _as_text(report))  # noqa: T201
    if options.write:
        _write(report)


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    cpu = found[1] if found else platform.processor() or platform.machine()
    return (
        f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" langgraph {version('langgraph')}, langchain {version('langchain')}"
    )


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "benchmark": report.name,
        "machine": _machine(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "figures": [dict(zip(report.columns, row, strict=True)) for row in report.rows],
        "goals": [
            {"goal": g.name, "value": round(g.value, 3), "bound": g.told, "met": g.met}
            for g in report.goals
        ],
        **report.extra,
    }


def _as_text(report: Report) -> str:
    goals = [(g.name, f"{g.value:.2f}", g.told, "yes" if g.met else "no") for g in report.goals]
    parts = [_table(report.columns, report.rows)]
    if goals:
        parts.append(_table(("goal", "measured", "bound", "met"), goals))
    return "\n\n".join([*parts, *report.notes])


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _write(report: Report) -> None:
    begin, end = f"<!-- {report.name} -->", f"<!-- /{report.name} -->"
    command = " ".join(
        [
            "python -m",
            f"tests.benchmarks.{report.name}",
            *(a for a in sys.argv[1:] if a != "--write"),
        ]
    )
    about = f"`{command}`, {datetime.now(UTC):%Y-%m-%d}, {_machine()}."
    section = f"{begin}\n## {report.title}\n\n{about}\n\n{_as_text(report)}\n{end}"
    whole = _FILE.read_text("utf-8") if _FILE.exists() else _HEAD
    old = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if old.search(whole):
        whole = old.sub(lambda _match: section, whole)
    else:
        whole = f"{whole.rstrip()}\n\n{section}\n"
    _FILE.write_text(whole, "utf-8")
