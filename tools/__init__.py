"""The tools a model may call, by name, and who may use them."""

from collections.abc import Mapping

from langchain_core.tools import BaseTool

from tools.gmail import GMAIL_TOOLS
from tools.google_calendar import CALENDAR_TOOLS
from zantara.identity import Role, User

__all__ = ["BY_NAME", "tools_for"]

BY_NAME: Mapping[str, BaseTool] = {tool.name: tool for tool in (*CALENDAR_TOOLS, *GMAIL_TOOLS)}

_ALL = tuple(BY_NAME.values())


def tools_for(user: User) -> tuple[BaseTool, ...]:
    """Calendar and mail are the company's own: for staff and owner only."""
    return _ALL if user.role in (Role.STAFF, Role.OWNER) else ()
