"""What the figures say is to be done. Nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from zantara.rollout._guards import FIRST_LOOK, Finding, compare, due, look_at, needed
from zantara.rollout._samples import Samples
from zantara.rollout._state import State

__all__ = ["Action", "Decision", "chance", "decide", "figure", "for_people", "spell"]

Action = Literal["none", "hold", "ready", "advance", "finish", "rollback"]


@dataclass(frozen=True, slots=True)
class Decision:
    """none: no rollout is active. ready: a person may advance. missing: threads that an arm lacks.

    state: as it is after the looks at the figures that were made. findings: of a look made now.
    """

    action: Action
    reason: str
    state: State | None = None
    missing: Mapping[str, int] = field(default_factory=dict)
    findings: Sequence[Finding] = ()

    @property
    def looked(self) -> bool:
        return bool(self.findings)

    def to_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "reason": self.reason,
            "missing": dict(self.missing),
            "tests": [finding.to_json() for finding in self.findings],
        }


def decide(state: State, samples: Samples, now: datetime) -> Decision:
    """Look where a look is due, then say what follows. Raises MissingScipyError.

    A soak that is over is judged once, when both arms have the threads that the plan asks for.
    """
    threads = (len(samples.control), len(samples.candidate))
    missing = _missing(state, threads)
    over = not state.soak_left(now)
    look = max(look_at(threads[1]), state.looks)
    final = over and not missing and not state.final
    findings: list[Finding] = []
    if min(threads) >= FIRST_LOOK and (look > state.looks or final):
        spend = needed(state.plan, done=state.looks, look=look, final=final)
        findings = compare(samples, state.plan, spend)
        state = state.model_copy(update={"looks": look, "final": state.final or final})
    worse = [finding for finding in findings if finding.worse]
    if worse:
        reason = "; ".join(for_people(one, state) for one in worse)
        return Decision("rollback", reason, state, missing, findings)
    action, reason = _without_alarm(state, samples, missing, now)
    return Decision(action, reason, state, missing, findings)


def _missing(state: State, threads: tuple[int, int]) -> dict[str, int]:
    short = zip((state.plan.control, state.plan.candidate), threads, strict=True)
    return {arm: state.plan.least - n for arm, n in short if n < state.plan.least}


def _without_alarm(
    state: State, samples: Samples, missing: Mapping[str, int], now: datetime
) -> tuple[Action, str]:
    left = state.soak_left(now)
    if state.status == "paused":
        return "hold", "paused; the soak stands still, the guards go on"
    if left:
        found = "no guard has found anything" if state.looks else "the guards have not looked yet"
        return "hold", f"{found}; the soak goes on for {spell(left)}{_next(state)}"
    if missing:
        told = " and ".join(f"at least {n} more turns on {arm}" for arm, n in missing.items())
        have = f"{len(samples.control)} and {len(samples.candidate)}"
        return "hold", (
            f"the soak is over with too little data: {told} are missing, each in another thread"
            f" (so far {have} threads on {state.plan.control} and {state.plan.candidate}; each needs"
            f" {state.plan.least})"
        )
    passed = "the soak is over and the guards have passed"
    if not state.plan.automatic:
        return "ready", f"{passed}: ready to advance{' and so to finish' * state.last}"
    return ("finish" if state.last else "advance"), passed


def _next(state: State) -> str:
    return f"; the next look is due at {due(state.looks + 1)} threads on {state.plan.candidate}"


def spell(time: timedelta) -> str:
    """Rounded up to the minute, from two days on to the hour."""
    minutes = -(-time // timedelta(minutes=1))
    if minutes >= 2 * 24 * 60:
        return f"{-(-minutes // 60)} h"
    parts = ((minutes // 60, "h"), (minutes % 60, "min"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n)


def chance(p: float) -> str:
    """A probability in words: "once in 1,200"."""
    if p >= 0.05:
        return f"{p:.0%} of the time"
    return f"once in {1 / p:,.0f}" if p > 1e-9 else "less than once in a billion"


def for_people(one: Finding, state: State) -> str:
    """A test in one sentence."""
    plan = state.plan
    told = f"{one.unit}: {figure(one, one.control)} on {plan.control}"
    told = f"{told}, {figure(one, one.candidate)} on {plan.candidate}"
    if one.p is None:
        return f"{told}; too few threads to say anything"
    apart = f"{one.margin:g} times apart" if one.margin > 1 else "equal"
    return (
        f"{told}; arms that are {apart} differ so by chance {chance(one.p)}"
        f" (a rollback needs {chance(one.needed)} or rarer)"
    )


def figure(one: Finding, value: float | None) -> str:
    if value is None:
        return "nothing"
    if one.unit.startswith("threads"):
        return f"{value:.1%}"
    return f"{value:.2f} s" if one.guard == "latency" else f"${value:.6f}"
