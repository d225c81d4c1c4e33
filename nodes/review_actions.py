"""The gate: reads pass, all writes of one step are put before the user in one interrupt."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._review import Desk, review
from tools import tools_for
from zantara.context import Context
from zantara.identity import user_of
from zantara.state import State

__all__ = ["review_actions"]


async def review_actions(
    state: State, runtime: Runtime[Context]
) -> Command[
    Literal[
        "orchestrate",
        "review_actions",
        "calendar",
        "gmail",
        "maps",
        "memory",
        "messaging",
        "workspace",
    ]
]:
    """Check, trace and preview the orchestrator's calls; ask where they write."""
    desk = Desk(
        calls=state["calls"],
        problems=state["problems"],
        window=state["messages"],
        language=state["language"],
        available=tools_for(user_of(runtime)),
        earlier=bool(state.get("transcript_head")),
        back="orchestrate",
        architecture=state["architecture"],
    )
    return await review(desk, runtime)
