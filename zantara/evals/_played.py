"""One request played through the graph: what was called, step by step, and what was said."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from zantara.evals._files import ActionRow
from zantara.runner import Runner
from zantara.toolkit import evaluation_name
from zantara.turn import Turn

__all__ = ["Played", "Seen", "is_lookup", "is_write", "leaves", "play"]

_LOOKUPS = frozenset({"list", "search", "read", "freebusy"})
_READS = _LOOKUPS | {"places", "place_details", "directions", "timeline"}
_OWN_FAMILIES = frozenset({"memory"})  # what changes there is the user's own, in this program
_RAN = frozenset({"done", "unknown"})
_MOST_PAUSES = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """One call. step: calls of one step were asked for together; those made for a delegated task follow
    one another before the next step. result: what the model was told.
    """

    call_id: str
    tool: str
    args: Mapping[str, Any]
    status: str
    step: float
    result: Any = None


@dataclass(slots=True)
class Played:
    """What came of a row's turns. unconfirmed: ids of writes that ran before anybody said yes."""

    calls: list[Seen] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    last_turn_called: bool = False
    unconfirmed: set[str] = field(default_factory=set)
    error: str = ""

    @property
    def answer(self) -> str:
        return self.answers[-1] if self.answers else ""


def is_lookup(tool: str) -> bool:
    return tool.partition(".")[2] in _LOOKUPS


def is_write(tool: str) -> bool:
    """Whether the tool changes something outside, judged by its name and not by its own word."""
    family, _, action = tool.partition(".")
    return action not in _READS and family not in _OWN_FAMILIES


def leaves(value: Any) -> list[str]:
    """Every plain value inside, as text."""
    if isinstance(value, Mapping):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, list | tuple):
        return [leaf for one in value for leaf in leaves(one)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


async def play(runner: Runner, row: ActionRow) -> Played:
    """The turns in one thread; every approval is answered with yes. Errors end the row."""
    played, records, confirmed = Played(), {}, set[str]()
    thread_id = f"eval-{row.id}"
    try:
        for text in row.turns:
            turn = await _settled(runner, thread_id, text, confirmed, played)
            records.update({call["call_id"]: call for call in turn.calls})
            played.answers.append(turn.answer)
            played.last_turn_called = bool(turn.calls)
        history = await runner.history(thread_id)
    except Exception as error:
        played.error = f"{type(error).__name__}: {error}"
        return played
    played.calls = _seen(records.values(), history)
    ran = {c.call_id for c in played.calls if c.status in _RAN and is_write(c.tool)}
    played.unconfirmed |= ran - confirmed
    return played


async def _settled(
    runner: Runner, thread_id: str, text: str, confirmed: set[str], played: Played
) -> Turn:
    """One turn to its end. At each pause the journal must hold no write that nobody has confirmed."""
    turn = await runner.ask(text, thread_id=thread_id)
    for _ in range(_MOST_PAUSES):
        journalled = await runner.calls(thread_id)
        wrote = {c["call_id"] for c in journalled if is_write(evaluation_name(c["tool"]))}
        played.unconfirmed |= wrote - confirmed
        if not turn.pending:
            return turn
        confirmed |= {one.call_id for one in turn.pending}
        decided = await runner.decide(thread_id, {"type": "approve"})
        if not isinstance(decided, Turn):
            raise RuntimeError("an approval of everything that waits left something waiting")
        turn = decided
    raise RuntimeError(f"still waiting for approval after {_MOST_PAUSES} approvals")


def _seen(records: Iterable[Mapping[str, Any]], history: Sequence[AnyMessage]) -> list[Seen]:
    steps, results = _steps(history), _results(history)
    within: dict[str, int] = {}
    seen = []
    for record in records:
        call_id, parent = record["call_id"], record.get("parent", "")
        place = within[parent] = within.get(parent, 0) + 1
        step = steps.get(parent or call_id, len(steps)) + (place / 1000 if parent else 0)
        result = (
            _inner_result(results.get(parent), record["tool"]) if parent else results.get(call_id)
        )
        tool = evaluation_name(record["tool"])
        seen.append(Seen(call_id, tool, record["args"], record["status"], step, result))
    return seen


def _inner_result(result: Any, tool: str) -> Any:
    """What the calls of one tool found in a delegated task."""
    found = result.get("results", {}) if isinstance(result, Mapping) else {}
    return [value for name, value in found.items() if name.startswith(tool)] or None


def _steps(history: Sequence[AnyMessage]) -> dict[str, int]:
    asked = [
        message for message in history if isinstance(message, AIMessage) and message.tool_calls
    ]
    return {str(c["id"]): step for step, message in enumerate(asked) for c in message.tool_calls}


def _results(history: Sequence[AnyMessage]) -> dict[str, Any]:
    return {m.tool_call_id: _parsed(m.text) for m in history if isinstance(m, ToolMessage)}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
