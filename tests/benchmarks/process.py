"""Whole processes, from start to end, against `python -c "import langgraph.graph"`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks._report import Goal, Report, arguments, finish

_PEER = 'python -c "import langgraph.graph"'
_COMMANDS: Mapping[str, Sequence[str]] = {
    _PEER: ("-c", "import langgraph.graph"),
    "zantara --help": ("-m", "zantara.cli", "--help"),
    'zantara ask "hello"': ("-m", "zantara.cli", "ask", "hello"),
    'zantara ask "How much is the investor KITAS?"': (
        "-m",
        "zantara.cli",
        "ask",
        "How much is the investor KITAS?",
    ),
}
_MOST = dict(zip(_COMMANDS, (1.0, 0.5, 2.0, 2.0), strict=True))


def _environment(home: Path) -> dict[str, str]:
    """A newcomer's: bytecode is cached, no key is set, the data folder is the run's own."""
    kept = {k: v for k, v in os.environ.items() if not k.endswith("_API_KEY")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "ZANTARA_HOME": str(home), "ZANTARA_MODEL": "embedded"}


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def _measure(home: Path, rounds: int) -> dict[str, float]:
    """The first round builds the index and caches the bytecode; it does not count."""
    environment = _environment(home)
    taken: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for number in range(rounds + 1):
        for name, command in _COMMANDS.items():
            seconds = _run(command, environment)
            if number:
                taken[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def main() -> None:
    options = arguments(__doc__, rounds=10)
    with tempfile.TemporaryDirectory() as home:
        figures = _measure(Path(home), options.rounds)
    base = figures[_PEER]
    report = Report(
        "process",
        "Whole processes",
        ("command", "ms (median)", "of the import"),
        [(name, round(s * 1000), f"{s / base:.2f}") for name, s in figures.items()],
        [Goal(name, figures[name] / base, _MOST[name]) for name in figures if name != _PEER],
        notes=("Bytecode is cached and the index is built before the first counted round.",),
    )
    finish(report, options)


if __name__ == "__main__":
    main()
