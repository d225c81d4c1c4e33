"""The one flat graph. Wiring only: nodes decide, routers route, nothing else happens here."""

from functools import partial
from typing import Any

from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graphs.workspace import build_workspace
from nodes.answer_exactly import answer_exactly
from nodes.choose_architecture import choose_architecture, route_turn
from nodes.delegate_to_workspace import delegate_to_workspace
from nodes.orchestrate import orchestrate
from nodes.recall_knowledge import recall_knowledge
from nodes.review_actions import review_actions
from nodes.run_call import run_call
from nodes.verify_answer import verify_answer
from zantara.context import Context
from zantara.state import CallTask, Input, Output, State

__all__ = ["build", "hybrid"]

_FAMILIES = ("calendar", "gmail", "maps", "memory", "messaging")


def build(preset: str = "") -> StateGraph[State, Context, Input, Output]:
    """The graph of one turn; `preset` fixes the arm, as the graph ids of langgraph.json do."""
    graph = StateGraph(State, Context, input_schema=Input, output_schema=Output)
    graph.add_node("choose_architecture", partial(choose_architecture, preset=preset))
    graph.add_node(recall_knowledge)
    graph.add_node(answer_exactly)
    graph.add_node(orchestrate)
    graph.add_node(review_actions)
    for family in _FAMILIES:
        graph.add_node(family, run_call, input_schema=CallTask)
    subgraph = build_workspace().compile(name="workspace")
    delegate = partial(delegate_to_workspace, graph=subgraph)
    graph.add_node("workspace", delegate, input_schema=CallTask)
    graph.add_node(verify_answer)

    graph.add_edge(START, "choose_architecture")
    graph.add_conditional_edges("choose_architecture", route_turn)
    graph.add_edge("answer_exactly", "verify_answer")
    for family in (*_FAMILIES, "workspace"):
        graph.add_edge(family, "orchestrate")
    return graph


def _compiled(name: str) -> CompiledStateGraph[Any, Any, Any, Any]:
    return build(name).compile(name=name)


hybrid = _compiled("hybrid")
