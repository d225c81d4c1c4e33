"""What `zantara rollout show` prints."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from zantara.cli._tables import table_console
from zantara.cli._text import safe
from zantara.rollout import (
    Entry,
    Figures,
    Finding,
    Rollout,
    State,
    View,
    chance,
    figure,
    spell,
)

__all__ = ["Shown", "draw", "shown"]

_STYLES = {"running": "green", "paused": "yellow", "rolled_back": "red", "finished": "green"}
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Shown:
    """The rollout that runs, else the last one. arms: figures of its stage, by arm."""

    view: View
    state: State | None
    now: datetime
    arms: Mapping[str, Figures]
    left_out: int
    log: Sequence[Entry]

    def to_json(self) -> dict[str, Any]:
        return {
            "default": self.view.default or "hybrid",
            "rollout": self.state and self._rollout(self.state),
            "arms": {name: asdict(figures) for name, figures in self.arms.items()},
            "left_out": self.left_out,
            "tests": self.tests(),
            "log": [entry.to_json() for entry in self.log],
        }

    def _rollout(self, state: State) -> dict[str, Any]:
        return {
            "plan": state.plan_id,
            **state.plan.model_dump(mode="json"),
            "status": state.status,
            "stage": state.stage,
            "percent": state.percent,
            "since": state.since.isoformat(),
            "soak_left_seconds": int(state.soak_left(self.now).total_seconds()),
        }

    def tests(self) -> list[dict[str, Any]]:
        """Those of the last look of the stage that the rollout is at."""
        for entry in reversed(self.log):
            same = self.state and entry.plan_id == self.state.plan_id
            if same and entry.action in ("advance", "start"):
                break
            if same and "look" in entry.figures:
                return list(entry.figures["tests"])
        return []


def shown(rollout: Rollout, *, everything: bool) -> Shown:
    view = rollout.view()
    state = view.active or (view.ended[-1] if view.ended else None)
    if state is None:
        return Shown(view, None, rollout.now(), {}, 0, rollout.log())
    samples = rollout.samples(state)
    arms = {
        state.plan.control: Figures.of(samples.control),
        state.plan.candidate: Figures.of(samples.candidate),
    }
    log = rollout.log("" if everything else state.plan_id)
    return Shown(view, state, rollout.now(), arms, samples.left_out, log)


def draw(found: Shown) -> None:
    console = table_console()
    state = found.state
    default = found.view.default or "hybrid"
    if state is None:
        console.print(Text(f"No rollout yet: {default} is the default arm. To begin one:"))
        console.print(Text("  zantara rollout start CANDIDATE"))
        return
    console.print(_head(state, found, default))
    console.print(_bar(state))
    console.print(_arms(found))
    if found.left_out:
        console.print(
            Text(f"{found.left_out} turns are not counted: chance did not choose their arm", "dim")
        )
    console.print(_tests(found, state))
    console.print(_log(found.log))


def _head(state: State, found: Shown, default: str) -> Text:
    status = state.status.replace("_", " ")
    text = Text.assemble(
        (f"{state.plan.candidate} instead of {state.plan.control}", "bold"),
        ": ",
        (status, _STYLES[state.status]),
    )
    if not state.active:
        return text.append(f"; {default} is the default arm")
    left = state.soak_left(found.now)
    text.append(f" at {state.percent}% since {state.since:%Y-%m-%d %H:%M} UTC, ")
    return text.append(f"soak left: {spell(left)}" if left else "the soak is over")


def _bar(state: State) -> Text:
    """The stages in a row: done, now, to come."""
    text = Text()
    done = state.status == "finished"
    for index, stage in enumerate(state.plan.stages):
        here = index == state.stage and not done
        reached = index < state.stage or done
        style = f"bold {_STYLES[state.status]}" if here else "green" if reached else "dim"
        text.append("━━━━━━━━ " if reached or here else "╌╌╌╌╌╌╌╌ ", style)
        text.append(f"{stage.percent}% ({stage.soak}) ", style)
    return text


def _arms(found: Shown) -> Table:
    """Both arms, figure by figure."""
    table = Table("at this stage", box=box.SIMPLE)
    for name in found.arms:
        table.add_column(name, justify="right")
    both = list(found.arms.values())
    table.add_row("threads", *(f"{one.threads:,}" for one in both))
    table.add_row("turns", *(f"{one.turns:,}" for one in both))
    table.add_row("turns with an error", *(_share(one.errors) for one in both))
    table.add_row("answers corrected", *(_share(one.corrected) for one in both))
    table.add_row("answers with something unsupported", *(_share(one.unsupported) for one in both))
    table.add_row("P50", *(_seconds(one.p50_ms) for one in both))
    table.add_row("P95", *(_seconds(one.p95_ms) for one in both))
    dollars = (_NONE if one.usd_a_turn is None else f"${one.usd_a_turn:.6f}" for one in both)
    table.add_row("cost a turn", *dollars)
    return table


def _share(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1%}"


def _seconds(value: float | None) -> str:
    return _NONE if value is None else f"{value / 1000:.2f} s"


def _tests(found: Shown, state: State) -> RenderableType:
    """The last look, test by test."""
    tests = [
        Finding(**{name: value for name, value in one.items() if name != "worse"})
        for one in found.tests()
    ]
    if not tests:
        return Text("The guards have not looked at this stage yet.", "dim")
    table = Table("guards, last look", box=box.SIMPLE)
    for name in (state.plan.control, state.plan.candidate, "may be", "by chance*"):
        table.add_column(name, justify="right")
    table.add_column("")
    for one in tests:
        values = (figure(one, one.control), figure(one, one.candidate), f"{one.margin:g} times")
        likely = _NONE if one.p is None else chance(one.p)
        verdict = Text("worse", "red") if one.worse else Text("fine", "green")
        table.add_row(one.unit, *values, likely, verdict)
    table.caption = (
        "* how often chance alone makes such a difference of arms that are as far apart as they may be;"
        f" a rollback needs {chance(tests[0].needed)} or rarer"
    )
    table.caption_justify = "left"
    return table


def _log(entries: Sequence[Entry]) -> Table:
    """Of looks in a row the last: it stands for those before it, which found nothing either."""
    following = [*entries[1:], None]
    kept = [
        one
        for one, next_one in zip(entries, following, strict=True)
        if one.action != "look" or next_one is None or next_one.action != "look"
    ]
    table = Table("when (UTC)", "who", "what", "why", box=box.SIMPLE)
    for one in kept:
        change = f"{one.action}: {one.was} → {one.became}" if one.was else f"start: {one.became}"
        same = one.was == one.became
        what = f"{one.action} at {one.became}" if same else change
        cells = (f"{one.at:%m-%d %H:%M}", one.who, what, one.reason)
        table.add_row(*(Text(safe(cell)) for cell in cells))
    return table
