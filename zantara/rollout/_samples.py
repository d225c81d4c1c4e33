"""The turns of both arms, thread by thread: what the guards test and what people are shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import quantiles

from zantara.costs.rows import TurnRow
from zantara.rollout._assignment import reached
from zantara.rollout._state import State

__all__ = ["Arm", "Figures", "Samples", "collect", "percentile", "wrong_answer", "wrong_turn"]

Arm = Mapping[str, Sequence[TurnRow]]


@dataclass(frozen=True, slots=True)
class Samples:
    """The turns of each arm by thread. left_out: turns on these arms that chance did not put there."""

    control: Arm
    candidate: Arm
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """An arm's figures for people, over turns. Shares are 0 to 1; none: there was no such turn."""

    threads: int
    turns: int
    errors: float | None
    corrected: float | None
    unsupported: float | None
    p50_ms: float | None
    p95_ms: float | None
    usd_a_turn: Decimal | None

    @classmethod
    def of(cls, arm: Arm) -> "Figures":
        turns = [turn for rows in arm.values() for turn in rows]
        own = [turn.latency_ms for turn in turns if not turn.paused]
        cost = sum((turn.cost_usd for turn in turns), Decimal(0))
        return cls(
            threads=len(arm),
            turns=len(turns),
            errors=_share([wrong_turn(turn) for turn in turns]),
            corrected=_share([turn.corrected for turn in turns]),
            unsupported=_share([turn.unsupported for turn in turns]),
            p50_ms=percentile(own, 50),
            p95_ms=percentile(own, 95),
            usd_a_turn=(cost / len(turns)).quantize(Decimal("0.00000001")) if turns else None,
        )


def wrong_turn(turn: TurnRow) -> bool:
    """A broken answer, a tool call that failed or may have acted, a model that had to be replaced."""
    return bool(turn.broken or turn.calls_failed or turn.calls_unknown or turn.model_failures)


def wrong_answer(turn: TurnRow) -> bool:
    return turn.corrected or turn.unsupported


def percentile(values: Sequence[float], percent: int) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None


def collect(state: State, turns: Iterable[TurnRow], staff: Collection[str]) -> Samples:
    """The turns of this stage that chance alone has put on their arm.

    Left out: threads of staff under `staff_first`, turns that a person or a graph id put on an arm, and
    those of a process that had not read of the new stage yet.
    """
    control: dict[str, list[TurnRow]] = {}
    candidate: dict[str, list[TurnRow]] = {}
    left_out = 0
    for turn in turns:
        on_candidate = turn.architecture == state.plan.candidate
        if not on_candidate and turn.architecture != state.plan.control:
            continue
        percent = _percent(state, turn, on_candidate=on_candidate)
        if percent is None:
            continue
        drawn = reached(state.plan_id, turn.thread_id, percent) == on_candidate
        if drawn and turn.source == "rollout" and turn.thread_id not in staff:
            arm = candidate if on_candidate else control
            arm.setdefault(turn.thread_id, []).append(turn)
        else:
            left_out += 1
    return Samples(control, candidate, left_out)


def _percent(state: State, turn: TurnRow, *, on_candidate: bool) -> int | None:
    """The percent at which the turn was assigned; None: it belongs to no sample of this stage."""
    at = datetime.fromisoformat(turn.at)
    if on_candidate:
        return state.percent if at >= state.since else None
    until = state.since if state.last else None
    fits = at >= state.control_since and (until is None or at < until)
    return state.control_percent if fits else None
