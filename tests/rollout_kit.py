"""Made-up traffic for rollouts: threads whose turns hang together, and arms that are worse."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from zantara.costs.rows import TurnRow
from zantara.rollout import Decision, Plan, State, bucket
from zantara.rollout._decision import decide
from zantara.rollout._guards import look_at
from zantara.rollout._samples import collect
from zantara.rollout._state import begun, moved_on

__all__ = ["BEGIN", "Effect", "HandClock", "Played", "Traffic", "a_turn", "play"]

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
_TURNS = (1, 1, 1, 2, 2, 3, 4, 6, 10)
_HOUR = timedelta(hours=1)


@dataclass
class HandClock:
    """A clock that a test sets on, the wall's and the monotonic one together."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - BEGIN).total_seconds()

    def on(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True)
class Effect:
    """An arm's factors: on the chance of an error and of a corrected answer, on time and on cost."""

    errors: float = 1
    answers: float = 1
    latency: float = 1
    cost: float = 1


def a_turn(thread: str, arm: str, at: datetime, number: int = 0, **given: object) -> TurnRow:
    """A turn with nothing wrong: two seconds, a tenth of a cent."""
    plain: dict[str, object] = {
        "turn": f"{thread}-{number}",
        "thread_id": thread,
        "run_id": "",
        "user": "ayu",
        "architecture": arm,
        "source": "rollout",
        "language": "en",
        "kind": "knowledge",
        "at": at.isoformat(),
        "latency_ms": 2000.0,
        "paused": False,
        "calls": 0,
        "outside": 0,
        "calls_failed": 0,
        "calls_unknown": 0,
        "model_calls": 1,
        "model_failures": 0,
        "cost_usd": Decimal("0.001"),
        "broken": False,
        "corrected": False,
        "unsupported": False,
    }
    return TurnRow(**{**plain, **given})  # type: ignore[arg-type] # a test gives what fits


@dataclass
class Traffic:
    """4% of turns with an error, 6% with a corrected answer, 40% answered from the tables in no time
    and for nothing. A thread has its own temper, which all its turns share.
    """

    seed: int
    effects: Mapping[str, Effect] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    def thread(self, thread: str, arm: str, at: datetime) -> list[TurnRow]:
        temper = 2.0 ** self._chance.gauss(0, 0.5)
        effect = self.effects.get(arm, Effect())
        turns = range(self._chance.choice(_TURNS))
        return [self._turn(thread, arm, at, n, temper, effect) for n in turns]

    def _turn(
        self, thread: str, arm: str, at: datetime, number: int, temper: float, effect: Effect
    ) -> TurnRow:
        chance = self._chance
        free = chance.random() < 0.4
        seconds = 0.02 if free else 2.5 * temper * chance.lognormvariate(0, 0.6)
        dollars = 0 if free else 0.0008 * temper * chance.lognormvariate(0, 0.7)
        corrected = chance.random() < 0.06 * temper * effect.answers
        return a_turn(
            thread,
            arm,
            at,
            number,
            kind="exact" if free else "knowledge",
            latency_ms=seconds * effect.latency * 1000,
            paused=chance.random() < 0.1,
            calls_failed=int(chance.random() < 0.04 * temper * effect.errors),
            model_calls=int(not free),
            cost_usd=Decimal(f"{dollars * effect.cost:.9f}"),
            corrected=corrected,
            unsupported=corrected and chance.random() < 0.3,
        )


@dataclass(frozen=True)
class Played:
    """How a rollout ended. threads: that the candidate had until then."""

    decision: Decision
    state: State
    threads: int

    @property
    def rolled_back(self) -> bool:
        return self.decision.action == "rollback"


def play(plan: Plan, effect: Effect, *, seed: int, threads: Sequence[int]) -> Played:
    """A whole rollout in memory, with as many threads a stage, looked at whenever a look is due."""
    traffic = Traffic(seed, {plan.candidate: effect})
    state = begun(f"plan {seed}", plan, BEGIN)
    before: list[TurnRow] = []
    had = 0
    while True:
        decision, turns, new = _stage(state, traffic, threads[state.stage], before)
        had += new
        state = decision.state or state
        if decision.action != "ready" or state.last:
            return Played(decision, state, had)
        state, before = moved_on(state, state.since + plan.stages[state.stage].time), turns


def _stage(
    state: State, traffic: Traffic, threads: int, before: Sequence[TurnRow]
) -> tuple[Decision, list[TurnRow], int]:
    plan, turns, new = state.plan, list[TurnRow](), 0
    for number in range(threads):
        thread = f"{state.stage}-{number}"
        mine = bucket(state.plan_id, thread) < state.percent
        new += mine
        turns += traffic.thread(thread, plan.candidate if mine else plan.control, state.since)
        last = number == threads - 1
        if last or look_at(new) > state.looks:
            samples = collect(state, [*(before if state.last else ()), *turns], ())
            now = state.since + (plan.stages[state.stage].time if last else _HOUR)
            decision = decide(state, samples, now)
            state = decision.state or state
            if decision.action == "rollback":
                break
    return decision, turns, new
