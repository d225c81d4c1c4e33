"""The dev server's checkpoints and store: the data folder's own, so that they survive kill -9.

What the development server keeps by itself is written to disk every ten seconds.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.store.base import BaseStore

from zantara._storage import open_checkpoints, open_store
from zantara.services import current

__all__ = ["checkpoints", "store"]


@asynccontextmanager
async def checkpoints() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """One connection for each of the server's event loops."""
    services = await asyncio.to_thread(current)  # reads settings from disk, here and not in a node
    async with open_checkpoints(services.settings.home) as saver:
        yield saver


@asynccontextmanager
async def store() -> AsyncIterator[BaseStore]:
    services = await asyncio.to_thread(current)
    async with open_store(services.settings.home) as opened:
        yield opened
