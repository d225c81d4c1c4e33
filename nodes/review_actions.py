"""The gate: reads pass, all writes of one step are put before the user in one interrupt."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from langchain_core.messages import ToolMessage
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send, interrupt
from pydantic import BaseModel, ValidationError

from nodes._turn import thread_of
from tools import BY_NAME, tools_for
from zantara import transcript
from zantara.context import Context
from zantara.gate.approval import Decision, DecisionError, parse_decisions, question
from zantara.gate.tracing import trace, wanted_values
from zantara.identity import User, user_of
from zantara.state import CallRecord, State
from zantara.toolkit import family_of, writes

__all__ = ["review_actions"]

Next = Literal["orchestrate", "review_actions", "calendar", "gmail"]


async def review_actions(state: State, runtime: Runtime[Context]) -> Command[Next]:
    """Check each proposed call against its schema, trace its arguments, ask where it writes.

    There is one interrupt in one task: an edited action comes back here in a new task and is checked
    again; an answer that cannot be used asks again and says why.
    """
    user = user_of(runtime)
    checked = [_checked(call, user) for call in state["calls"] if call["status"] == "proposed"]
    traced = await _traced(checked, state, runtime, user)
    asked = [call for call in traced if _must_ask(call)]
    decided: list[CallRecord] = []
    if asked:
        answer = interrupt(question(_with_problems(asked, state), _descriptions(asked)))
        try:
            decisions = parse_decisions(answer, asked)
        except DecisionError as error:
            return Command(goto="review_actions", update={"problems": [str(error)]})
        decided = [_decide(*pair) for pair in zip(asked, decisions, strict=True)]
    passed = [{**call, "status": "approved"} for call in traced if _passes(call)]
    return _onward(state, [*(c for c in traced if c["status"] == "invalid"), *decided, *passed])  # type: ignore[list-item]  # mypy widens a spread TypedDict


def _checked(call: CallRecord, user: User) -> CallRecord:
    tool = BY_NAME.get(call["tool"])
    if tool is None or tool not in tools_for(user):
        return {**call, "status": "invalid", "problem": f"tool {call['tool']!r} is not available"}
    schema = tool.tool_call_schema
    try:
        if isinstance(schema, type) and issubclass(schema, BaseModel):
            unknown = ", ".join(sorted(set(call["args"]) - set(schema.model_fields)))
            if unknown:
                accepted = ", ".join(schema.model_fields)
                return {**call, "status": "invalid", "problem": f"{unknown}: accepted: {accepted}"}
            schema.model_validate(call["args"])
    except ValidationError as error:
        return {**call, "status": "invalid", "problem": _explain(error)}
    return call


def _explain(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']} (got {one['input']!r:.80})"
        for one in error.errors(include_url=False)
    )


async def _traced(
    calls: Sequence[CallRecord], state: State, runtime: Runtime[Context], user: User
) -> list[CallRecord]:
    wanted = {value for call in calls for value in wanted_values(call["args"])}
    thread = thread_of(runtime)
    earlier = (
        await transcript.find_value(runtime.store, user.identity, thread, wanted)
        if runtime.store is not None and state.get("transcript_head")
        else {}
    )
    return [
        call
        if call.get("edited")
        else {**call, "provenance": trace(call["args"], state["messages"], earlier=earlier)}
        for call in calls
    ]


def _must_ask(call: CallRecord) -> bool:
    """Every outside write asks; one whose arguments the user has just edited has been asked.

    An edit that does not fit the schema is asked again, with what is wrong.
    """
    if call["status"] == "invalid":
        return bool(call.get("edited"))
    return writes(BY_NAME[call["tool"]]) and not call.get("edited")


def _passes(call: CallRecord) -> bool:
    return call["status"] == "proposed" and not _must_ask(call)


def _with_problems(asked: Sequence[CallRecord], state: State) -> list[CallRecord]:
    problem = state["problems"][-1] if state["problems"] else ""
    return [{**call, "problem": problem} if problem else call for call in asked]


def _descriptions(calls: Sequence[CallRecord]) -> dict[str, str]:
    tools = {call["tool"]: BY_NAME[call["tool"]] for call in calls if call["tool"] in BY_NAME}
    return {name: tool.description.split("\n")[0] for name, tool in tools.items()}


def _decide(call: CallRecord, decision: Decision) -> CallRecord:
    call = {**call}
    call.pop("problem", None)
    if decision.kind == "approve" and not call.get("edited"):
        return {**call, "status": "approved"}
    if decision.kind == "edit" and decision.args is not None:
        return _edited(call, decision)
    if decision.kind == "respond":
        return {**call, "status": "answered", "problem": decision.message}
    if decision.kind == "approve":  # of an edit that does not fit: the edit must be mended first
        return {**call, "status": "proposed"}
    return {**call, "status": "rejected", "problem": decision.message}


def _edited(call: CallRecord, decision: Decision) -> CallRecord:
    """What the user changed is theirs; what they left keeps its origin."""
    args = dict(decision.args or {})
    origins = {
        name: call["provenance"][name]
        if name in call["provenance"] and call["args"].get(name) == value
        else {"provenance": "user", "source": "your edit"}
        for name, value in args.items()
    }
    return {**call, "args": args, "provenance": origins, "status": "proposed", "edited": True}  # type: ignore[typeddict-item]  # mypy widens the dict of origins


def _onward(state: State, settled: Sequence[CallRecord]) -> Command[Next]:
    update: dict[str, Any] = {
        "calls": list(settled),
        "messages": [_told(call) for call in settled if call["status"] in _TOLD],
        "problems": Overwrite([]),
    }
    if any(call["status"] == "proposed" for call in settled):
        return Command(goto="review_actions", update=update)
    waiting = [c for c in state["calls"] if c["status"] == "approved"]
    settled_ids = {call["call_id"] for call in settled}
    ready = [c for c in waiting if c["call_id"] not in settled_ids]
    ready += [call for call in settled if call["status"] == "approved"]
    sends = [
        Send(family_of(BY_NAME[call["tool"]]), {"call": call, "language": state["language"]})
        for call in ready
    ]
    return Command(goto=sends or "orchestrate", update=update)


_TOLD = ("invalid", "rejected", "answered")


def _told(call: CallRecord) -> ToolMessage:
    """What the model is told of a call that did not run."""
    problem = call.get("problem", "")
    content: dict[str, str] = {
        "invalid": {"error": f"not run: {problem}"},
        "rejected": {"error": "not run: the user rejected it", "reason": problem},
        "answered": {"answer_of_the_user": problem},
    }[str(call["status"])]
    return ToolMessage(
        json.dumps(content, ensure_ascii=False),
        id=f"tool_{call['call_id']}",
        tool_call_id=call["call_id"],
        name=call["tool"],
        status="success" if call["status"] == "answered" else "error",
        artifact={"provenance": {"": "user" if call["status"] == "answered" else "system"}},
    )
