"""A model of latency with injected provider latencies. It is no measurement, and says so."""

import random
from dataclasses import dataclass
from math import exp
from typing import Any

from zantara.costs.report import Percentiles
from zantara.costs.scenarios._data import ARMS, assumptions, case

__all__ = ["ArmLatency", "latencies"]

_TURNS = 20_000
_SEED = 42
_CALLS = {"none": 0, "one": 1, "few": 2, "many": 4}


@dataclass(frozen=True, slots=True)
class ArmLatency:
    """Seconds of a turn with no outside call, and of the whole mix."""

    arm: str
    knowledge: Percentiles
    mix: Percentiles


def latencies() -> list[ArmLatency]:
    """Every arm by simulation, seeded: the same each time."""
    return [_arm(arm) for arm in ARMS]


def _arm(arm: str) -> ArmLatency:
    rng = random.Random(f"{_SEED}:{arm}")  # noqa: S311 - a simulation
    traffic = assumptions()["traffic"]
    kinds = rng.choices(list(_CALLS), [float(traffic[kind]) for kind in _CALLS], k=_TURNS)
    turns = [(kind, _turn(arm, kind, rng)) for kind in kinds]
    quiet = [seconds for kind, seconds in turns if kind == "none"]
    return ArmLatency(
        arm, Percentiles.of(quiet), Percentiles.of(seconds for _kind, seconds in turns)
    )


def _turn(arm: str, kind: str, rng: random.Random) -> float:
    """Model calls one after another; tools of one step at once."""
    known = assumptions()
    host = known["arms"][arm]["provider"]
    exact = float(case(known["calls"]["exact"], "middle"))
    if arm != "baseline" and kind == "none" and rng.random() < exact:
        return 0.0
    calls = int(case(known["calls"][kind], "middle"))
    seconds = sum(_call(host, rng) for _ in range(calls)) + sum(
        _call("tool", rng) for _ in range(max(calls - 1, 0))
    )
    return seconds + (_call(known["arms"]["classifier"]["provider"], rng) if arm == "budget" else 0)


def _call(host: str, rng: random.Random) -> float:
    one: dict[str, Any] = assumptions()["latency"][host]
    reply = float(case(assumptions()["tokens"]["reply"], "middle"))
    middle = float(one["first"]) + reply / float(one["tokens_second"])
    return middle * exp(rng.gauss(0, float(one["spread"])))
