"""The gate of the workspace subgraph: the same rules, for the calls that its own model makes."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._review import Desk, review
from tools import workspace_tools_for
from zantara.context import Context
from zantara.identity import user_of
from zantara.state import WorkspaceState

__all__ = ["review_workspace_actions"]


async def review_workspace_actions(
    state: WorkspaceState, runtime: Runtime[Context]
) -> Command[Literal["plan_workspace", "review_actions", "files", "contacts"]]:
    """Trace values in the conversation around the task: the task's own words are a model's."""
    desk = Desk(
        calls=state["calls"],
        problems=state["problems"],
        window=[*state["said"], *state["messages"]],
        language=state["language"],
        available=workspace_tools_for(user_of(runtime)),
        earlier=False,
        back="plan_workspace",
        architecture=state["architecture"],
    )
    return await review(desk, runtime)
