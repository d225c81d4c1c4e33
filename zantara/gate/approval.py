"""The question put to the user before a write, and what they may answer.

The shape is that of LangChain's human-in-the-loop middleware (`action_requests`, `review_configs`;
`decisions` with approve, edit, reject, respond), so that its clients can show and answer it. Each
action also carries `call_id`, `provenance`, `preview` (what would be done, read beforehand),
`warnings` (what in it the user did not say, and outside text could have brought about), `verdict` (what
the policy says of each value) and, after an answer that could not be used, `problem`. Such an answer
changes nothing: the action waits as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from zantara.state import CallRecord
from zantara.toolkit import wrong_arguments

__all__ = ["ALLOWED", "Decision", "DecisionError", "parse_decisions", "question", "refused_edit"]

DecisionKind = Literal["approve", "edit", "reject", "respond"]
ALLOWED: tuple[DecisionKind, ...] = ("approve", "edit", "reject", "respond")


class DecisionError(ValueError):
    """The answer to an approval cannot be used; nothing was done and the question stands."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the user decided on one action. `args` with edit; `message` with reject and respond."""

    kind: DecisionKind
    args: Mapping[str, Any] | None = None
    message: str = ""


def question(calls: Sequence[CallRecord], descriptions: Mapping[str, str]) -> dict[str, Any]:
    """The interrupt's value for the writes of one step."""
    return {
        "action_requests": [_request(call, descriptions.get(call["tool"], "")) for call in calls],
        "review_configs": [
            {"action_name": name, "allowed_decisions": list(ALLOWED)}
            for name in dict.fromkeys(call["tool"] for call in calls)
        ],
    }


def _request(call: CallRecord, description: str) -> dict[str, Any]:
    request = {
        "name": call["tool"],
        "args": call["args"],
        "description": description,
        "call_id": call["call_id"],
        "provenance": call["provenance"],
        "preview": call.get("preview", {}),
        "warnings": list(call.get("verdict", {}).get("warnings", ())),
        "verdict": call.get("verdict", {}),
    }
    if "problem" in call:
        request["problem"] = call["problem"]
    return request


def parse_decisions(answer: object, calls: Sequence[Mapping[str, Any]]) -> list[Decision]:
    """One decision for each action of the question, in its order.

    `calls` need a tool name each, under `tool` or `name`. Raises DecisionError, which names the
    decision, the value and what is accepted; of an edit, everything that is wrong with it.
    """
    given = answer.get("decisions") if isinstance(answer, Mapping) else None
    if not isinstance(given, list):
        raise DecisionError(
            f'resume: {_short(answer)} is not an answer; accepted: {{"decisions": [...]}} with'
            f" {len(calls)} decisions"
        )
    if len(given) != len(calls):
        raise DecisionError(
            f"decisions: {len(given)} given, {len(calls)} wanted: one for each action, in order"
        )
    return [
        _decision(one, index, str(call.get("tool") or call.get("name")))
        for index, (one, call) in enumerate(zip(given, calls, strict=True))
    ]


def _decision(one: object, index: int, tool: str) -> Decision:
    name = f"decisions[{index}]"
    kind = one.get("type") if isinstance(one, Mapping) else None
    if not isinstance(one, Mapping) or kind not in ALLOWED:
        raise DecisionError(f"{name}.type: {_short(kind)}; accepted: {', '.join(ALLOWED)}")
    message = one.get("message", "")
    if not isinstance(message, str) or (kind == "respond" and not message.strip()):
        raise DecisionError(f"{name}.message: {_short(message)}; accepted: text")
    if kind != "edit":
        return Decision(kind, message=message)
    action = one.get("edited_action")
    args = action.get("args") if isinstance(action, Mapping) else None
    if not isinstance(action, Mapping) or not isinstance(args, Mapping):
        raise DecisionError(
            f'{name}.edited_action: {_short(action)}; accepted: {{"name": "{tool}", "args": {{...}}}}'
        )
    if action.get("name", tool) != tool:
        raise DecisionError(
            f"{name}.edited_action.name: {_short(action.get('name'))}; accepted: {tool} (an edit"
            " changes arguments, not the tool)"
        )
    problems = wrong_arguments(tool, args)
    if problems:
        raise DecisionError(refused_edit(tool, problems))
    return Decision("edit", args=cast("Mapping[str, Any]", args))


def refused_edit(tool: str, problems: Sequence[str]) -> str:
    """What is told of an edit that cannot be used: everything that is wrong with it."""
    lines = (" ".join(one.split()) for one in problems)  # a value may have lines of its own
    return "\n  ".join([f"edit of {tool} refused; the action waits as it was:", *lines])


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
