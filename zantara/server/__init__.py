"""What the LangGraph server asks of us: who is calling."""

from zantara.server._auth import auth

__all__ = ["auth"]
