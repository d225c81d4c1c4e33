"""The node `maps`: one place call as one task."""

from typing import Any

from langgraph.runtime import Runtime

from nodes._run_call import run_call
from zantara.context import Context
from zantara.state import CallTask

__all__ = ["run_maps_call"]


async def run_maps_call(state: CallTask, runtime: Runtime[Context]) -> dict[str, Any]:
    """Run one place call and hand its result to the model."""
    return await run_call(state, runtime)
