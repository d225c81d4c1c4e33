"""The node `workspace` of the subgraph: one call to Drive, Docs, Sheets, Slides or contacts."""

from typing import Any

from langgraph.runtime import Runtime

from nodes._run_call import run_call
from zantara.context import Context
from zantara.state import CallTask

__all__ = ["run_workspace_call"]


async def run_workspace_call(state: CallTask, runtime: Runtime[Context]) -> dict[str, Any]:
    """Run one workspace call and hand its result to the workspace model."""
    return await run_call(state, runtime)
