"""Prices, codes and visa facts, from the tables and with no model call."""

import asyncio
from typing import Any

from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime

from zantara.context import Context
from zantara.services import Services, current
from zantara.state import State

__all__ = ["answer_exactly"]


async def answer_exactly(state: State, runtime: Runtime[Context]) -> dict[str, Any]:
    """The table's answer as this turn's draft, its rows as the evidence."""
    return await asyncio.to_thread(_answer, current(), state)


def _answer(services: Services, state: State) -> dict[str, Any]:
    question = next(m.text for m in reversed(state["messages"]) if isinstance(m, HumanMessage))
    found = services.knowledge.exact(question, language=state["language"])
    if found is None:  # the pack changed between two nodes: verify_answer says that it is not known
        return {"draft": "", "passages": []}
    digests = [{"id": row_id, "digest": ""} for row_id in found.row_ids]
    return {"draft": found.text, "passages": digests, "model": "none (exact answer)"}
