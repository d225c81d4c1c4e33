"""The turn's row in the ledger, when the turn has its answer."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from langgraph.runtime import Runtime

from nodes._turn import run_of, thread_of
from zantara.context import Context
from zantara.costs import Kind, TurnRow, utc_text
from zantara.identity import user_of
from zantara.services import current
from zantara.state import CallRecord, State
from zantara.toolkit import spec_named

__all__ = ["note_turn"]

_RAN = ("done", "failed", "unknown")
_INSIDE = ("memory",)


async def note_turn(state: State, runtime: Runtime[Context], *, unsupported: bool) -> None:
    """Write the row, and let alerts and rollout look at it. A turn that runs again has one row; one
    that an older version began and left waiting has none.
    """
    if not state.get("began"):
        return
    await asyncio.to_thread(current().note_turn, _row(state, runtime, unsupported=unsupported))


def _row(state: State, runtime: Runtime[Context], *, unsupported: bool) -> TurnRow:
    now, began = current().clock.now(), datetime.fromisoformat(state["began"])
    calls = _ran(state["calls"])
    outside = [call for call in calls if _leaves(call)]
    usage = state["usage"]
    return TurnRow(
        turn=state["turn"],
        thread_id=thread_of(runtime),
        run_id=run_of(runtime),
        user=user_of(runtime).identity,
        architecture=state["architecture"],
        source=state["source"],
        language=state["language"],
        kind=_kind(state, len(outside)),
        at=utc_text(began),
        latency_ms=max((now - began).total_seconds() * 1000, 0.0),
        paused=any(_asked(call) for call in state["calls"]),
        calls=len(calls),
        outside=len(outside),
        calls_failed=sum(call["status"] == "failed" for call in calls),
        calls_unknown=sum(call["status"] == "unknown" for call in calls),
        model_calls=usage.get("model_calls", 0),
        model_failures=usage.get("model_failures", 0),
        cost_usd=Decimal(usage.get("cost_usd", "0")),
        broken=state.get("broken", False),
        corrected=bool(state["correction"]),
        unsupported=unsupported,
    )


def _ran(calls: Sequence[CallRecord]) -> list[CallRecord]:
    """The calls that were made. A delegation stands for those that were made in it."""
    parents = {call.get("parent") for call in calls}
    return [c for c in calls if c["status"] in _RAN and c["call_id"] not in parents]


def _leaves(call: CallRecord) -> bool:
    """Whether the call left this house."""
    spec = spec_named(call["tool"])
    return spec is not None and spec.family not in _INSIDE


def _asked(call: CallRecord) -> bool:
    """Whether somebody was asked about it, so that the turn waited for a person."""
    outcome = call.get("verdict", {}).get("outcome")
    return outcome in ("ask", "warn") and call["status"] not in ("planned", "invalid")


def _kind(state: State, outside: int) -> Kind:
    path = state["path"]
    if path != "question":
        return path
    if not outside:
        return "knowledge" if state["usage"].get("model_calls") else "exact"
    return "one_tool" if outside == 1 else "few_tools" if outside <= 3 else "many_tools"
