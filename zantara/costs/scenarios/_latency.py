"""A model of latency with injected provider latencies. It is no measurement, and says so."""

import random
from decimal import Decimal
from functools import cache
from math import exp

from zantara.costs.report import Percentiles
from zantara.costs.scenarios._data import ARMS, CASES, Case, Range, case, data
from zantara.costs.scenarios._tables import Row, Table
from zantara.costs.scenarios._usage import KINDS, asked_model

__all__ = ["latency"]

_TURNS = 5_000
_SEED = 42
_MOST_CALLS = 8
_HOSTS = {
    "openrouter/scout": "scout",
    "groq/gpt-oss-120b": "groq",
    "groq/gpt-oss-20b": "groq",
    "cerebras/gpt-oss-120b": "cerebras",
    "google/flash": "gemini",
    "anthropic/sonnet": "claude",
}


def latency() -> Table:
    """P50 and P95 of a turn by arm and case, the same each time."""
    rows = []
    for arm in ARMS:
        found = {name: _percentiles(arm, name) for name in CASES}
        for which, (old, why) in _TOLD.items():
            rows.append(
                Row(
                    f"{arm}, {which}",
                    "seconds",
                    old if arm in ("hybrid", "centro") else "",
                    Range.of(_seconds(found[name], which) for name in CASES),
                    why,
                )
            )
    rows += [_gain(arm) for arm in ARMS[:-1]]
    return Table("latency", "Seconds of a whole turn: a model, not a measurement", tuple(rows))


_TOLD = {
    "no call, P50": ("0-1", "turns with no outside call"),
    "mix, P50": ("", "all turns"),
    "mix, P95": ("", "all turns; nobody's approval is waited for"),
}


def _seconds(found: tuple[Percentiles, Percentiles], which: str) -> Decimal:
    quiet, mix = found
    value = {"no call, P50": quiet.p50, "mix, P50": mix.p50, "mix, P95": mix.p95}[which]
    return Decimal(f"{value or 0:.2f}")


def _gain(arm: str) -> Row:
    """Like case against like case."""
    gains = []
    for name in CASES:
        ours, base = (_percentiles(one, name)[1].p50 or 0.0 for one in (arm, "baseline"))
        gains.append(Decimal(f"{100 * (1 - ours / base):.1f}"))
    old = "45%" if arm == "hybrid" else ""
    return Row(f"{arm}, faster", "percent", old, Range.of(gains), "mix, P50, against baseline")


@cache
def _percentiles(arm: str, name: Case) -> tuple[Percentiles, Percentiles]:
    """Of turns with no outside call, and of the mix.

    Every arm and case meets the same turns and the same luck, so that only what differs tells.
    """
    rng = random.Random(_SEED)  # noqa: S311 - a simulation
    weights = [float(case(f"share_{kind}", name)) for kind in KINDS]
    turns = []
    for _ in range(_TURNS):
        kind = rng.choices(KINDS, weights)[0]
        luck = [rng.random() for _ in range(3)]
        noise = [exp(rng.gauss(0, float(case("spread", name)))) for _ in range(2 * _MOST_CALLS + 2)]
        turns.append((kind, _turn(arm, kind, name, luck, noise)))
    quiet = Percentiles.of(seconds for kind, seconds in turns if kind == "none")
    return quiet, Percentiles.of(seconds for _kind, seconds in turns)


def _turn(arm: str, kind: str, name: Case, luck: list[float], noise: list[float]) -> float:
    """Model calls one after another; the tools of a step at once."""
    seconds = float(case("own_seconds", name))
    if kind == "none" and luck[0] < case("exact", name):
        return seconds
    calls = int(case(f"calls_{kind}", name)) + (luck[1] < case("corrected", name))
    model = _model(arm, kind, luck[2])
    seconds += sum(_call(model, name) * noise[number] for number in range(calls))
    steps = 0 if kind == "none" else int(case(f"calls_{kind}", name)) - 1
    step = float(case("tool_seconds", name))
    seconds += sum(step * noise[_MOST_CALLS + number] for number in range(steps))
    if arm == "budget":
        seconds += _call(asked_model("classifier"), name) * noise[-1]
    if arm == "hybrid" and kind != "none" and luck[2] < case("delegated", name):
        inner = int(case("delegated_calls", name))
        seconds += inner * _call(asked_model("workspace"), name) * noise[-2]
    return seconds


def _model(arm: str, kind: str, luck: float) -> str:
    if arm != "budget":
        return asked_model("baseline" if arm == "baseline" else "orchestrator")
    if kind == "none":
        return asked_model("knowledge")
    for role, share in data().specialists.items():
        luck -= float(share)
        if luck < 0:
            return asked_model(role)
    return asked_model("business")


@cache
def _call(model: str, name: Case) -> float:
    """Until the last token."""
    host = _HOSTS[model]
    thought = Decimal(0) if host == "scout" else case("reasoning", name)
    times = case("claude_tokens", name) if host == "claude" else Decimal(1)
    tokens = case("reply", name) * times + thought
    return float(case(f"first_{host}", name) + tokens / case(f"rate_{host}", name))
