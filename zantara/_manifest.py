"""Graph ids and where their graphs are: langgraph.json, so that nothing in zantara imports graphs."""

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from zantara._refusals import BadRequestError

__all__ = ["load_graph"]

_ROOT = Path(__file__).parents[1]
_UNSERVED = {"undo": "graphs.undo:undo"}
"""Graphs that the runner runs and no server offers: they take no messages."""


@cache
def _manifest() -> dict[str, str]:
    return dict(json.loads((_ROOT / "langgraph.json").read_text("utf-8"))["graphs"])


def load_graph(graph_id: str) -> Any:
    """The compiled graph of an id. Raises BadRequestError for another id."""
    where = _manifest().get(graph_id) or _UNSERVED.get(graph_id)
    if where is None:
        raise BadRequestError(
            f"architecture: {graph_id!r} is not known; accepted: {', '.join(_manifest())}"
        )
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)
