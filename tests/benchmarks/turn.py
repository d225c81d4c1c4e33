"""A turn on a new thread against `create_agent`, and what the wiring alone costs.

Both sides: a scripted model, the same tools answering at once, SQLite in WAL, every step durable.
"""

import asyncio
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command

from tests.benchmarks._peers import ACTS, ANSWER, QUESTION, act, peer, runner, savers
from tests.benchmarks._report import Goal, Report, arguments, finish, median
from zantara.state import Input, Output, State

_Turn = Callable[[], Awaitable[object]]
_WARM = 3


def _empty(steps: int) -> StateGraph[Any, Any, Any, Any]:
    """`steps` nodes in a row that do nothing; the last one adds the answer."""
    graph = StateGraph(State, input_schema=Input, output_schema=Output)
    names = [f"step_{number}" for number in range(steps)]
    for name, following in zip(names, [*names[1:], END], strict=True):
        graph.add_node(name, _node(following), destinations=(following,))
    graph.add_edge(START, names[0])
    return graph


def _node(following: str) -> Any:
    async def node(state: State) -> Command[str]:
        del state
        update = {"messages": [AIMessage("Hello.")]} if following == END else {"draft": "Hello."}
        return Command(goto=following, update=update)

    return node


def _wiring(steps: int, saver: AsyncSqliteSaver) -> _Turn:
    graph: Any = _empty(steps).compile(checkpointer=saver)

    async def run() -> None:
        config = {"configurable": {"thread_id": str(uuid.uuid4())}}
        await graph.ainvoke({"messages": [HumanMessage(QUESTION)]}, config, durability="sync")

    return run


async def _alternate(turns: Mapping[str, _Turn], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, taking turns, so that a busy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(rounds + _WARM):
        for name, turn in turns.items():
            start = time.perf_counter()
            await turn()
            if number >= _WARM:
                taken[name].append(time.perf_counter() - start)
    return {name: median(seconds) for name, seconds in taken.items()}


async def _measure(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    async with savers(folder / "peer") as saver:
        async with runner(folder / "answer", ANSWER) as ours:
            answer = await _alternate(
                {
                    "ours": lambda: ours.ask(QUESTION),
                    "create_agent": peer(ANSWER, saver["stock"]).ask,
                    "create_agent, our saver": peer(ANSWER, saver["ours"]).ask,
                    "4 empty nodes, our saver": _wiring(4, saver["ours"]),
                    "3 empty nodes, our saver": _wiring(3, saver["ours"]),
                },
                rounds,
            )
        async with runner(folder / "act", ACTS) as ours:
            acting = await _alternate(
                {
                    "ours": lambda: act(ours),
                    "create_agent": peer(ACTS, saver["stock"]).act,
                    "create_agent, our saver": peer(ACTS, saver["ours"]).act,
                },
                rounds,
            )
    return {"answer": answer, "read, approved write": acting}


def _report(figures: Mapping[str, Mapping[str, float]]) -> Report:
    rows = [
        (turn, name, ms, f"{ms / taken['create_agent']:.2f}")
        for turn, taken in figures.items()
        for name, ms in taken.items()
    ]
    goals = []
    for turn, taken in figures.items():
        for name in ("create_agent", "create_agent, our saver"):
            goals.append(Goal(f"{turn}: times {name}", taken["ours"] / taken[name], 2.0))
            goals.append(Goal(f"{turn}: ms more than {name}", taken["ours"] - taken[name], 5.0))
    answer = figures["answer"]
    step = answer["4 empty nodes, our saver"] - answer["3 empty nodes, our saver"]
    return Report(
        "turn",
        "One turn on a new thread",
        ("turn", "side", "ms (median)", "of create_agent"),
        rows,
        goals,
        notes=(
            "Retrieval finds nothing at once; its node and thread hop count. Tools answer at once."
            " Ours is the whole runner: the thread's file lock and its row in the list of threads,"
            " journal and ledger rows, and the graph.",
            f"A super-step costs {step:.1f} ms by itself (one empty node more). A plain answer takes"
            " four: choose_architecture (language, identity, trimming: before retrieval, which a"
            " greeting skips), recall_knowledge (passage ids are state, so that a step that runs"
            " again reads the same evidence), orchestrate (one model call is one task: the journal's"
            " key) and verify_answer (the one place that ends a turn, whichever arm answered)."
            " create_agent takes two.",
        ),
        extra={"ms_per_empty_step": round(step, 2)},
    )


def main() -> None:
    options = arguments(__doc__, rounds=60)
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(Path(folder), options.rounds))
    finish(_report(figures), options)


if __name__ == "__main__":
    main()
