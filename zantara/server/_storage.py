"""The dev server's checkpoints and store: the data folder's own, so that they survive kill -9.

What the development server keeps by itself is written to disk every ten seconds.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.store.base import BaseStore

from zantara._outlets import guard
from zantara._storage import open_checkpoints, open_store
from zantara.masking import load_rules
from zantara.services import Services, current
from zantara.toolkit import arguments_of

__all__ = ["checkpoints", "store"]


@asynccontextmanager
async def checkpoints() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """One connection for each of the server's event loops."""
    known = (await asyncio.to_thread(_checked)).settings
    async with open_checkpoints(known.home, known.encryption_key) as saver:
        yield saver


@asynccontextmanager
async def store() -> AsyncIterator[BaseStore]:
    known = (await asyncio.to_thread(_checked)).settings
    async with open_store(known.home) as opened:
        yield opened


def _checked() -> Services:
    """Reads settings and policy from disk, here and not in a node: with a wrong one nothing starts.

    Whatever the server logs or traces from here on is masked.
    """
    services = current()
    guard(services.settings)
    load_rules()
    services.check_policy(arguments_of())
    return services
