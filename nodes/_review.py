"""The gate's work, the same for every model that asks for calls.

Proposed calls are checked against their schemas, what they would act on is looked at beforehand (the
preview), their values are traced, and the policy says what they may do. Then one interrupt asks for all
writes of the step that wait. Looking and asking are two tasks: what was shown to the user is what the
approved call acts on, also when the task that asks runs again on resume.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from langchain_core.messages import AnyMessage, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send, interrupt

from nodes._judge import judge
from nodes._turn import call_of, turn_in
from tools import BY_NAME
from zantara.context import Context
from zantara.gate.approval import Decision, DecisionError, parse_decisions, question, refused_edit
from zantara.gate.kinds import Outcome
from zantara.gate.values import leaves
from zantara.language import normalise
from zantara.state import CallRecord, CallTask
from zantara.toolkit import (
    Preview,
    ToolError,
    delegates,
    family_of,
    schema_of,
    spec_of,
    writes,
    wrong_arguments,
)

__all__ = ["Desk", "review"]

_TOLD = ("invalid", "refused", "rejected", "answered", "planned")


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
    fresh = [call for call in proposed if "verdict" not in call]
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
    """Each call with its problem, its origins, what it would do and what the policy says of it."""
    checked = [_checked(call, desk.available) for call in calls]
    seen = await asyncio.gather(*(_previewed(call, desk, runtime) for call in checked))
    judged = await judge(seen, desk.window, runtime, earlier=desk.earlier)
    dry = (runtime.context or Context()).dry_run
    return [_settled(call, dry=dry) for call in judged]


def _checked(call: CallRecord, available: Collection[BaseTool]) -> CallRecord:
    tool = BY_NAME.get(call["tool"])
    if tool is None or tool not in available:
        return {**call, "status": "invalid", "problem": f"tool {call['tool']!r} is not available"}
    problems = wrong_arguments(call["tool"], call["args"])
    return {**call, "status": "invalid", "problem": "\n".join(problems)} if problems else call


async def _previewed(
    call: CallRecord, desk: Desk, runtime: Runtime[Context]
) -> tuple[CallRecord, Preview]:
    """What a call would act on. A write that could not work is told to the model and never asked."""
    look = spec_of(BY_NAME[call["tool"]]).preview if call["status"] != "invalid" else None
    if look is None:
        return call, Preview({})
    values = schema_of(BY_NAME[call["tool"]]).model_validate(call["args"])
    try:
        found = await look(
            call_of(call, runtime, desk.language),
            **{name: getattr(values, name) for name in call["args"]},
        )
    except ToolError as error:
        return {**call, "status": "invalid", "problem": str(error)}, Preview({})
    return {**call, "resolved": dict(found.resolved)}, found


def _settled(call: CallRecord, *, dry: bool) -> CallRecord:
    """What the policy lets run runs, what it refuses is told, the rest waits for the user.

    An edit that the user has just made runs, unless something is left in it that carries a warning;
    one that could not work changes nothing: what was asked is asked again, with what is wrong.
    """
    call = {**call}
    before = call.pop("before", None)
    if call["status"] == "invalid" and before is not None:
        problem = refused_edit(call["tool"], call["problem"].split("\n"))
        return cast("CallRecord", {**before, "problem": problem})
    if call["status"] == "invalid":
        return call
    outcome = call.get("verdict", {}).get("outcome")
    if outcome == Outcome.REFUSE:
        return {**call, "status": "refused"}
    if dry and writes(BY_NAME[call["tool"]]):
        return {**call, "status": "planned"}
    runs = outcome == Outcome.RUN or (outcome == Outcome.ASK and before is not None)
    return {**call, "status": "approved"} if runs else call


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
    call.pop("problem", None)
    if decision.kind == "approve":
        return {**call, "status": "approved"}
    if decision.kind == "edit" and decision.args is not None:
        return _edited(call, decision.args)
    if decision.kind == "respond":
        return {**call, "status": "answered", "problem": decision.message}
    return {**call, "status": "rejected", "problem": decision.message}


def _edited(call: CallRecord, args: Mapping[str, Any]) -> CallRecord:
    """To be looked at anew: what was found for other arguments counts no more.

    What the user changed is theirs; what they left keeps its origin, also inside a list.
    """
    kept = {k: v for k, v in call.items() if k not in ("preview", "resolved", "verdict")}
    known = call.get("typed", {})
    typed: dict[str, list[str]] = {}
    for name, value in args.items():
        left = _values(call["args"].get(name)) - set(known.get(name, ()))
        if new := _values(value) - left:
            typed[name] = sorted(new)
    again = {**kept, "args": dict(args), "typed": typed, "before": dict(call)}
    return cast("CallRecord", again)


def _values(argument: object) -> set[str]:
    return {normalise(text) for _path, text in leaves(argument)}


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
    task: CallTask = {"call": call, "language": desk.language, "back": desk.back}
    task["turn"], task["architecture"] = turn_in(desk.window), desk.architecture
    if delegates(call["tool"]):
        task["said"] = list(desk.window)
    return task


def _warnings(call: CallRecord) -> list[str]:
    return list(call.get("verdict", {}).get("warnings", ()))


def _told(call: CallRecord) -> ToolMessage:
    """What the model is told of a call that did not run."""
    problem = call.get("problem", "")
    contents: dict[str, dict[str, Any]] = {
        "invalid": {"error": f"not run: {problem}"},
        "refused": {"error": "not run: the policy refuses it", "reasons": _warnings(call)},
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
