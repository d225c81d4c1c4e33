"""The channels of the one graph. Values are JSON, so that any checkpointer can read them back."""

import operator
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, NotRequired

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from zantara.gate.provenance import Origin

__all__ = [
    "LONGEST_MESSAGE",
    "NO_USAGE",
    "ArmSource",
    "CallRecord",
    "CallTask",
    "Citation",
    "Input",
    "Origin",
    "Output",
    "PassageRef",
    "State",
    "UndoRecord",
    "UndoState",
    "Usage",
    "WorkspaceState",
    "add_usage",
    "merge_calls",
]

ArmSource = Literal["preset", "context", "rollout", "thread", "default"]
"""Who chose the arm of a turn."""

LONGEST_MESSAGE = 100_000
"""Characters of one message; a longer one is refused."""

CallStatus = Literal[
    "proposed",  # asked for by the model, not yet through the gate
    "approved",  # may run
    "invalid",  # unknown tool or arguments outside the schema
    "refused",  # the policy lets nobody do it
    "rejected",  # the user said no
    "answered",  # the user answered in the tool's place
    "planned",  # a dry run: it would have been done
    "done",
    "failed",  # did nothing
    "unknown",  # may have acted; never retried
]


class CallRecord(TypedDict):
    """One call of this turn, from the model's wish to its end.

    preview: what a write would do, read before anybody is asked. resolved: the ids that this preview
    found, which the approved call acts on. typed: by argument, the values that the user typed.
    before: the record as it stood before an edit that has not been looked at yet. verdict: what the
    policy said of it and why. parent: the delegation inside which the call was made.
    """

    call_id: str
    tool: str
    args: dict[str, Any]
    status: CallStatus
    provenance: dict[str, Origin]
    typed: NotRequired[dict[str, list[str]]]
    before: NotRequired[dict[str, Any]]
    problem: NotRequired[str]
    preview: NotRequired[dict[str, Any]]
    resolved: NotRequired[dict[str, str]]
    verdict: NotRequired[dict[str, Any]]
    parent: NotRequired[str]


class CallTask(TypedDict):
    """What one tool node gets: one call, and the turn it belongs to.

    back: the node that asked for it and goes on with its result. said: for a delegation, the
    conversation that its arguments are traced in. architecture, turn: whose call it is in the ledger.
    """

    call: CallRecord
    language: str
    back: str
    said: NotRequired[list[AnyMessage]]
    architecture: NotRequired[str]
    turn: NotRequired[str]


class PassageRef(TypedDict):
    """A passage of this turn's evidence, by id and content digest; never its text."""

    id: str
    digest: str


class Citation(TypedDict):
    """A source that the answer names, in the order of its [n] marks."""

    mark: int
    id: str
    title: str
    source: str
    effective_date: str


class Usage(TypedDict):
    """Tokens and US dollars (a decimal string) of this turn's model calls.

    model_failures: candidates that were asked and did not answer.
    """

    tokens_in: int
    tokens_out: int
    model_calls: int
    model_failures: int
    cost_usd: str


NO_USAGE: Usage = {
    "tokens_in": 0,
    "tokens_out": 0,
    "model_calls": 0,
    "model_failures": 0,
    "cost_usd": "0",
}


def merge_calls(known: Sequence[CallRecord], new: Sequence[CallRecord]) -> list[CallRecord]:
    """Later records replace earlier ones of the same call; the order is that of first appearance."""
    merged = {record["call_id"]: record for record in known}
    merged.update({record["call_id"]: record for record in new})
    return list(merged.values())


def add_usage(known: Usage, new: Usage) -> Usage:
    """Steps of one turn add up, parallel ones too. LangGraph begins with an empty mapping."""
    if not known.get("model_calls"):
        return new
    return {
        "tokens_in": known["tokens_in"] + new["tokens_in"],
        "tokens_out": known["tokens_out"] + new["tokens_out"],
        "model_calls": known["model_calls"] + new["model_calls"],
        "model_failures": known.get("model_failures", 0) + new.get("model_failures", 0),
        "cost_usd": str(Decimal(known["cost_usd"]) + Decimal(new["cost_usd"])),
    }


class Input(TypedDict):
    """What a caller sends: the user's new message. Other kinds of message are dropped."""

    messages: Annotated[list[AnyMessage], add_messages]


class Output(TypedDict):
    """What a caller gets back."""

    messages: Annotated[list[AnyMessage], add_messages]
    citations: list[Citation]
    calls: Annotated[list[CallRecord], merge_calls]


class State(Output):
    """messages: a bounded window; the rest of the conversation is in the transcript.

    Everything below `transcript_head` belongs to the current turn and is reset by choose_architecture;
    only the arm and the language are what the next turn begins with.
    source: who chose the arm. specialists: on the arm `budget`, those whom the turn was given to; the
    first one leads. unclassified: why it went to the default instead. broken: the answer broke off.
    The last three are there only where there is something to say. began: when the turn came, ISO 8601.
    """

    owner: str
    transcript_head: str
    architecture: str
    source: ArmSource
    began: str
    specialists: NotRequired[list[str]]
    unclassified: NotRequired[str]
    broken: NotRequired[bool]
    language: str
    turn: str
    path: Literal["small_talk", "question", "refused"]
    passages: list[PassageRef]
    steps: int
    draft: str
    shown: str
    correction: str
    model: str
    usage: Annotated[Usage, add_usage]
    problems: Annotated[list[str], operator.add]


class WorkspaceState(TypedDict):
    """The channels of the workspace subgraph: one delegated task.

    said: the conversation around the task, in which values are traced; a task's own words are a
    model's. messages: the calls of this task and their results.
    """

    task: str
    material: str
    said: list[AnyMessage]
    language: str
    architecture: str
    messages: Annotated[list[AnyMessage], add_messages]
    calls: Annotated[list[CallRecord], merge_calls]
    problems: Annotated[list[str], operator.add]
    steps: int
    report: str
    usage: Annotated[Usage, add_usage]


class UndoRecord(TypedDict):
    """A call that was done, and whether it is, can be or cannot be reversed; reason: why not."""

    call_id: str
    tool: str
    args: dict[str, Any]
    status: Literal["can", "cannot", "undone", "failed", "unknown"]
    reason: str


class UndoState(TypedDict):
    """The channels of the undo graph.

    target: the thread whose calls are reversed. approved: ids of the calls to reverse; with none, the
    calls are listed and nothing is done.
    """

    target: str
    approved: list[str]
    calls: list[UndoRecord]
