"""The gate: reads pass, all writes of one step are put before the user in one interrupt."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._arms import asking
from nodes._review import Desk, review
from zantara.context import Context
from zantara.identity import user_of
from zantara.state import State

__all__ = ["review_actions"]


async def review_actions(
    state: State, runtime: Runtime[Context]
) -> Command[
    Literal[
        "orchestrate",
        "specialist",
        "review_actions",
        "calendar",
        "gmail",
        "maps",
        "memory",
        "messaging",
        "files",
        "contacts",
        "workspace",
    ]
]:
    """Check, trace and preview the calls that the model of the turn asks for; ask where they write."""
    part = asking(state, user_of(runtime))
    desk = Desk(
        calls=state["calls"],
        problems=state["problems"],
        window=state["messages"],
        language=state["language"],
        available=part.tools,
        earlier=bool(state.get("transcript_head")),
        back=part.node,
        architecture=state["architecture"],
    )
    return await review(desk, runtime)
