"""What the LangGraph server asks of us: who is calling, and where threads are kept."""

from zantara.server._auth import auth
from zantara.server._storage import checkpoints, store

__all__ = ["auth", "checkpoints", "store"]
