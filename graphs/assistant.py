"""The one flat graph. Wiring only: nodes decide, nothing else happens here.

Every graph id has all nodes, so that a turn which waits for a decision ends on the arm that asked,
whichever id goes on with it. `destinations` are for the picture: where the arm of an id goes.
"""

from functools import partial
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graphs.workspace import build_workspace
from nodes.answer_exactly import answer_exactly
from nodes.choose_architecture import choose_architecture
from nodes.classify_turn import classify_turn
from nodes.delegate_to_workspace import delegate_to_workspace
from nodes.orchestrate import orchestrate
from nodes.recall_knowledge import recall_knowledge
from nodes.review_actions import review_actions
from nodes.run_call import run_call
from nodes.verify_answer import verify_answer
from zantara.context import Context
from zantara.state import CallTask, Input, Output, State

__all__ = ["baseline", "budget", "build", "centro", "hybrid", "zantara"]

_FAMILIES = ("calendar", "gmail", "maps", "memory", "messaging")
_DIRECT = (*_FAMILIES, "files", "contacts")
_TOOLS = {"": (*_DIRECT, "workspace"), "hybrid": (*_FAMILIES, "workspace")}
_ASKING = {"": ("orchestrate", "specialist"), "budget": ("specialist",)}


def build(preset: str = "") -> StateGraph[State, Context, Input, Output]:
    """The graph of one turn; `preset` fixes the arm, as the graph ids of langgraph.json do."""
    asking, tools = _ASKING.get(preset, ("orchestrate",)), _TOOLS.get(preset, _DIRECT)
    classified = {"": ("orchestrate", "classify"), "budget": ("classify",)}.get(preset, asking)
    graph = StateGraph(State, Context, input_schema=Input, output_schema=Output)
    graph.add_edge(START, "choose_architecture")
    graph.add_node(
        "choose_architecture",
        partial(choose_architecture, preset=preset),
        destinations=("recall_knowledge", *asking, "verify_answer"),
    )
    graph.add_node(recall_knowledge, destinations=("answer_exactly", *classified))
    graph.add_node(answer_exactly)
    graph.add_edge("answer_exactly", "verify_answer")
    graph.add_node("classify", classify_turn)
    graph.add_node(orchestrate)
    graph.add_node("specialist", orchestrate)
    graph.add_node(review_actions, destinations=(*asking, "review_actions", *tools))
    for family in _DIRECT:
        graph.add_node(family, run_call, input_schema=CallTask, destinations=asking)
    subgraph = build_workspace().compile(name="workspace")
    delegate = partial(delegate_to_workspace, graph=subgraph)
    graph.add_node("workspace", delegate, input_schema=CallTask, destinations=("orchestrate",))
    graph.add_node(verify_answer, destinations=(*asking, END))
    return graph


def _compiled(name: str, preset: str) -> CompiledStateGraph[Any, Any, Any, Any]:
    return build(preset).compile(name=name)


hybrid = _compiled("hybrid", "hybrid")
centro = _compiled("centro", "centro")
budget = _compiled("budget", "budget")
baseline = _compiled("baseline", "baseline")
zantara = _compiled("zantara", "")
