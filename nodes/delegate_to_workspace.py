"""The node `workspace`: hand a task to the workspace subgraph, and its outcome back.

This node runs again whenever the subgraph is resumed, so it only maps in and out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from zantara.context import Context
from zantara.gate.provenance import Provenance
from zantara.gate.values import leaves
from zantara.state import NO_USAGE, CallRecord, CallTask

__all__ = ["delegate_to_workspace"]


async def delegate_to_workspace(
    state: CallTask,
    runtime: Runtime[Context],
    *,
    graph: CompiledStateGraph[Any, Any, Any, Any],
) -> Command[Any]:
    """Its calls join the turn's list, its results and its report go to the model that asked."""
    record = state["call"]
    done = await graph.ainvoke(
        {
            "task": record["args"]["task"],
            "material": record["args"].get("material", ""),
            "said": state.get("said", []),
            "language": state["language"],
            "architecture": state.get("architecture", ""),
            "messages": [],
            "calls": [],
            "problems": [],
            "steps": 0,
            "report": "",
            "usage": NO_USAGE,
        },
        context=runtime.context,
    )
    calls = [{**call, "parent": record["call_id"]} for call in done["calls"]]
    ended: CallRecord = {**record, "status": "done" if calls or done["report"] else "failed"}
    update = {
        "messages": [_told(record, done["messages"], done["report"])],
        "calls": [ended, *calls],
        "usage": done["usage"],
    }
    return Command(goto=state["back"], update=update)


def _told(record: CallRecord, messages: Sequence[Any], report: str) -> ToolMessage:
    """What came of each call under its tool's name; its provenance keeps its path."""
    results: dict[str, Any] = {}
    origins: dict[str, str] = {}
    answers = [m for m in messages if isinstance(m, ToolMessage)]
    for message in answers:
        name = _free(str(message.name), results)
        results[name] = json.loads(message.text)
        origins |= dict(_origins(f"results.{name}", results[name], message))
    origins[""] = str(Provenance.SYSTEM)
    data: dict[str, Any] = {"results": results}
    if (
        report
    ):  # a model's words: what it has read stands beside them, and says how far to trust them
        data["report"], origins["report"] = report, str(Provenance.DERIVED)
    return ToolMessage(
        json.dumps(data, ensure_ascii=False),
        id=f"tool_{record['call_id']}",
        tool_call_id=record["call_id"],
        name=record["tool"],
        artifact={"provenance": origins},
    )


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _origins(prefix: str, data: Any, message: ToolMessage) -> Iterator[tuple[str, str]]:
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    known = artifact.get("provenance", {})
    default = known.get("", str(Provenance.OUTSIDE))
    yield from ((f"{prefix}.{path}", default) for path, _text in leaves(data) if path not in known)
    yield from ((f"{prefix}.{path}", kind) for path, kind in known.items() if path)
