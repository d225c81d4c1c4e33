"""Graph ids and where their graphs are: langgraph.json, so that nothing in zantara imports graphs."""

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from zantara._refusals import BadRequestError

__all__ = ["load_graph", "load_undo"]

_ROOT = Path(__file__).parents[1]


@cache
def _manifest() -> dict[str, str]:
    return dict(json.loads((_ROOT / "langgraph.json").read_text("utf-8"))["graphs"])


def load_graph(graph_id: str) -> Any:
    """The compiled graph of an id. Raises BadRequestError for another id."""
    if graph_id not in _manifest():
        raise BadRequestError(
            f"architecture: {graph_id!r} is not known; accepted: {', '.join(_manifest())}"
        )
    return _at(_manifest()[graph_id])


def load_undo() -> Any:
    """The graph that reverses calls. No server offers it: it takes no messages."""
    return _at("graphs.undo:undo")


def _at(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)
