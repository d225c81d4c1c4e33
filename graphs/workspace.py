"""The workspace subgraph: its own model, its own gate, one task a call. Wiring only."""

from langgraph.graph import START, StateGraph

from nodes.plan_workspace import plan_workspace
from nodes.review_workspace_actions import review_workspace_actions
from nodes.run_call import run_call
from zantara.context import Context
from zantara.state import CallTask, WorkspaceState

__all__ = ["build_workspace"]


def build_workspace() -> StateGraph[WorkspaceState, Context]:
    """The graph of one delegated task."""
    graph = StateGraph(WorkspaceState, Context)
    graph.add_node(plan_workspace)
    graph.add_node("review_actions", review_workspace_actions)
    for family in ("files", "contacts"):
        graph.add_node(family, run_call, input_schema=CallTask, destinations=("plan_workspace",))

    graph.add_edge(START, "plan_workspace")
    return graph
