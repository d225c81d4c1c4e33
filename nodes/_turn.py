"""What several nodes read from a turn."""

import json
from collections.abc import Iterable, Mapping, Sequence

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from langgraph.config import get_config
from langgraph.runtime import Runtime

from zantara import memory
from zantara.context import Context
from zantara.evidence import Evidence
from zantara.gate.provenance import column_of
from zantara.identity import user_of
from zantara.knowledge import Row
from zantara.services import Services, current
from zantara.state import CallRecord, State
from zantara.toolkit import Call, CallNotes

__all__ = [
    "answer_id",
    "call_of",
    "evidence_of",
    "facts_of",
    "is_tainted",
    "local_now",
    "rows_of",
    "run_of",
    "task_of",
    "thread_of",
    "turn_in",
]


def answer_id(state: State) -> str:
    """The id of this turn's answer: streamed pieces and the final message share it."""
    return f"answer_{state['turn']}"


def local_now(services: Services, context: Context) -> str:
    """The time as the model is told it, with its zone and weekday."""
    now = services.clock.now().astimezone(context.zone)
    return f"{now.isoformat(timespec='seconds')} ({now:%A})"


def thread_of(runtime: Runtime[Context]) -> str:
    """The id of the thread that this run belongs to."""
    return (runtime.execution_info.thread_id if runtime.execution_info else None) or ""


def task_of(runtime: Runtime[Context]) -> str:
    """The id of this task: the same one when a crash makes it run again."""
    return runtime.execution_info.task_id if runtime.execution_info else ""


def run_of(runtime: Runtime[Context]) -> str:
    """The id of this run; empty where the caller gave none. Subgraphs have it in `configurable`."""
    given = get_config().get("configurable", {}).get("run_id")
    return str(given or (runtime.execution_info and runtime.execution_info.run_id) or "")


def turn_in(window: Sequence[AnyMessage]) -> str:
    """The id of the turn that a conversation has come to: that of its last question."""
    return next((str(m.id) for m in reversed(window) if isinstance(m, HumanMessage)), "")


class _NoNotes:
    """For reading alone: nothing is done that a crash could cut off."""

    @property
    def facts(self) -> Mapping[str, str]:
        return {}

    async def note(self, **_facts: str) -> None:
        raise RuntimeError("a preview changes nothing")


def call_of(
    record: CallRecord, runtime: Runtime[Context], language: str, *, notes: CallNotes | None = None
) -> Call:
    """What a tool is told beside the model's arguments; with no `notes` it may only look."""
    services, context = current(), runtime.context or Context()
    return Call(
        id=record["call_id"],
        user=user_of(runtime),
        now=services.clock.now().astimezone(context.zone),
        timezone=context.zone,
        language=language,
        notes=notes or _NoNotes(),
        resolved=record.get("resolved", {}),
        store=runtime.store,
        tainted=is_tainted(record),
    )


def is_tainted(record: CallRecord) -> bool:
    """Whether anything in the call's arguments comes from outside."""
    return any(
        column_of(origin) in ("outside", "derived_outside") or origin.get("read") == "outside"
        for origin in record["provenance"].values()
    )


async def facts_of(state: State, runtime: Runtime[Context]) -> list[str]:
    """What this user wants remembered; a greeting needs none of it."""
    if runtime.store is None or state["path"] != "question":
        return []
    found = await memory.facts(runtime.store, user_of(runtime).identity)
    return [fact.content for fact in found]


def rows_of(services: Services, state: State) -> list[Row]:
    """The passages of this turn, in the order of their [n] marks. Reads the index."""
    if not state["passages"]:
        return []
    found = (services.knowledge.get(ref["id"]) for ref in state["passages"])
    return [row for row in found if row is not None]


def evidence_of(state: State, rows: Iterable[Row], now: str, core: Iterable[Row] = ()) -> Evidence:
    """Everything that may support a figure of this turn's answer."""
    texts = [
        f"{row.title}\n{row.text}\n{row.source}\n{row.effective_date}" for row in (*rows, *core)
    ]
    messages = state["messages"]
    said = [m.text for m in messages if isinstance(m, HumanMessage | ToolMessage)]
    counts = [str(n) for m in messages if isinstance(m, ToolMessage) for n in _lengths(m.text)]
    return Evidence.of([*texts, *said, *counts, now])


def _lengths(result: str) -> list[int]:
    """How many things a result lists: "you have 4 appointments" is a figure too."""
    try:
        data = json.loads(result)
    except ValueError:
        return []
    return [len(v) for v in data.values() if isinstance(v, list)] if isinstance(data, dict) else []
