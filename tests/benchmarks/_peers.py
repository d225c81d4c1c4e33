"""The two sides of the comparison: our runner, and `create_agent` on the same model, tools, saver."""

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Command

from tests.kit import AYU, asks, call, decisions, on, says, scripted_services
from tools import BY_NAME
from zantara._storage import open_checkpoints
from zantara.gateway import ScriptedModel
from zantara.knowledge import ExactAnswer, Passage, Row
from zantara.runner import Runner
from zantara.toolkit import ToolResult, writes

__all__ = ["ACTS", "ANSWER", "QUESTION", "NoKnowledge", "Peer", "act", "peer", "runner", "savers"]

QUESTION = "How long does the visa take to process there?"
ANSWER = [says("It depends on the office. I can look into it for you.")]
ACTS = [
    asks(
        call(
            "calendar_list",
            time_min="2026-03-11T00:00:00+08:00",
            time_max="2026-03-12T00:00:00+08:00",
        )
    ),
    asks(call("gmail_send", to=["maria@example.com"], subject="Reminder", body="See you there.")),
    says("The reminder is sent."),
]


class NoKnowledge:
    """Finds nothing at once: retrieval's own time is left aside, its node and thread hop count."""

    def exact(self, question: str, *, language: str) -> ExactAnswer | None: ...

    def recall(self, question: str, *, limit: int = 8) -> list[Passage]:
        return []

    def core(self) -> list[Row]:
        return []

    def get(self, row_id: str) -> Row | None: ...


@contextmanager
def _idle_tools() -> Iterator[None]:
    """For both sides each tool answers at once: the local Google's own time is left aside."""

    async def answer(**_arguments: Any) -> ToolResult:
        return ToolResult({"events": []})

    kept = {name: _coroutine(tool) for name, tool in BY_NAME.items()}
    try:
        for tool in BY_NAME.values():
            _set(tool, answer)
        yield
    finally:
        for name, coroutine in kept.items():
            _set(BY_NAME[name], coroutine)


def _coroutine(tool: BaseTool) -> Any:
    return tool.coroutine if isinstance(tool, StructuredTool) else None


def _set(tool: BaseTool, coroutine: Any) -> None:
    if isinstance(tool, StructuredTool):
        tool.coroutine = coroutine


@asynccontextmanager
async def runner(home: Path, replies: Sequence[AIMessage]) -> AsyncIterator[Runner]:
    """Ours, whole: lock, note of the thread, graph, journal, ledger."""
    services = scripted_services(home, replies, knowledge=NoKnowledge(), loop=True)
    with _idle_tools():
        async with Runner.open(services, AYU) as opened:
            yield opened


async def act(ours: Runner) -> None:
    """One read and one write, approved."""
    asked = await ours.ask(QUESTION)
    await ours.resume(asked.thread_id, on(asked.pending, decisions("approve")))


@dataclass
class Peer:
    """Stock `create_agent`; each run is one turn."""

    agent: Any
    _count: Iterator[int]

    async def ask(self, thread: str = "", text: str = QUESTION) -> None:
        await self._run({"messages": [HumanMessage(text)]}, thread or f"t{next(self._count)}")

    async def act(self) -> None:
        thread = f"t{next(self._count)}"
        await self._run({"messages": [HumanMessage(QUESTION)]}, thread)
        await self._run(Command(resume=decisions("approve")), thread)

    async def _run(self, given: Any, thread: str) -> None:
        await self.agent.ainvoke(given, {"configurable": {"thread_id": thread}}, durability="sync")


@asynccontextmanager
async def savers(folder: Path) -> AsyncIterator[Mapping[str, AsyncSqliteSaver]]:
    """stock: as published, in WAL; ours: the saver of this house."""
    async with open_checkpoints(folder) as ours, _connected(folder) as connection:
        await connection.execute("PRAGMA journal_mode=WAL")
        await connection.execute("PRAGMA synchronous=NORMAL")
        stock = AsyncSqliteSaver(connection)
        await stock.setup()
        yield {"stock": stock, "ours": ours}


def _connected(folder: Path) -> aiosqlite.Connection:
    return aiosqlite.connect(folder / "stock.sqlite")


def peer(replies: Sequence[AIMessage], saver: AsyncSqliteSaver, **options: Any) -> Peer:
    """`create_agent` with human-in-the-loop for the same writes."""
    asking = HumanInTheLoopMiddleware(
        interrupt_on={name: True for name, tool in BY_NAME.items() if writes(tool)}
    )
    agent = create_agent(
        ScriptedModel(replies=list(replies), loop=True),
        [_for_peer(tool) for tool in BY_NAME.values()],
        middleware=[asking],
        checkpointer=saver,
        **options,
    )
    return Peer(agent, itertools.count())


def _for_peer(tool: BaseTool) -> BaseTool:
    """The same name, description and schema; the injected call is ours alone."""

    async def answer(**_arguments: Any) -> str:
        return '{"events": []}'

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=tool.tool_call_schema,
        coroutine=answer,
    )
