"""Runs a graph for a user on this machine's data folder: the CLI, replays and evaluations use it.

Graph ids are resolved through langgraph.json, so nothing in zantara imports graphs.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

from langchain_core.messages import AIMessageChunk, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.store.base import BaseStore
from langgraph.types import Command, StateSnapshot

from zantara import transcript
from zantara._locks import make_locks, thread_lock
from zantara._manifest import load_graph, load_undo
from zantara._outlets import guard
from zantara._refusals import (
    BadRequestError,
    PendingError,
    ThreadBusyError,
    UnknownThreadError,
    valid_thread,
)
from zantara._resuming import check_answers, complete_answers
from zantara._storage import open_checkpoints, open_store
from zantara.context import Context
from zantara.gate.approval import DecisionError, parse_decisions
from zantara.identity import LocalAccount, User
from zantara.services import Services, use
from zantara.state import UndoRecord
from zantara.threads import Thread, Threads
from zantara.toolkit import arguments_of
from zantara.turn import Pending, Turn, ended, pending_of

__all__ = [
    "BadRequestError",
    "DecisionError",
    "Event",
    "PendingError",
    "Runner",
    "ThreadBusyError",
    "UnknownThreadError",
    "load_graph",
]

_SHOWN = [
    "messages",
    "citations",
    "calls",
    "language",
    "architecture",
    "source",
    "specialists",
    "unclassified",
    "broken",
    "model",
    "usage",
    "turn",
]
_RECURSION = 60


@dataclass(frozen=True, slots=True)
class Event:
    """Progress of a turn. text: a checked piece of the answer. node: a node has finished.

    turn: the end; `turn` is set.
    """

    kind: Literal["text", "node", "turn"]
    text: str = ""
    turn: Turn | None = None


class Runner:
    """One user's threads on one data folder. Make it with `Runner.open`."""

    def __init__(self, graph: Any, services: Services, user: User, store: BaseStore) -> None:
        self._graph = graph
        self._services = services
        self._user = user
        self._store = store
        self._threads = Threads(store, user.identity)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, services: Services, user: User, *, graph: str = "zantara"
    ) -> AsyncIterator["Runner"]:
        """Open the data folder of `services`. Raises StorageError when it cannot be used."""
        guard(services.settings)
        compiled = load_graph(graph)
        services.check_policy(arguments_of())
        home, key = services.settings.home, services.settings.encryption_key
        async with AsyncExitStack() as stack:
            saver = await stack.enter_async_context(open_checkpoints(home, key))
            store = await stack.enter_async_context(open_store(home))
            stack.callback(services.close)
            await asyncio.to_thread(make_locks, home)
            bound = compiled.copy(update={"checkpointer": saver, "store": store})
            yield cls(bound, services, user, store)

    # Asking

    async def ask(
        self, text: str, *, thread_id: str | None = None, context: Context | None = None
    ) -> Turn:
        """One turn: the answer, or the actions it waits for.

        Raises PendingError when the thread waits for a decision, BadRequestError on a bad thread id.
        """
        return await _last(self.stream(text, thread_id=thread_id, context=context, live=False))

    async def stream(
        self,
        text: str,
        *,
        thread_id: str | None = None,
        context: Context | None = None,
        live: bool = True,
    ) -> AsyncIterator[Event]:
        """The same turn with its progress; with `live`, the text as it is said."""
        thread = valid_thread(thread_id) if thread_id else str(uuid.uuid4())
        context = context or Context()
        async with self._locked(thread):
            recovered = False
            if thread_id is not None:
                recovered = await self._finish_cut_turn(thread)
            now = self._services.clock.now()
            noted = asyncio.create_task(
                self._threads.touch(
                    thread, text, now=now, context=asdict(context), new=thread_id is None
                )
            )
            message = {"messages": [HumanMessage(text, id=str(uuid.uuid4()))]}
            try:
                async for event in self._run(message, thread, context, live, recovered=recovered):
                    if event.turn is not None:
                        await noted
                    yield event
            finally:
                await noted

    async def resume(
        self,
        thread_id: str,
        answers: Mapping[str, Mapping[str, Any]],
        *,
        context: Context | None = None,
    ) -> Turn:
        """Answer open interrupts: {interrupt_id: {"decisions": [...]}}, one decision an action.

        Raises BadRequestError for an id that is not open and DecisionError for an answer that cannot
        be used; nothing is changed then.
        """
        return await _last(self.stream_resume(thread_id, answers, context=context, live=False))

    async def stream_resume(
        self,
        thread_id: str,
        answers: Mapping[str, Mapping[str, Any]],
        *,
        context: Context | None = None,
        live: bool = True,
    ) -> AsyncIterator[Event]:
        """`resume` with its progress."""
        await self._known(thread_id)
        async with self._locked(thread_id):
            async for event in self._answer(thread_id, answers, context, live):
                yield event

    async def decide(
        self, thread_id: str, decision: Mapping[str, Any], *, call_id: str = ""
    ) -> Turn | list[Pending]:
        """Decide on one call, or with no `call_id` on every one that waits.

        With `call_id` the decision is kept until its interrupt has all of its own; until then the
        actions that still wait are returned. A turn that was cut off is finished first.
        """
        await self._known(thread_id)
        async with self._locked(thread_id):
            return await self._decide(thread_id, decision, call_id)

    async def _decide(
        self, thread_id: str, decision: Mapping[str, Any], call_id: str
    ) -> Turn | list[Pending]:
        pending = await self.pending(thread_id)
        if not pending:
            return await self._continue(thread_id)
        chosen = [one for one in pending if call_id in ("", one.call_id)]
        if not chosen:
            waiting = ", ".join(one.call_id for one in pending)
            raise BadRequestError(f"call: {call_id!r} does not wait here; accepted: {waiting}")
        for one in chosen:
            parse_decisions({"decisions": [decision]}, [{"tool": one.tool}])
        kept = await self._threads.decisions(thread_id)
        kept.update({one.call_id: dict(decision) for one in chosen})
        answers, missing = complete_answers(pending, kept)
        await self._threads.keep_decisions(thread_id, kept if missing else {})
        if not answers:
            return missing
        return await _last(self._answer(thread_id, answers, None, live=False))

    # Looking

    async def pending(self, thread_id: str) -> list[Pending]:
        """The actions of this thread that wait for a decision."""
        state = await self._graph.aget_state(self._config(thread_id))
        return pending_of(state.interrupts)

    async def look(self, thread_id: str) -> tuple[Turn, bool]:
        """The thread's last turn as it stands, and whether it was cut off before its end."""
        await self._known(thread_id)
        state = await self._graph.aget_state(self._config(thread_id))
        turn = Turn.of(thread_id, state.values, pending_of(state.interrupts), latency_ms=0)
        return turn, _is_open(state) and not state.interrupts

    async def threads(self, search: str = "") -> list[Thread]:
        """This user's threads, newest first; with `search`, those that say it."""
        found = await self._threads.all()
        if not search:
            return found
        wanted = search.casefold()
        return [
            one
            for one in found
            if any(wanted in m.text.casefold() for m in await self.history(one.thread_id))
        ]

    async def history(self, thread_id: str) -> list[AnyMessage]:
        """The whole conversation: the transcript, then the window."""
        await self._known(thread_id)
        values = (await self._graph.aget_state(self._config(thread_id))).values
        earlier = await transcript.read(
            self._store, self._user.identity, thread_id, head=values.get("transcript_head", "")
        )
        return [*earlier, *values.get("messages", ())]

    async def calls(self, thread_id: str) -> list[dict[str, Any]]:
        """What the journal knows of this thread's writes."""
        await self._known(thread_id)
        return await self._services.journal.calls(thread_id)

    async def undo(self, thread_id: str, approved: Sequence[str] = ()) -> list[UndoRecord]:
        """What this thread has done, newest first, and what of it can be reversed.

        The calls of `approved` are reversed, each once. Raises BadRequestError for an id of no call
        that can be, and nothing is done then.
        """
        await self._known(thread_id)
        async with self._locked(thread_id):
            known = await self._undo(thread_id, ())
            able = [call["call_id"] for call in known if call["status"] == "can"]
            wrong = [one for one in approved if one not in able]
            if wrong:
                accepted = ", ".join(able) or "none: nothing here can be reversed"
                raise BadRequestError(f"call: {wrong[0]!r} cannot be undone; accepted: {accepted}")
            return await self._undo(thread_id, approved) if approved else known

    async def _undo(self, thread_id: str, approved: Sequence[str]) -> list[UndoRecord]:
        graph = load_undo().copy(update={"store": self._store})
        given = {"target": thread_id, "approved": list(approved), "calls": []}
        context = Context(**await self._threads.context(thread_id))
        with use(self._services):
            ended = await graph.ainvoke(given, self._config(thread_id), context=context)
        return list(ended["calls"])

    # Running

    def _config(self, thread_id: str) -> RunnableConfig:
        return {
            "configurable": {
                "thread_id": valid_thread(thread_id),
                "langgraph_auth_user": LocalAccount(self._user),
                "run_id": str(run := uuid.uuid4()),  # where a subgraph finds it
            },
            "recursion_limit": _RECURSION,
            "run_id": run,
        }

    async def _answer(
        self,
        thread_id: str,
        answers: Mapping[str, Mapping[str, Any]],
        context: Context | None,
        live: bool,
    ) -> AsyncIterator[Event]:
        check_answers(await self.pending(thread_id), answers)
        async for event in self._run(Command(resume=dict(answers)), thread_id, context, live):
            yield event

    async def _run(
        self,
        given: object,
        thread_id: str,
        context: Context | None,
        live: bool,
        *,
        recovered: bool = False,
    ) -> AsyncIterator[Event]:
        start = time.perf_counter()
        values: dict[str, Any] = {}
        interrupts: tuple[Any, ...] = ()
        context = context or Context(**await self._threads.context(thread_id))
        modes = ["values", "updates", "messages"] if live else ["values"]
        with use(self._services):
            async for part in self._graph.astream(
                given,
                self._config(thread_id),
                context=context,
                stream_mode=modes,
                output_keys=_SHOWN,
                durability="sync",
                version="v2",
            ):
                if part["type"] == "values":
                    values = part["data"]
                else:
                    for event in _events(part):
                        yield event
        if not ended(values):  # the stream tells of one waiting task; several may wait
            interrupts = (await self._graph.aget_state(self._config(thread_id))).interrupts
        turn = Turn.of(
            thread_id,
            values,
            pending_of(interrupts),
            latency_ms=(time.perf_counter() - start) * 1000,
            recovered=recovered,
        )
        yield Event("turn", turn=turn)

    async def _finish_cut_turn(self, thread_id: str) -> bool:
        """A turn that a crash cut off is finished before anything new. Raises PendingError."""
        state = await self._graph.aget_state(self._config(thread_id))
        if state.values.get("owner", self._user.identity) != self._user.identity:
            raise self._unknown(thread_id)
        if state.interrupts:
            raise PendingError(pending_of(state.interrupts))
        if not _is_open(state):
            return False
        async for event in self._run(None, thread_id, None, live=False):
            if event.turn is not None and event.turn.pending:
                raise PendingError(event.turn.pending)
        return True

    async def _continue(self, thread_id: str) -> Turn:
        state = await self._graph.aget_state(self._config(thread_id))
        if not _is_open(state):
            raise BadRequestError(f"thread {thread_id}: nothing waits for a decision")
        return await _last(self._run(None, thread_id, None, live=False, recovered=True))

    async def _known(self, thread_id: str) -> None:
        if await self._threads.has(valid_thread(thread_id)):
            return
        # A crash may come between the first checkpoint and the note of the thread.
        state = await self._graph.aget_state(self._config(thread_id))
        if state.values.get("owner") != self._user.identity:
            raise self._unknown(thread_id)

    def _unknown(self, thread_id: str) -> UnknownThreadError:
        return UnknownThreadError(
            f"thread: {thread_id!r} is not one of your threads; `zantara threads` lists them"
        )

    def _locked(self, thread_id: str) -> AbstractAsyncContextManager[None]:
        return thread_lock(self._services.settings.home, thread_id)


def _is_open(state: StateSnapshot) -> bool:
    """Whether the turn has not ended.

    `next` names tasks with no result; a crash before their step's checkpoint may leave none of these.
    """
    return bool(state.tasks)


async def _last(events: AsyncIterator[Event]) -> Turn:
    turn: Turn | None = None
    async for event in events:
        turn = event.turn or turn
    if turn is None:
        raise RuntimeError("the graph ended without a turn")
    return turn


def _events(part: Mapping[str, Any]) -> Iterator[Event]:
    if part["type"] == "messages":
        message, _metadata = part["data"]
        if isinstance(message, AIMessageChunk) and message.text:
            yield Event("text", message.text)
    elif part["type"] == "updates":
        for node in part["data"]:
            if not node.startswith("__"):
                yield Event("node", node)
