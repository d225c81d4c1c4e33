"""The gate's work, the same for the orchestrator's calls and for those of the workspace model.

Proposed calls are checked against their schemas, their arguments are traced, and what writes is looked
at beforehand (its preview). Then one interrupt asks for all writes of the step. Looking and asking are
two tasks: what was shown to the user is what the approved call acts on, also when the task that asks
runs again on resume.
"""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from langchain_core.messages import AnyMessage, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send, interrupt
from pydantic import BaseModel, ValidationError

from nodes._turn import call_of, thread_of
from tools import BY_NAME
from zantara import transcript
from zantara.context import Context
from zantara.gate.approval import Decision, DecisionError, parse_decisions, question
from zantara.gate.provenance import Provenance
from zantara.gate.tracing import trace, wanted_values
from zantara.identity import user_of
from zantara.state import CallRecord, CallTask, Origin
from zantara.toolkit import ToolError, delegates, family_of, spec_of, writes

__all__ = ["Desk", "review"]

_TOLD = ("invalid", "rejected", "answered", "planned")


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the gate.

    window: the messages that values are traced in. available: the tools this user may use here.
    earlier: whether the transcript holds more of this thread. back: the node that asked for the calls.
    """

    calls: Sequence[CallRecord]
    problems: Sequence[str]
    window: Sequence[AnyMessage]
    language: str
    available: Collection[BaseTool]
    earlier: bool
    back: str
    architecture: str


async def review(desk: Desk, runtime: Runtime[Context]) -> Command[Any]:
    """The next step: look again, ask, or run what may run.

    There is one interrupt in one task: an edited action comes back in a new task and is checked again;
    an answer that cannot be used asks again and says why.
    """
    proposed = [call for call in desk.calls if call["status"] == "proposed"]
    fresh = [call for call in proposed if "preview" not in call]
    if fresh:
        looked = await _looked_at(fresh, desk, runtime)
        if any(_waits(call) for call in looked):
            return Command(goto="review_actions", update={"calls": looked})
        return _onward(desk, looked)
    answer = interrupt(question(_with_problems(proposed, desk), _descriptions(proposed)))
    try:
        decisions = parse_decisions(answer, proposed)
    except DecisionError as error:
        return Command(goto="review_actions", update={"problems": [str(error)]})
    return _onward(desk, [_decide(*pair) for pair in zip(proposed, decisions, strict=True)])


async def _looked_at(
    calls: Sequence[CallRecord], desk: Desk, runtime: Runtime[Context]
) -> list[CallRecord]:
    """Each call with its problem, its origins and, where it writes, what it would do."""
    checked = [_checked(call, desk.available) for call in calls]
    traced = await _traced(checked, desk, runtime)
    seen = await asyncio.gather(*(_previewed(call, desk, runtime) for call in traced))
    dry = (runtime.context or Context()).dry_run
    return [_settled(call, dry=dry) for call in seen]


def _checked(call: CallRecord, available: Collection[BaseTool]) -> CallRecord:
    tool = BY_NAME.get(call["tool"])
    if tool is None or tool not in available:
        return {**call, "status": "invalid", "problem": f"tool {call['tool']!r} is not available"}
    schema = _schema(tool)
    unknown = ", ".join(sorted(set(call["args"]) - set(schema.model_fields)))
    if unknown:
        accepted = ", ".join(schema.model_fields)
        return {**call, "status": "invalid", "problem": f"{unknown}: accepted: {accepted}"}
    try:
        schema.model_validate(call["args"])
    except ValidationError as error:
        return {**call, "status": "invalid", "problem": _explain(error)}
    return call


def _schema(tool: BaseTool) -> type[BaseModel]:
    return cast("type[BaseModel]", tool.tool_call_schema)


def _explain(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']} (got {one['input']!r:.80})"
        for one in error.errors(include_url=False)
    )


async def _traced(
    calls: Sequence[CallRecord], desk: Desk, runtime: Runtime[Context]
) -> list[CallRecord]:
    wanted = {value for call in calls for value in wanted_values(call["args"])}
    earlier = (
        await transcript.find_value(
            runtime.store, user_of(runtime).identity, thread_of(runtime), wanted
        )
        if runtime.store is not None and desk.earlier
        else {}
    )
    return [
        call
        if call.get("edited")
        else {**call, "provenance": trace(call["args"], desk.window, earlier=earlier)}
        for call in calls
    ]


async def _previewed(call: CallRecord, desk: Desk, runtime: Runtime[Context]) -> CallRecord:
    """What a write would do. One that could not work is told to the model and never asked."""
    if call["status"] == "invalid" or not writes(BY_NAME[call["tool"]]):
        return call
    tool = BY_NAME[call["tool"]]
    look = spec_of(tool).preview
    if look is None:
        return {**call, "preview": {}}
    values = _schema(tool).model_validate(call["args"])
    try:
        found = await look(
            call_of(call, runtime, desk.language),
            **{name: getattr(values, name) for name in call["args"]},
        )
    except ToolError as error:
        return {**call, "status": "invalid", "problem": str(error)}
    shows = json.loads(json.dumps(found.shows, default=str))
    return {**call, "preview": shows, "resolved": dict(found.resolved)}


def _settled(call: CallRecord, *, dry: bool) -> CallRecord:
    """Reads pass; a write waits for the user, but for an edit that the user has just made.

    An edit that does not fit the schema is asked again, with what is wrong.
    """
    if call["status"] == "invalid":
        return {**call, "status": "proposed", "preview": {}} if call.get("edited") else call
    if not writes(BY_NAME[call["tool"]]):
        return {**call, "status": "approved"}
    if dry:
        return {**call, "status": "planned"}
    if call.get("edited") or not _must_ask(call):
        return {**call, "status": "approved"}
    return call


def _must_ask(call: CallRecord) -> bool:
    """A write of the user's own memory runs unasked, unless somebody else's words would get in."""
    return spec_of(BY_NAME[call["tool"]]).asks or any(map(_outside, call["provenance"].values()))


def _outside(origin: Origin) -> bool:
    return Provenance.OUTSIDE in (origin["provenance"], origin.get("inherits"))


def _waits(call: CallRecord) -> bool:
    return call["status"] == "proposed"


def _with_problems(asked: Sequence[CallRecord], desk: Desk) -> list[CallRecord]:
    problem = desk.problems[-1] if desk.problems else ""
    return [{**call, "problem": problem} if problem else call for call in asked]


def _descriptions(calls: Sequence[CallRecord]) -> dict[str, str]:
    tools = {call["tool"]: BY_NAME[call["tool"]] for call in calls if call["tool"] in BY_NAME}
    return {name: tool.description.split("\n")[0] for name, tool in tools.items()}


def _decide(call: CallRecord, decision: Decision) -> CallRecord:
    call = {**call}
    unfit = "problem" in call
    call.pop("problem", None)
    if decision.kind == "approve" and not unfit:
        return {**call, "status": "approved"}
    if decision.kind == "edit" and decision.args is not None:
        return _edited(call, decision)
    if decision.kind == "respond":
        return {**call, "status": "answered", "problem": decision.message}
    if decision.kind == "approve":  # of an edit that does not fit: the edit must be mended first
        return _again(call)
    return {**call, "status": "rejected", "problem": decision.message}


def _again(call: CallRecord) -> CallRecord:
    """To be looked at anew: what was found for other arguments counts no more."""
    call.pop("preview", None)
    call.pop("resolved", None)
    return {**call, "status": "proposed"}


def _edited(call: CallRecord, decision: Decision) -> CallRecord:
    """What the user changed is theirs; what they left keeps its origin."""
    args = dict(decision.args or {})
    origins = {
        name: call["provenance"][name]
        if name in call["provenance"] and call["args"].get(name) == value
        else {"provenance": "user", "source": "your edit"}
        for name, value in args.items()
    }
    return _again({**call, "args": args, "provenance": origins, "edited": True})  # type: ignore[typeddict-item]  # mypy widens the dict of origins


def _onward(desk: Desk, settled: Sequence[CallRecord]) -> Command[Any]:
    """Back to look again, or one task for each call that may run."""
    update: dict[str, Any] = {
        "calls": list(settled),
        "messages": [_told(call) for call in settled if call["status"] in _TOLD],
        "problems": Overwrite([]),
    }
    if any(call["status"] == "proposed" for call in settled):
        return Command(goto="review_actions", update=update)
    settled_ids = {call["call_id"] for call in settled}
    ready = [
        call
        for call in desk.calls
        if call["status"] == "approved" and call["call_id"] not in settled_ids
    ]
    ready += [call for call in settled if call["status"] == "approved"]
    sends = [Send(family_of(BY_NAME[call["tool"]]), _task(call, desk)) for call in ready]
    return Command(goto=sends or desk.back, update=update)


def _task(call: CallRecord, desk: Desk) -> CallTask:
    task: CallTask = {"call": call, "language": desk.language}
    if delegates(call["tool"]):
        task["said"], task["architecture"] = list(desk.window), desk.architecture
    return task


def _told(call: CallRecord) -> ToolMessage:
    """What the model is told of a call that did not run."""
    problem = call.get("problem", "")
    contents: dict[str, dict[str, Any]] = {
        "invalid": {"error": f"not run: {problem}"},
        "rejected": {"error": "not run: the user rejected it", "reason": problem},
        "answered": {"answer_of_the_user": problem},
        "planned": {"planned": call.get("preview") or call["args"], "note": "dry run: not done"},
    }
    well = call["status"] in ("answered", "planned")
    origin = {"answered": "user", "planned": "outside"}.get(str(call["status"]), "system")
    return ToolMessage(
        json.dumps(contents[str(call["status"])], ensure_ascii=False),
        id=f"tool_{call['call_id']}",
        tool_call_id=call["call_id"],
        name=call["tool"],
        status="success" if well else "error",
        artifact={"provenance": {"": origin}},
    )
