"""Requests: each in an account of its own, at its own time, approvals answered with yes."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from zantara.clock import FixedClock
from zantara.evals._files import ActionRow
from zantara.evals._played import Played, play
from zantara.evals._score import METRICS, score_row
from zantara.evals._statistics import summarise, summarise_by
from zantara.evals.seeds import Ground, Target, seed
from zantara.identity import User
from zantara.runner import Runner, load_graph
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["run_actions"]

# The graph's node that runs a family of the evaluation files, where their names differ.
_NODES = {
    **dict.fromkeys(("whatsapp", "slack", "googlechat"), "messaging"),
    **dict.fromkeys(("drive", "docs", "sheets", "slides"), "files"),
}


async def run_actions(
    rows: Sequence[ActionRow],
    settings: Settings,
    user: User,
    *,
    graph: str = "hybrid",
    services: Callable[..., Services] = Services.from_settings,
    done: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """Play every row in a data folder that is thrown away, its clock frozen at the row's `now`.

    The knowledge is that of `settings.home`. `services` makes what the graph works with, from
    settings and a clock; `done` is called after each row.
    """
    nodes = frozenset(load_graph(graph).nodes)
    knowledge = await asyncio.to_thread(lambda: Services.from_settings(settings).knowledge)
    scored = []
    for row in rows:
        tools = dict.fromkeys(call.tool for call in row.expected_calls)
        missing = [tool for tool in tools if _node(tool) not in nodes]
        with tempfile.TemporaryDirectory(prefix="zantara-eval-") as folder:
            own = settings.kept_here(Path(folder))
            ground = Ground(services(own, clock=FixedClock(row.now)), user)
            ground.services.knowledge = knowledge
            played, targets = await _played(row, ground, graph, missing)
        scored.append(score_row(row, played, targets=targets, missing=missing))
        done()
    return {
        **summarise(scored, METRICS),
        "by": summarise_by(scored, METRICS, ("language", "stratum")),
        "failures": [row.failure for row in scored if row.failure],
    }


async def _played(
    row: ActionRow, ground: Ground, graph: str, missing: Sequence[str]
) -> tuple[Played, dict[int, Target]]:
    async with Runner.open(ground.services, ground.user, graph=graph) as runner:
        try:
            targets = await seed(ground, row, missing=missing)
        except Exception as error:
            return Played(error=f"the row could not be set up: {type(error).__name__}: {error}"), {}
        return await play(runner, row), targets


def _node(tool: str) -> str:
    family = tool.partition(".")[0]
    return _NODES.get(family, family)
