"""What one turn gives back: the contract of `zantara ask --json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from langgraph.types import Interrupt

from zantara.gate.approval import ALLOWED
from zantara.state import Citation
from zantara.toolkit import delegates

__all__ = ["Pending", "Turn", "ended", "pending_of"]


@dataclass(frozen=True, slots=True)
class Pending:
    """One action that waits for the user's decision."""

    interrupt_id: str
    call_id: str
    tool: str
    args: dict[str, Any]
    provenance: dict[str, Any]
    allowed: tuple[str, ...] = ALLOWED
    description: str = ""
    problem: str = ""
    preview: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    verdict: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer of a turn, or the actions it waits for.

    calls: {call_id, tool, args, status, provenance, verdict}; those made for a delegated task stand in
    its place and name it as `parent`; in a dry run also `preview`. usage: {tokens_in, tokens_out,
    model_calls}. cost_usd is a decimal string; latency_ms the whole time in this process. source,
    specialists, unclassified, broken: see zantara.state.State.
    """

    answer: str
    language: str
    citations: list[Citation]
    calls: list[dict[str, Any]]
    pending: list[Pending]
    thread_id: str
    architecture: str
    model: str
    usage: dict[str, int]
    cost_usd: str
    latency_ms: float
    recovered: bool = field(default=False)
    source: str = ""
    specialists: list[str] = field(default_factory=list)
    unclassified: str = ""
    broken: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(
        cls,
        thread_id: str,
        values: Mapping[str, Any],
        pending: Sequence[Pending],
        *,
        latency_ms: float,
        recovered: bool = False,
    ) -> "Turn":
        usage = dict(values.get("usage") or {})
        cost = str(usage.pop("cost_usd", "0"))
        return cls(
            answer="" if pending else _answer(values),
            language=values.get("language", ""),
            citations=list(values.get("citations") or ()),
            calls=_calls(values.get("calls") or ()),
            pending=list(pending),
            thread_id=thread_id,
            architecture=values.get("architecture", ""),
            model=values.get("model", ""),
            usage=usage,
            cost_usd=cost,
            latency_ms=round(latency_ms, 1),
            recovered=recovered,
            source=values.get("source", ""),
            specialists=list(values.get("specialists") or ()),
            unclassified=values.get("unclassified", ""),
            broken=values.get("broken", False),
        )


def ended(values: Mapping[str, Any]) -> bool:
    """Whether the turn has its answer."""
    return bool(_answer(values))


def _answer(values: Mapping[str, Any]) -> str:
    wanted = f"answer_{values.get('turn', '')}"
    for message in reversed(values.get("messages") or ()):
        if message.id == wanted:
            return str(message.text)
    return ""


def _calls(calls: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was called. A delegation stands for the calls that were made in it."""
    found: list[dict[str, Any]] = []
    for call in calls:
        inner = [one for one in calls if one.get("parent") == call["call_id"]]
        if "parent" not in call:
            found += [_shown(one) for one in inner] if inner else _alone(call)
    return found


def _alone(call: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [] if delegates(call["tool"]) and call["status"] == "done" else [_shown(call)]


def _shown(call: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: call[key] for key in ("call_id", "tool", "args", "status", "provenance")}
    if "parent" in call:
        shown["parent"] = call["parent"]
    if "verdict" in call:
        shown["verdict"] = call["verdict"]
    return {**shown, "preview": call.get("preview", {})} if call["status"] == "planned" else shown


def pending_of(interrupts: Sequence[Interrupt]) -> list[Pending]:
    """Every action of the open interrupts, in their order."""
    return [
        Pending(
            interrupt_id=one.id,
            call_id=request["call_id"],
            tool=request["name"],
            args=request["args"],
            provenance=request["provenance"],
            description=request.get("description", ""),
            problem=request.get("problem", ""),
            preview=request.get("preview", {}),
            warnings=list(request.get("warnings", ())),
            verdict=request.get("verdict", {}),
        )
        for one in interrupts
        for request in one.value["action_requests"]
    ]
