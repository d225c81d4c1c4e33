"""One step of the workspace model: calls to Drive, Docs, Sheets, Slides and contacts, or its report."""

from typing import Any, Literal

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._prompt import as_data, standing_text, turn_block
from nodes._step import asked_of, call_message, proposals, recorded_step, take_step, usage_of
from nodes._turn import local_now
from tools import workspace_tools_for
from zantara.context import Context
from zantara.identity import user_of
from zantara.services import current
from zantara.state import WorkspaceState

__all__ = ["plan_workspace"]

_ROLE = "workspace"
_STANDING = "delegated"
_MOST_STEPS = 6
_BROKEN = "The report broke off. The results say what was done."


async def plan_workspace(
    state: WorkspaceState, runtime: Runtime[Context]
) -> Command[Literal["review_actions", "__end__"]]:
    """Ask the workspace model for the next calls, or for its report when the task is done."""
    step = await recorded_step(runtime) or await _ask(state, runtime)
    update: dict[str, Any] = {"steps": state["steps"] + 1, "usage": usage_of(step)}
    if not step["tool_calls"] or state["steps"] >= _MOST_STEPS:
        report = _BROKEN if step.get("broken") else step["text"]
        return Command(goto="__end__", update={**update, "report": report})
    update |= {"messages": [call_message(step)], "calls": proposals(step)}
    return Command(goto="review_actions", update=update)


async def _ask(state: WorkspaceState, runtime: Runtime[Context]) -> dict[str, Any]:
    context, user = runtime.context or Context(), user_of(runtime)
    block = turn_block(
        now=local_now(current(), context),
        timezone=context.timezone,
        language=state["language"],
        user=user,
        passages=(),
    )
    material = (
        f"<material>\n{as_data(state['material'])}\n</material>\n" if state["material"] else ""
    )
    prompt: list[BaseMessage] = [
        SystemMessage(standing_text(_STANDING)),
        HumanMessage(f"{block}\n{material}{as_data(state['task'])}"),
        *state["messages"],
    ]
    exhausted = state["steps"] >= _MOST_STEPS
    return await take_step(
        prompt,
        asked=asked_of(runtime, state, role=_ROLE, node="plan_workspace"),
        tools=() if exhausted else workspace_tools_for(user),
    )
