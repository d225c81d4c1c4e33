"""List what a thread has done, and what of it can be reversed."""

from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from tools import BY_NAME
from zantara.context import Context
from zantara.identity import user_of
from zantara.services import current
from zantara.state import UndoRecord, UndoState
from zantara.toolkit import spec_of

__all__ = ["plan_undo", "undo_id"]

_GONE = "its tool is not part of this installation any more"
_UNKNOWN = "nobody knows whether it was done: look before you reverse it by hand"


def undo_id(call_id: str) -> str:
    """The idempotency key of the reversal of a call."""
    return f"undo_{call_id}"


async def plan_undo(
    state: UndoState, runtime: Runtime[Context]
) -> Command[Literal["reverse_call", "__end__"]]:
    """The user's own calls in the target thread, newest first. Nothing is reversed unapproved."""
    rows = await current().journal.ended(state["target"], user_of(runtime).identity)
    reversals = {row["call_id"]: row for row in rows if row["call_id"].startswith("undo_")}
    calls = [
        _record(row, reversals.get(undo_id(row["call_id"])))
        for row in rows
        if row["call_id"] not in reversals and row["status"] in ("done", "unknown")
    ]
    wanted = any(call["status"] == "can" and call["call_id"] in state["approved"] for call in calls)
    return Command(goto="reverse_call" if wanted else "__end__", update={"calls": calls})


def _record(row: dict[str, Any], reversal: dict[str, Any] | None) -> UndoRecord:
    record: UndoRecord = {
        "call_id": row["call_id"],
        "tool": row["tool"],
        "args": row["args"],
        "status": "can",
        "reason": "",
    }
    if reversal is not None and reversal["status"] == "done":
        return {**record, "status": "undone"}
    if row["status"] == "unknown" or (reversal is not None and reversal["status"] == "unknown"):
        return {**record, "status": "cannot", "reason": _UNKNOWN}
    tool = BY_NAME.get(row["tool"])
    undo = spec_of(tool).undo if tool else _GONE
    return {**record, "status": "cannot", "reason": undo} if isinstance(undo, str) else record
