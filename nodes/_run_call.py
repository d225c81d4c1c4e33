"""One approved call, run once: what the tool nodes share."""

import json
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.runtime import Runtime

from nodes._turn import thread_of
from tools import BY_NAME
from zantara.context import Context
from zantara.identity import user_of
from zantara.journal import CallEntry
from zantara.services import current
from zantara.state import CallRecord, CallTask
from zantara.toolkit import Call, OutcomeUnknownError, ToolError, ToolResult, writes

__all__ = ["run_call"]


async def run_call(task: CallTask, runtime: Runtime[Context]) -> dict[str, Any]:
    """Run the call, journal before and after when it writes, tell the model what came of it.

    A call that the journal knows as ended is not run again: its recorded outcome is told.
    """
    record, services = task["call"], current()
    thread = thread_of(runtime)
    if not writes(BY_NAME[record["tool"]]):
        notes = CallEntry(record["call_id"], record["tool"], "started", None, services.journal)
        return _told(record, *await _run(task, runtime, notes))
    entry = await services.journal.begin(
        record["call_id"], thread_id=thread, tool=record["tool"], args=record["args"]
    )
    if entry.outcome is not None:
        return _told(record, entry.status, entry.outcome)
    status, outcome = await _run(task, runtime, entry)
    await services.journal.finish(record["call_id"], status, outcome)
    return _told(record, status, outcome)


async def _run(
    task: CallTask, runtime: Runtime[Context], entry: CallEntry
) -> tuple[str, dict[str, Any]]:
    record, services, context = task["call"], current(), runtime.context or Context()
    call = Call(
        id=record["call_id"],
        user=user_of(runtime),
        now=services.clock.now().astimezone(context.zone),
        timezone=context.zone,
        language=task["language"],
        notes=entry,
    )
    try:
        result: ToolResult = await BY_NAME[record["tool"]].ainvoke({**record["args"], "call": call})
    except ToolError as error:
        return "failed", {"data": {"error": str(error)}, "provenance": {"": "system"}}
    except OutcomeUnknownError as error:
        return "unknown", {"data": {"unknown": str(error)}, "provenance": {"": "system"}}
    provenance = {path: str(p) for path, p in result.provenance.items()}
    return "done", {"data": result.data, "provenance": provenance}


def _told(record: CallRecord, status: str, outcome: Mapping[str, Any]) -> dict[str, Any]:
    message = ToolMessage(
        json.dumps(outcome["data"], ensure_ascii=False, default=str),
        id=f"tool_{record['call_id']}",
        tool_call_id=record["call_id"],
        name=record["tool"],
        status="success" if status == "done" else "error",
        artifact={"provenance": dict(outcome["provenance"])},
    )
    return {"messages": [message], "calls": [{**record, "status": status}]}
