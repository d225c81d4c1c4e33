"""What several nodes read from a turn."""

from collections.abc import Iterable

from langchain_core.messages import HumanMessage, ToolMessage
from langgraph.runtime import Runtime

from zantara.context import Context
from zantara.evidence import Evidence
from zantara.knowledge import Row
from zantara.services import Services
from zantara.state import State

__all__ = ["answer_id", "evidence_of", "local_now", "rows_of", "thread_of"]


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
    said = [m.text for m in state["messages"] if isinstance(m, HumanMessage | ToolMessage)]
    return Evidence.of([*texts, *said, now])
