"""A thread read back: messages and calls in their order, each call with how it ended."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from zantara.runner import Runner
from zantara.turn import Pending

__all__ = ["Conversation", "read_conversation"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread as it stands.

    messages: {role: user or assistant, text} and {role: call, call: {call_id, tool, args, status,
    detail}}, in their order.
    """

    thread_id: str
    messages: list[dict[str, Any]]
    pending: list[Pending]
    cut_off: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


async def read_conversation(runner: Runner, thread_id: str) -> Conversation:
    """Raises UnknownThreadError."""
    turn, cut_off = await runner.look(thread_id)
    messages = await runner.history(thread_id)
    journal = {row["call_id"]: row for row in await runner.calls(thread_id)}
    waiting = {one.call_id for one in turn.pending}
    results = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
    told: list[dict[str, Any]] = []
    for message in messages:
        told += _told(message, results, journal, waiting)
    return Conversation(thread_id, told, turn.pending, cut_off)


def _told(
    message: AnyMessage,
    results: Mapping[str, ToolMessage],
    journal: Mapping[str, Mapping[str, Any]],
    waiting: set[str],
) -> Sequence[dict[str, Any]]:
    if isinstance(message, HumanMessage):
        return [{"role": "user", "text": message.text}]
    if not isinstance(message, AIMessage):
        return []
    said: list[dict[str, Any]] = (
        [{"role": "assistant", "text": message.text}] if message.text else []
    )
    for call in message.tool_calls:
        known = journal.get(str(call["id"]), {})  # what was run, after the user's edits
        status, detail = _ending(
            results.get(str(call["id"])), known.get("status", ""), waits=call["id"] in waiting
        )
        told: dict[str, Any] = {"call_id": call["id"], "tool": call["name"]}
        told |= {"args": known.get("args", call["args"]), "status": status, "detail": detail}
        said.append({"role": "call", "call": told})
    return said


def _ending(result: ToolMessage | None, journalled: str, *, waits: bool) -> tuple[str, str]:
    """How a call ended and what there is to say about it."""
    if result is None:
        return ("waits", "") if waits else _cut_off(journalled)
    data = _data(result)
    if "unknown" in data:
        return "unknown", str(data["unknown"])
    if "error" in data:
        reason = f": {data['reason']}" if data.get("reason") else ""
        status = "failed" if journalled == "failed" else "not run"
        return status, f"{data['error']}{reason}".removeprefix("not run: ")
    if "answer_of_the_user" in data:
        return "not run", f"you answered instead: {data['answer_of_the_user']}"
    return "done", ""


def _cut_off(journalled: str) -> tuple[str, str]:
    """A call without a result: the journal alone knows how far it got."""
    if journalled == "started":
        return "unknown", "it was begun and cut off: finish the turn to learn how it ended"
    return journalled or "not run", ""


def _data(result: ToolMessage) -> dict[str, Any]:
    try:
        data = json.loads(result.text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
