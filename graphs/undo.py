"""Reverse what a thread has done. Wiring only."""

from langgraph.graph import START, StateGraph

from nodes.plan_undo import plan_undo
from nodes.reverse_call import reverse_call
from zantara.context import Context
from zantara.state import UndoState

__all__ = ["undo"]


def _build() -> StateGraph[UndoState, Context]:
    graph = StateGraph(UndoState, Context)
    graph.add_node(plan_undo)
    graph.add_node(reverse_call)
    graph.add_edge(START, "plan_undo")
    return graph


undo = _build().compile(name="undo")
