"""What the gate costs: its share of a turn with a scripted model, on a new thread and on a long one.

The gate is everything between the model's calls and the question: looks at the policy, traces values,
asks transcript and memory. The same turn without it is not a turn that could be served, so its share is
measured inside the turn. The long thread's transcript holds the results of 10,000 tool calls.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage, ToolMessage

import nodes._review as gate
from tests.benchmarks._peers import ACTS, QUESTION, runner
from tests.benchmarks._report import Goal, Report, arguments, finish, median
from tests.kit import AYU, decisions, graph_of, on
from zantara import transcript
from zantara.gate.conversation import Conversation
from zantara.gate.kinds import Kind
from zantara.gate.tracing import trace
from zantara.runner import Runner

_RESULTS = 10_000
_SAID = "Look at my calendar and send maria@example.com the reminder 'See you there.'"
_WARM = 5


class _Clocked:
    """`judge`, with the time that it takes added up."""

    def __init__(self, judge: Callable[..., Awaitable[Any]]) -> None:
        self._judge = judge
        self.seconds = 0.0

    async def __call__(self, *args: Any, **options: Any) -> Any:
        start = time.perf_counter()
        try:
            return await self._judge(*args, **options)
        finally:
            self.seconds += time.perf_counter() - start


def _result(number: int) -> ToolMessage:
    """A list of mails, as gmail_search tells them."""
    mails = [
        {
            "id": f"{number:08x}{n:08x}",
            "from": f"Person {number} <person{number}.{n}@example.com>",
            "subject": f"Papers {number}",
            "date": "2026-03-10T09:00:00+08:00",
        }
        for n in range(5)
    ]
    classes = {"": "outside", "messages[].id": "system", "messages[].date": "system"}
    return ToolMessage(
        json.dumps({"messages": mails}),
        id=f"tool{number}",
        tool_call_id=f"call{number}",
        name="gmail_search",
        artifact={"provenance": classes},
    )


async def _turns(
    ours: Runner, rounds: int, *, said: str = _SAID, thread: str = ""
) -> tuple[float, float]:
    """Seconds of the whole turns and of the gate in them, each a median."""
    clocked = _Clocked(getattr(gate, "judge"))  # noqa: B009
    whole, inside = [], []
    setattr(gate, "judge", clocked)  # noqa: B010 - mypy knows it as a function
    try:
        for number in range(rounds + _WARM):
            clocked.seconds, start = 0.0, time.perf_counter()
            await _turn(ours, said, thread)
            if number >= _WARM:
                whole.append(time.perf_counter() - start)
                inside.append(clocked.seconds)
    finally:
        setattr(gate, "judge", clocked._judge)  # noqa: B010
    return median(whole), median(inside)


async def _turn(ours: Runner, said: str, thread: str = "") -> str:
    """One read and one write, approved."""
    asked = await ours.ask(said, thread_id=thread or None)
    await ours.resume(asked.thread_id, on(asked.pending, decisions("approve")))
    return asked.thread_id


async def _long(ours: Runner) -> str:
    """A thread whose transcript holds 10,000 results."""
    thread, head = await _turn(ours, _SAID), ""
    for begin in range(0, _RESULTS, 500):
        some = [_result(number) for number in range(begin, begin + 500)]
        head = await transcript.append(ours._store, AYU.identity, thread, head=head, messages=some)
    graph, config = graph_of(ours, thread)
    await graph.aupdate_state(config, {"transcript_head": head}, as_node="verify_answer")
    return thread


def _window() -> float:
    """Milliseconds to trace one mail in a window of 10,000 results, each seen for the first time."""
    window = [HumanMessage(_SAID, id="h"), *(_result(number) for number in range(_RESULTS))]
    args = {"to": ["person7.3@example.com"], "body": "See you there."}
    start = time.perf_counter()
    trace(args, {"to": Kind.RECIPIENT, "body": Kind.TEXT}, Conversation(window))
    return round((time.perf_counter() - start) * 1000, 1)


async def _measure(folder: Path, rounds: int) -> list[tuple[str, float, float]]:
    async with runner(folder, ACTS) as ours:
        fresh = await _turns(ours, rounds)
        strange = await _turns(ours, rounds, said=QUESTION)
        long = await _turns(ours, rounds, thread=await _long(ours))
    return [
        ("new thread", *fresh),
        (f"{_RESULTS:,} tool results in the thread", *long),
        ("new thread, a recipient nobody named", *strange),
    ]


def main() -> None:
    options = arguments(__doc__, rounds=60)
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(_measure(Path(folder), options.rounds))
    report = Report(
        name="gate_cost",
        title="What the gate costs",
        columns=("read, approved write", "turn, ms", "gate, ms", "share"),
        rows=[(name, whole, inside, f"{inside / whole:.1%}") for name, whole, inside in rows],
        goals=[Goal(f"{name}: share of the turn", i / w, 0.05) for name, w, i in rows[:2]],
        notes=[
            "A recipient that nobody named is looked up in the address book and in Sent: here on the"
            " local Google, whose time that is.",
            f"A window of {_RESULTS:,} results, which no turn of 8 steps has, is traced in"
            f" {_window()} ms the first time.",
        ],
    )
    finish(report, options)


if __name__ == "__main__":
    main()
