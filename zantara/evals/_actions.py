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
from zantara.evals._statistics import Scored, summarise, summarise_by
from zantara.evals.seeds import Ground, Target, seed
from zantara.identity import User
from zantara.knowledge import Knowledge
from zantara.runner import Runner, load_graph
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["run_actions"]

# The graph's node that runs a family of the evaluation files, where their names differ.
_NODES = {
    **dict.fromkeys(("whatsapp", "slack", "googlechat"), "messaging"),
    **dict.fromkeys(("drive", "docs", "sheets", "slides", "contacts"), "workspace"),
}


async def run_actions(
    rows: Sequence[ActionRow],
    settings: Settings,
    user: User,
    *,
    graph: str = "hybrid",
    done: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """Play every row in a data folder that is thrown away, its clock frozen at the row's `now`.

    The knowledge is that of `settings.home`. `done` is called after each row.
    """
    nodes = frozenset(load_graph(graph).nodes)
    knowledge = await asyncio.to_thread(lambda: Services.from_settings(settings).knowledge)
    scored = []
    for row in rows:
        scored.append(await _play(row, settings, user, graph=graph, nodes=nodes, know=knowledge))
        done()
    return {
        **summarise(scored, METRICS),
        "by": summarise_by(scored, METRICS, ("language", "stratum")),
        "failures": [row.failure for row in scored if row.failure],
    }


async def _play(
    row: ActionRow,
    settings: Settings,
    user: User,
    *,
    graph: str,
    nodes: frozenset[str],
    know: Knowledge,
) -> Scored:
    tools = dict.fromkeys(call.tool for call in row.expected_calls)
    has = {tool: _node(tool) in nodes for tool in tools}
    families = frozenset(tool.partition(".")[0] for tool, there in has.items() if there)
    with tempfile.TemporaryDirectory(prefix="zantara-eval-") as folder:
        own = settings.model_copy(update={"home": Path(folder)})
        services = Services.from_settings(own, clock=FixedClock(row.now))
        services.knowledge = know
        played, targets = await _played(row, Ground(services, user), graph, families)
    missing = [tool for tool, there in has.items() if not there]
    return score_row(row, played, targets=targets, missing=missing)


async def _played(
    row: ActionRow, ground: Ground, graph: str, families: frozenset[str]
) -> tuple[Played, dict[int, Target]]:
    async with Runner.open(ground.services, ground.user, graph=graph) as runner:
        try:
            targets = await seed(ground, row, families=families)
        except Exception as error:
            return Played(error=f"the row could not be set up: {type(error).__name__}: {error}"), {}
        return await play(runner, row), targets


def _node(tool: str) -> str:
    family = tool.partition(".")[0]
    return _NODES.get(family, family)
