"""kill -9 at random points of a turn with two approved actions, then recovery by a fresh process.

    python -m tests.benchmarks.kill --runs 200 [--seed N] [--json]

A child asks, approves and finishes a turn (an event is created, a mail is sent) and kills itself at
one step of our own code or of SQLite, drawn at random from all steps of such a turn but those that
only think. No clock is involved. Then a fresh process finishes the turn, and the accounts are read:
each action must have been done exactly once, not at all, or be reported unknown.
"""

# ruff: noqa: T201 - a benchmark prints its table

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from tests.kit import AYU, ByStep, asks, call, says, scripted_services
from zantara.google import Google
from zantara.runner import Runner, UnknownThreadError
from zantara.turn import Turn

__all__ = ["Outcome", "Report", "run_kills"]

THREAD = "kill"
SUMMARY, SUBJECT = "Review of the permit", "The review is fixed"
_WORDS = "Put the review of the permit into my calendar and write to Budi that it is fixed."
_STEP = asks(
    call("calendar_create", summary=SUMMARY, start="2026-03-18T10:00:00+08:00"),
    call("gmail_send", to=["budi.santoso@example.com"], subject=SUBJECT, body="Wednesday at ten."),
)
_REPLIES = (_STEP, says("Both are done."))
_APPROVE = {"type": "approve"}
_ROOT = str(Path(__file__).parents[2])
_OURS = tuple(f"{_ROOT}/{room}/" for room in ("graphs", "nodes", "tools", "zantara"))
_THINKING = tuple(f"{_ROOT}/zantara/{part}" for part in ("knowledge", "language", "evidence.py"))
_SQLITE = (sqlite3.Connection, sqlite3.Cursor)
_MOST_ROUNDS = 5


class _Trap:
    """A profile hook that counts steps and kills its own process at step `at` (0: never)."""

    def __init__(self, at: int, note: Path) -> None:
        self._at = at
        self._note = note
        self._node = "before the first node"
        self._lock = threading.Lock()
        self.armed = False
        self.count = 0

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        if not self.armed:
            return
        if event == "call":
            name = frame.f_code.co_filename
            if not name.startswith(_OURS) or name.startswith(_THINKING):
                return
            self._enter(frame)
        elif not isinstance(getattr(arg, "__self__", None), _SQLITE):
            return
        with self._lock:
            self.count += 1
            if self.count == self._at:
                where = f"{Path(frame.f_code.co_filename).name}:{frame.f_code.co_name}"
                self._note.write_text(f"{self._node}\n{where}")
                os.kill(os.getpid(), signal.SIGKILL)

    def _enter(self, frame: FrameType) -> None:
        code = frame.f_code
        if code.co_name[0] != "_" and code.co_filename.endswith(f"/nodes/{code.co_name}.py"):
            self._node = code.co_name


@asynccontextmanager
async def _opened(home: Path, knowledge: Path) -> AsyncIterator[tuple[Runner, Google]]:
    from zantara.knowledge import Knowledge

    index = Knowledge.open(knowledge, meaning=False)
    services = scripted_services(home, _REPLIES, knowledge=index, model=ByStep)
    async with Runner.open(services, AYU) as runner:
        yield runner, services.google


def _turn(home: Path, knowledge: Path, at: int, note: Path) -> None:
    """The process that dies; note holds the count of steps when it lives."""
    trap = _Trap(at, note)
    threading.setprofile(trap)
    sys.setprofile(trap)

    async def work() -> None:
        async with _opened(home, knowledge) as (runner, _google):
            trap.armed = True
            await runner.ask(_WORDS, thread_id=THREAD)
            await runner.decide(THREAD, _APPROVE)
            trap.armed = False

    asyncio.run(work())
    note.write_text(str(trap.count))


def _recover(home: Path, knowledge: Path, note: Path) -> None:
    """The fresh process: finish what was begun, tell what the thread says, read the accounts."""

    async def work() -> dict[str, Any]:
        async with _opened(home, knowledge) as (runner, google):
            turn = await _finished(runner)
            return {**_told(turn), **await _found(google)}

    note.write_text(json.dumps(asyncio.run(work())))


async def _finished(runner: Runner) -> Turn | None:
    """The turn brought to its end; None when its message was never stored."""
    for _round in range(_MOST_ROUNDS):
        try:
            turn, cut = await runner.look(THREAD)
        except UnknownThreadError:
            return None
        if not turn.pending and not cut:
            return turn if turn.answer else None
        await runner.decide(THREAD, _APPROVE)
    raise RuntimeError(f"the turn did not end after {_MOST_ROUNDS} rounds")


def _told(turn: Turn | None) -> dict[str, Any]:
    calls = turn.calls if turn else []
    return {
        "answer": turn.answer if turn else "",
        "status": {one["tool"]: one["status"] for one in calls},
    }


