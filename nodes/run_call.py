"""The tool nodes (`calendar`, `gmail`, `files` ...): one call as one task."""

import json
import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.errors import GraphBubbleUp
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._turn import call_of, is_tainted, run_of, task_of, thread_of
from tools import BY_NAME
from zantara.context import Context
from zantara.costs import BudgetExceededError, CallStart, charged_to
from zantara.database import StorageError
from zantara.gate.provenance import Provenance
from zantara.identity import user_of
from zantara.journal import CallEntry
from zantara.services import current
from zantara.state import CallRecord, CallTask
from zantara.toolkit import OutcomeUnknownError, ToolError, ToolResult, family_of, writes

__all__ = ["run_call"]

_LOG = logging.getLogger(__name__)
_MAY = "It may have acted: look before you ask for it again"
_CUT = f"An earlier run of this call was cut off. {_MAY}"


async def run_call(state: CallTask, runtime: Runtime[Context]) -> Command[Any]:
    """Run the call, journal before and after when it writes, tell the model that asked what came of it.

    A call that the journal knows as ended is not run again: its recorded outcome is told.
    """
    told = _told(state["call"], *await _outcome(state, runtime))
    return Command(goto=state["back"], update=told)


async def _outcome(state: CallTask, runtime: Runtime[Context]) -> tuple[str, Mapping[str, Any]]:
    """How the call ended, and what the journal keeps of it."""
    record, services = state["call"], current()
    if not writes(BY_NAME[record["tool"]]):
        notes = CallEntry(record["call_id"], record["tool"], "started", None, services.journal)
        return await _run(state, runtime, notes)
    entry = await services.journal.begin(
        record["call_id"],
        thread_id=thread_of(runtime),
        tool=record["tool"],
        args=record["args"],
        user=user_of(runtime).identity,
    )
    if entry.outcome is not None:
        return entry.status, entry.outcome
    status, outcome = await _run(state, runtime, entry)
    await services.journal.finish(record["call_id"], status, outcome)
    return status, outcome


async def _run(
    task: CallTask, runtime: Runtime[Context], entry: CallEntry
) -> tuple[str, dict[str, Any]]:
    record = task["call"]
    call = call_of(record, runtime, task["language"], notes=entry)
    tool = BY_NAME[record["tool"]]
    try:
        with charged_to(_charge(task, runtime)):
            result: ToolResult = await tool.ainvoke({**record["args"], "call": call})
    except BudgetExceededError as error:  # nothing was asked
        return _failed(str(error))
    except ToolError as error:
        return _unknown(f"{error}. {_CUT}") if entry.cut else _failed(str(error))
    except OutcomeUnknownError as error:
        return _unknown(str(error))
    except (StorageError, sqlite3.Error, GraphBubbleUp):
        raise  # the turn goes on from here when the data folder can be used again
    except Exception as error:
        _LOG.exception("%s failed in a way that was not foreseen", record["tool"])
        told = f"it broke off ({type(error).__name__}: {error})"
        return _unknown(f"{told}. {_MAY}") if writes(tool) else _failed(told)
    return "done", {"data": result.data, "provenance": _classes(record, result)}


def _charge(task: CallTask, runtime: Runtime[Context]) -> CallStart:
    """Whose row a paid request is that the tool makes."""
    tool = task["call"]["tool"]
    return CallStart(
        thread_id=thread_of(runtime),
        run_id=run_of(runtime),
        turn=task.get("turn", ""),
        task_id=task_of(runtime),
        node=family_of(BY_NAME[tool]),
        architecture=task.get("architecture", ""),
        user=user_of(runtime).identity,
        role="tool",
        provider="",
        asked=tool,
    )


def _classes(record: CallRecord, result: ToolResult) -> dict[str, str]:
    """What was made of words from outside is not the user's own, though it is in their files now."""
    made = writes(BY_NAME[record["tool"]]) and is_tainted(record)
    return {
        path: str(Provenance.OUTSIDE if made and kind is Provenance.OWN else kind)
        for path, kind in result.provenance.items()
    }


def _failed(error: str) -> tuple[str, dict[str, Any]]:
    return "failed", {"data": {"error": error}, "provenance": {"": "system"}}


def _unknown(how: str) -> tuple[str, dict[str, Any]]:
    return "unknown", {"data": {"unknown": how}, "provenance": {"": "system"}}


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
