"""Where a plan stands, and the changes that lead from one such state to the next."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from zantara.rollout._plan import Plan

__all__ = ["RolloutError", "State", "Status", "begun", "finished", "moved_on", "paused", "resumed"]

Status = Literal["running", "paused", "rolled_back", "finished"]


class RolloutError(ValueError):
    """It cannot be done now; the message says why and what can be done."""


class State(BaseModel):
    """since: when the stage began. soaked: seconds of its soak before the last pause; the clock of the
    soak stands still while a plan is paused. ticking: since when it runs; none: paused.
    before: when the stage before began. looks, final: which looks at the figures have been made.
    """

    model_config = ConfigDict(frozen=True)

    plan_id: str
    plan: Plan
    status: Status = "running"
    stage: int = 0
    since: datetime
    before: datetime | None = None
    ticking: datetime | None
    soaked: float = 0
    looks: int = 0
    final: bool = False

    @property
    def active(self) -> bool:
        return self.status in ("running", "paused")

    @property
    def percent(self) -> int:
        return self.plan.stages[self.stage].percent

    @property
    def last(self) -> bool:
        return self.stage == len(self.plan.stages) - 1

    @property
    def control_since(self) -> datetime:
        """At 100% no thread is on the control arm: the candidate is held to the stage before."""
        return self.before if self.last and self.before else self.since

    @property
    def control_percent(self) -> int:
        """The percent at which the control arm's turns were assigned."""
        return self.plan.stages[self.stage - 1].percent if self.last else self.percent

    def soak_left(self, now: datetime) -> timedelta:
        """A clock that went back counts for nothing."""
        ran = max((now - self.ticking).total_seconds(), 0) if self.ticking else 0
        left = self.plan.stages[self.stage].time - timedelta(seconds=self.soaked + ran)
        return max(left, timedelta())

    def named(self) -> str:
        """For the audit log."""
        stage = f"{self.plan.candidate} at {self.percent}%"
        return stage if self.status == "running" else f"{stage}, {self.status.replace('_', ' ')}"


def begun(plan_id: str, plan: Plan, now: datetime) -> State:
    return State(plan_id=plan_id, plan=plan, since=now, ticking=now)


def moved_on(state: State, now: datetime) -> State:
    """To the next stage; its figures are looked at anew."""
    ticking = now if state.status == "running" else None
    after = {"stage": state.stage + 1, "since": now, "before": state.since, "ticking": ticking}
    return state.model_copy(update={**after, "soaked": 0.0, "looks": 0, "final": False})


def finished(state: State) -> State:
    return state.model_copy(update={"status": "finished", "ticking": None})


def paused(state: State, now: datetime) -> State:
    whole = state.plan.stages[state.stage].time - state.soak_left(now)
    return state.model_copy(
        update={"status": "paused", "ticking": None, "soaked": whole.total_seconds()}
    )


def resumed(state: State, now: datetime) -> State:
    return state.model_copy(update={"status": "running", "ticking": now})
