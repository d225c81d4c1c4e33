"""A plan: which arm is to replace which, by which stages, and what counts as worse."""

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from zantara.strict_yaml import YamlError, load_yaml

__all__ = ["ARMS", "GUARDS", "Guard", "Margins", "Plan", "PlanError", "Stage", "load_plan", "make"]

ARMS = ("hybrid", "centro", "budget", "baseline")
Guard = Literal["errors", "answers", "latency", "cost"]
GUARDS: tuple[Guard, ...] = ("errors", "answers", "latency", "cost")

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_FEWEST = 20


class PlanError(ValueError):
    """The plan cannot be used; the message names field, value and what is accepted."""


def _known_arm(name: str) -> str:
    if name not in ARMS:
        raise ValueError(f"accepted: {', '.join(ARMS)}")
    return name


Arm = Annotated[str, AfterValidator(_known_arm)]
Margin = Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)]


def _a_time(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,5}[mhd]", text):
        raise ValueError("accepted: a whole number of minutes, hours or days, as 30m, 48h, 2d")
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stage(_Strict):
    """percent: of the threads that the candidate gets. soak: how long it stays so at least."""

    percent: int = Field(ge=1, le=100)
    soak: Annotated[str, AfterValidator(_a_time)]

    @property
    def time(self) -> timedelta:
        return timedelta(**{_UNITS[self.soak[-1]]: int(self.soak[:-1])})


class Margins(_Strict):
    """How much worse the candidate may be, as a ratio; none: no guard.

    errors, answers: of the odds that a thread has a turn with an error, or with an answer that had to
    be corrected. latency, cost: of the seconds and the dollars a turn, and of the odds that a thread
    costs anything at all.
    """

    errors: Margin | None = 1.25
    answers: Margin | None = 1.25
    latency: Margin | None = 1.25
    cost: Margin | None = 1.25

    def of(self, guard: Guard) -> float | None:
        margin: float | None = getattr(self, guard)
        return margin


class Plan(_Strict):
    """least: threads that each arm needs at a stage before it may be left. automatic: it goes on by
    itself. false_rollbacks: how often a candidate that is no worse may be rolled back, in the whole.
    """

    candidate: Arm
    control: Arm = "hybrid"
    stages: tuple[Stage, ...] = (
        Stage(percent=10, soak="48h"),
        Stage(percent=50, soak="72h"),
        Stage(percent=100, soak="72h"),
    )
    staff_first: bool = False
    automatic: bool = False
    least: int = Field(default=100, ge=_FEWEST, le=1_000_000)
    false_rollbacks: float = Field(default=0.05, gt=0, le=0.5)
    margins: Margins = Margins()

    @model_validator(mode="after")
    def _makes_sense(self) -> "Plan":
        if self.candidate == self.control:
            raise ValueError(f"candidate: {self.candidate!r} is the control arm too")
        percents = [stage.percent for stage in self.stages]
        rising = all(a < b for a, b in pairwise(percents))
        if len(percents) < 2 or not rising or percents[-1] != 100:
            raise ValueError(
                f"stages: {', '.join(map(str, percents)) or 'none'}; accepted: two or more percents"
                " that rise and end with 100, such as 10, 50, 100"
            )
        if not any(self.margins.of(guard) for guard in GUARDS):
            raise ValueError(f"margins: no guard is left; accepted: one of {', '.join(GUARDS)}")
        return self


def make(given: Mapping[str, Any]) -> Plan:
    """Raises PlanError."""
    try:
        return Plan.model_validate(given)
    except ValidationError as error:
        raise PlanError("; ".join(map(_told, error.errors(include_url=False)))) from error


def _told(one: Any) -> str:
    where = ".".join(map(str, one["loc"]))
    text = one["msg"].removeprefix("Value error, ")
    shown = f" (got {one['input']!r:.80})" if isinstance(one["input"], str | int | float) else ""
    return f"{where}: {text}{shown}" if where else text


def load_plan(path: Path) -> Plan:
    """A plan from a YAML file. Raises PlanError, which names the line."""
    try:
        return load_yaml(path, Plan, what="a plan")
    except (YamlError, OSError) as error:
        raise PlanError(str(error)) from error