async def _found(google: Google) -> dict[str, int]:
    events = await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", q=SUMMARY)
    )
    mails = await google.run(
        lambda: (
            google.api("gmail", "v1")
            .users()
            .messages()
            .list(userId="me", q=f'in:sent subject:"{SUBJECT}"')
        )
    )
    return {
        "calendar_create": len(events["items"]),
        "gmail_send": len(mails.get("messages", ())),
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """One killed turn. node: in which node, or after which; where: at which function.

    ends: for each action `once`, `not at all`, `unknown`, or `WRONG` with what contradicts.
    """

    node: str
    where: str
    ends: dict[str, str]
    duplicates: int


@dataclass
class Report:
    """All kills; `wrong` must stay empty."""

    steps: int
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        return sum(one.duplicates for one in self.outcomes)

    @property
    def wrong(self) -> list[Outcome]:
        return [one for one in self.outcomes if any("WRONG" in end for end in one.ends.values())]

    def to_json(self) -> dict[str, Any]:
        nodes = Counter(one.node for one in self.outcomes)
        ends = Counter(end for one in self.outcomes for end in one.ends.values())
        return {
            "kills": len(self.outcomes),
            "steps_of_a_turn": self.steps,
            "killed_at": dict(nodes.most_common()),
            "actions": dict(ends.most_common()),
            "duplicates": self.duplicates,
            "wrong": [{"node": o.node, "where": o.where, **o.ends} for o in self.wrong],
        }


def run_kills(folder: Path, *, runs: int, seed: int = 0) -> Report:
    """Kill `runs` turns, each on a data folder of its own under `folder`."""
    template, knowledge = folder / "template", folder / "knowledge"
    _in_child(_warm, template, knowledge)
    steps = int(_trial(folder, template, knowledge, 0))
    report = Report(steps)
    draw = random.Random(seed)  # noqa: S311 - the same kills each time
    while len(report.outcomes) < runs:
        killed = _trial(folder, template, knowledge, draw.randint(1, steps))
        if "\n" in killed:  # else the turn had fewer steps this time, and ended
            node, where = killed.split("\n")
            report.outcomes.append(_judged(node, where, _recovered(folder, knowledge)))
    return report


def _warm(home: Path, knowledge: Path) -> None:
    """A data folder as it is before any turn: opened once, its account filled."""

    async def work() -> None:
        async with _opened(home, knowledge) as (_runner, google):
            await _found(google)

    asyncio.run(work())


def _trial(folder: Path, template: Path, knowledge: Path, at: int) -> str:
    home, note = folder / "home", folder / "note"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home)
    note.unlink(missing_ok=True)
    _in_child(_turn, home, knowledge, at, note)
    return note.read_text()


def _recovered(folder: Path, knowledge: Path) -> dict[str, Any]:
    note = folder / "recovered"
    note.unlink(missing_ok=True)
    if _in_child(_recover, folder / "home", knowledge, note) != 0:
        return {"failed": True}
    return dict(json.loads(note.read_text()))


def _judged(node: str, where: str, found: dict[str, Any]) -> Outcome:
    if "failed" in found:
        return Outcome(node, where, {"recovery": "WRONG: it failed"}, 0)
    ends = {tool: _end(tool, found) for tool in ("calendar_create", "gmail_send")}
    duplicates = sum(max(0, found[tool] - 1) for tool in ends)
    return Outcome(node, where, ends, duplicates)


def _end(tool: str, found: dict[str, Any]) -> str:
    times, status, answered = found[tool], found["status"].get(tool, ""), bool(found["answer"])
    if times > 1:
        return f"WRONG: done {times} times"
    if status == "unknown" and answered:
        return "unknown"
    if times == 1 and status == "done" and answered:
        return "once"
    if times == 0 and status != "done":
        return "not at all"
    return f"WRONG: found {times}, told {status or 'nothing'}, answered {answered}"


def _in_child(work: Callable[..., None], *args: Any) -> int:
    """A fresh process with the imports done. Its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "graphs.assistant", "zantara.knowledge"])
    process = context.Process(target=work, args=args)
    process.start()
    process.join()
    return process.exitcode or 0


def _show(report: Report) -> None:
    told = report.to_json()
    print(f"{told['kills']} kills, drawn from the {told['steps_of_a_turn']} steps of a turn")
    for title, name in (("killed at", "killed_at"), ("actions", "actions")):
        print(f"\n{title}")
        for label, count in told[name].items():
            print(f"  {count:5}  {label}")
    print(f"\nduplicates = {told['duplicates']}, wrong = {len(told['wrong'])}")
    for one in told["wrong"]:
        print(f"  {one}")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        report = run_kills(Path(folder), runs=given.runs, seed=given.seed)
    if given.json:
        print(json.dumps(report.to_json()))
    else:
        _show(report)
    return 1 if report.wrong or report.duplicates else 0


if __name__ == "__main__":
    sys.exit(main())
