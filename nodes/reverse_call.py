"""Reverse one call, the newest that is approved, once."""

import logging
import sqlite3
from typing import Any, Literal, cast

from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._turn import call_of
from nodes.plan_undo import undo_id
from tools import BY_NAME
from zantara.context import Context
from zantara.database import StorageError
from zantara.identity import user_of
from zantara.journal import CallEntry
from zantara.services import current
from zantara.state import CallRecord, UndoRecord, UndoState
from zantara.toolkit import OutcomeUnknownError, ToolError, UndoFunction, spec_of

__all__ = ["reverse_call"]

_LOG = logging.getLogger(__name__)


async def reverse_call(
    state: UndoState, runtime: Runtime[Context]
) -> Command[Literal["reverse_call", "__end__"]]:
    """Newest first, one task each: what was changed twice is put back in the opposite order."""
    waiting = [
        c for c in state["calls"] if c["status"] == "can" and c["call_id"] in state["approved"]
    ]
    done = await _reversed(waiting[0], state["target"], runtime)
    calls = [done if call["call_id"] == done["call_id"] else call for call in state["calls"]]
    return Command(goto="reverse_call" if waiting[1:] else "__end__", update={"calls": calls})


async def _reversed(record: UndoRecord, target: str, runtime: Runtime[Context]) -> UndoRecord:
    """The journal is written before and after, so that a crash reverses nothing twice.

    A reversal that failed did nothing and may be tried again.
    """
    journal, user = current().journal, user_of(runtime).identity
    outcomes = {row["call_id"]: row for row in await journal.ended(target, user)}
    key = undo_id(record["call_id"])
    entry = await journal.begin(
        key, thread_id=target, tool=record["tool"], args=record["args"], user=user
    )
    data = outcomes[record["call_id"]]["outcome"]["data"]
    status, reason = await _run(record, data, entry, runtime)
    outcome = {"data": {"reason": reason}, "provenance": {"": "system"}}
    await journal.finish(key, "done" if status == "undone" else status, outcome)
    return {**record, "status": status, "reason": reason}


async def _run(
    record: UndoRecord, data: dict[str, Any], entry: CallEntry, runtime: Runtime[Context]
) -> tuple[Literal["undone", "failed", "unknown"], str]:
    made: CallRecord = {
        "call_id": undo_id(record["call_id"]),
        "tool": record["tool"],
        "args": record["args"],
        "status": "approved",
        "provenance": {},
    }
    undo = cast("UndoFunction", spec_of(BY_NAME[record["tool"]]).undo)
    try:
        await undo(call_of(made, runtime, "en", notes=entry), data)
    except ToolError as error:
        return "failed", str(error)
    except OutcomeUnknownError as error:
        return "unknown", str(error)
    except (StorageError, sqlite3.Error):
        raise
    except Exception as error:
        _LOG.exception("undo of %s failed in a way that was not foreseen", record["tool"])
        return "unknown", f"it broke off ({type(error).__name__}: {error}); look at it"
    return "undone", ""
