"""Play a script on a data folder of its own."""

import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage

from zantara.clock import Clock, FixedClock, SystemClock
from zantara.context import Context
from zantara.identity import User
from zantara.replay._checks import check_turn
from zantara.replay._outside import Left, Outside
from zantara.replay._script import Decision, Script, TurnSpec
from zantara.runner import Runner
from zantara.services import Services
from zantara.settings import Settings
from zantara.turn import Pending, Turn

__all__ = ["Played", "TurnReport", "play", "playing"]

_MOST_PAUSES = 20


@dataclass(slots=True)
class TurnReport:
    """One turn as it was played.

    asked: what waited, pause by pause. left: what the turn sent. early: what left before anybody had
    agreed to it. checks: (held, what was expected).
    """

    spec: TurnSpec
    turn: Turn
    nodes: list[str]
    asked: list[list[Pending]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    early: list[Left] = field(default_factory=list)
    checks: list[tuple[bool, str]] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        return [text for held, text in self.checks if not held]

    def to_json(self) -> dict[str, Any]:
        return {
            "say": self.spec.say,
            "answer": self.turn.answer,
            "nodes": self.nodes,
            "calls": self.turn.calls,
            "asked": [[one.tool for one in pause] for pause in self.asked],
            "failures": self.failures,
        }


@dataclass(frozen=True, slots=True)
class Played:
    """A script as it was played."""

    title: str
    turns: list[TurnReport]

    @property
    def ok(self) -> bool:
        return not any(one.failures for one in self.turns)

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "ok": self.ok, "turns": [one.to_json() for one in self.turns]}


async def play(
    script: Script,
    settings: Settings,
    user: User,
    *,
    graph: str = "hybrid",
    said: Callable[[TurnReport], object] = lambda _report: None,
) -> Played:
    """Play all turns on a folder that is thrown away; `said` is called after each.

    `settings` say how knowledge is searched; `user` speaks where the script names nobody.
    """
    async with playing(script, settings, user, graph=graph) as player:
        reports = []
        for spec in script.turns:
            reports.append(await player.turn(spec))
            said(reports[-1])
    return Played(script.title, reports)


@asynccontextmanager
async def playing(
    script: Script, settings: Settings, user: User, *, graph: str = "hybrid"
) -> AsyncIterator["Player"]:
    """A player on a data folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="zantara-replay-", ignore_cleanup_errors=True) as name:
        own = settings.kept_here(Path(name), model="embedded")
        clock: Clock = FixedClock(script.at) if script.at else SystemClock()
        services = _services(script, own, clock)
        if script.user:
            known = script.user
            user = User(known.name, known.role, known.display_name or known.name, known.email)
        async with Runner.open(services, user, graph=graph) as runner:
            yield Player(runner, Outside(services))


def _services(script: Script, settings: Settings, clock: Clock) -> Services:
    if script.model != "scripted":
        return Services.from_settings(settings, clock=clock)
    from zantara.costs import Ledger
    from zantara.gateway import Gateway, ScriptedModel

    ledger = Ledger.of_folder(settings.home)
    gateway = Gateway.of(ScriptedModel(replies=_replies(script)), ledger)
    services = Services.from_settings(settings, clock=clock, gateway=gateway)
    services.ledger = ledger
    return services


def _replies(script: Script) -> list[AIMessage]:
    return [
        AIMessage(
            reply.text,
            tool_calls=[
                {"name": call.tool, "args": call.args, "id": f"call_{number}"}
                for number, call in enumerate(reply.calls)
            ],
        )
        for reply in script.replies
    ]


class Player:
    """Plays turns one after another."""

    def __init__(self, runner: Runner, outside: Outside) -> None:
        self._runner = runner
        self._outside = outside

    async def turn(self, spec: TurnSpec) -> TurnReport:
        """The turn to its end, its pauses decided as the script says, its expectations checked."""
        before = await self._outside.left()
        context = Context(language=spec.language, dry_run=spec.dry_run)
        nodes: list[str] = []
        events = self._runner.stream(spec.say, thread_id=f"replay-{spec.thread}", context=context)
        turn = await self._last(events, nodes)
        report = TurnReport(spec, turn, nodes)
        for number in range(_MOST_PAUSES):
            if not turn.pending:
                break
            report.asked.append(turn.pending)
            report.early += _new(before, await self._outside.left()) if not number else []
            answers = _answers(turn.pending, spec.decide[number : number + 1])
            if answers is None:
                break
            resumed = self._runner.stream_resume(turn.thread_id, answers)
            turn = await self._last(resumed, nodes)
        report.turn = turn
        report.left = _new(before, await self._outside.left())
        report.checks = list(check_turn(report))
        return report

    async def _last(self, events: AsyncIterator[Any], nodes: list[str]) -> Turn:
        last: Turn | None = None
        async for event in events:
            if event.kind == "node":
                nodes.append(event.text)
            last = event.turn or last
        if last is None:
            raise RuntimeError("the graph ended without a turn")
        return last


def _new(before: Sequence[Left], after: Sequence[Left]) -> list[Left]:
    known = {(one.via, one.id) for one in before}
    return [one for one in after if (one.via, one.id) not in known]


def _answers(
    pending: Sequence[Pending], decided: Sequence[Decision | str]
) -> Mapping[str, Mapping[str, Any]] | None:
    """The script's decision on everything that waits; None where it has none for this pause."""
    if not decided:
        return None
    given = decided[0] if isinstance(decided[0], Decision) else Decision(kind=decided[0])
    answers: dict[str, dict[str, Any]] = {}
    for one in pending:
        decision: dict[str, Any] = {"type": given.kind}
        if given.kind == "edit":
            args = {**one.args, **given.edit.get(one.tool, {})}
            decision["edited_action"] = {"name": one.tool, "args": args}
        elif given.message:
            decision["message"] = given.message
        answers.setdefault(one.interrupt_id, {"decisions": []})["decisions"].append(decision)
    return answers
