"""Ten thousand threads through a rollout: a bad arm is taken out, a good one replaces the old."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.rollout_kit import Effect, HandClock, Traffic
from zantara.costs import Ledger
from zantara.rollout import Decision, Plan, Rollout, Stage
from zantara.settings import Settings

THREADS, HOURS = 10_000, 40
PLAN = Plan(
    candidate="centro",
    automatic=True,
    stages=(
        Stage(percent=10, soak="12h"),
        Stage(percent=50, soak="12h"),
        Stage(percent=100, soak="12h"),
    ),
)


@dataclass
class Month:
    """New threads each hour, and a few of the older ones again; every turn in the ledger.

    bad_from: the hour at which the candidate becomes as `effect` says.
    """

    rollout: Rollout
    ledger: Ledger
    clock: HandClock
    effect: Effect = field(default_factory=Effect)
    bad_from: int = 0
    arms: dict[str, list[str]] = field(default_factory=dict)
    decided: list[Decision] = field(default_factory=list)

    def play(self) -> None:
        good = Traffic(1)
        bad = Traffic(2, {"centro": self.effect})
        for hour in range(HOURS):
            traffic = bad if hour >= self.bad_from else good
            for thread in self._threads(hour):
                self._take_turns(thread, hour, traffic)
            self.clock.on(hours=1)
            decision = self.rollout.after_turn()
            if decision and decision.action != "hold":
                self.decided.append(decision)

    def _threads(self, hour: int) -> Iterator[str]:
        an_hour = THREADS // HOURS
        yield from (f"thread-{n}" for n in range(hour * an_hour, (hour + 1) * an_hour))
        yield from (f"thread-{n}" for n in range(0, hour * an_hour, 97))

    def _take_turns(self, thread: str, hour: int, traffic: Traffic) -> None:
        had = self.arms.setdefault(thread, [])
        current = had[-1] if had else ""
        arm = self.rollout.arm_for(thread, role="client", current=current) or current or "hybrid"
        had.append(arm)
        for turn in traffic.thread(thread, arm, self.clock.at):
            self.ledger.write_turn(replace(turn, turn=f"{turn.turn}-{hour}"))


@pytest.fixture
def month(home: Path) -> Iterator[Month]:
    clock, settings = HandClock(), Settings(home=home)
    ledger = Ledger.open(settings, clock)
    rollout = Rollout.open(settings, clock, ledger=ledger, monotonic=clock.monotonic)
    rollout.start(PLAN, who="ayu", reason="half the price", plan_id="acceptance")
    yield Month(rollout, ledger, clock)
    rollout.close()
    ledger.close()


def _on_candidate(arms: Mapping[str, list[str]]) -> set[str]:
    return {thread for thread, had in arms.items() if "centro" in had}


def test_a_good_arm_reaches_everybody_and_each_thread_keeps_its_arm(month: Month) -> None:
    month.play()
    assert [one.action for one in month.decided] == ["advance", "advance", "finish"]
    assert len(month.arms) == THREADS
    for had in month.arms.values():
        assert had == sorted(had, reverse=True)  # hybrid before centro, and never back
    moves = {e.action: e.who for e in month.rollout.log() if e.action != "look"}
    assert moves == {"start": "ayu", "advance": "guard", "finish": "guard"}
    assert month.rollout.view().default == "centro"
    assert month.rollout.arm_for("tomorrow", role="client") == "centro"
    returning = [had for had in month.arms.values() if len(had) > 20]
    assert {had[-1] for had in returning} == {"centro"}


@pytest.mark.parametrize(
    ("effect", "guard"),
    [
        (Effect(errors=3), "errors"),
        (Effect(answers=3), "answers"),
        (Effect(latency=2), "latency"),
        (Effect(cost=2), "cost"),
    ],
)
def test_a_bad_arm_is_rolled_back_at_its_first_stage(
    month: Month, effect: Effect, guard: str
) -> None:
    month.effect = effect
    month.play()
    assert [one.action for one in month.decided] == ["rollback"]
    log = month.rollout.log()
    assert (log[-1].who, log[-1].action, log[-1].was) == ("guard", "rollback", "centro at 10%")
    worse = {one["guard"] for one in log[-1].figures["tests"] if one["worse"]}
    assert guard in worse
    assert len(_on_candidate(month.arms)) < THREADS * 0.04
    returned = [month.arms[t] for t in _on_candidate(month.arms) if month.arms[t][-1] == "hybrid"]
    assert returned  # those that came again are back on the control arm
    last = month.arms[f"thread-{THREADS - 1}"]
    assert last == ["hybrid"]
    for thread in _on_candidate(month.arms):
        assert month.rollout.arm_for(thread, role="client", current="centro") == "hybrid"


def test_an_arm_that_becomes_bad_at_fifty_percent_is_rolled_back_there(month: Month) -> None:
    month.effect, month.bad_from = Effect(latency=2), 14
    month.play()
    assert [one.action for one in month.decided] == ["advance", "rollback"]
    assert month.rollout.log()[-1].was == "centro at 50%"
    assert len(_on_candidate(month.arms)) < THREADS * 0.15
