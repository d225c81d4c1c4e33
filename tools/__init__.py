"""The tools a model may call, by name, and who may use them."""

from collections.abc import Mapping

from langchain_core.tools import BaseTool

from tools.gmail import GMAIL_TOOLS
from tools.google_calendar import CALENDAR_TOOLS
from tools.google_chat import CHAT_TOOLS
from tools.google_contacts import CONTACTS_TOOLS
from tools.google_docs import DOCS_TOOLS
from tools.google_drive import DRIVE_TOOLS
from tools.google_maps import MAPS_TOOLS
from tools.google_sheets import SHEETS_TOOLS
from tools.google_slides import SLIDES_TOOLS
from tools.memory import MEMORY_TOOLS
from tools.slack_channel import SLACK_TOOLS
from tools.whatsapp import WHATSAPP_TOOLS
from tools.workspace import workspace
from zantara.identity import Role, User
from zantara.toolkit import delegates

__all__ = ["BY_NAME", "direct_tools_for", "tools_for", "workspace_tools_for"]

_MESSAGING: tuple[BaseTool, ...] = (*WHATSAPP_TOOLS, *SLACK_TOOLS, *CHAT_TOOLS)
_WORKSPACE: tuple[BaseTool, ...] = (
    *DRIVE_TOOLS,
    *DOCS_TOOLS,
    *SHEETS_TOOLS,
    *SLIDES_TOOLS,
    *CONTACTS_TOOLS,
)
_COMPANY = (*CALENDAR_TOOLS, *GMAIL_TOOLS, *_MESSAGING, workspace)

BY_NAME: Mapping[str, BaseTool] = {
    tool.name: tool for tool in (*_COMPANY, *MAPS_TOOLS, *MEMORY_TOOLS, *_WORKSPACE)
}

_OF_ROLE: Mapping[Role, tuple[BaseTool, ...]] = {
    Role.PUBLIC: MAPS_TOOLS,
    Role.CLIENT: (*MAPS_TOOLS, *MEMORY_TOOLS),
    Role.STAFF: (*_COMPANY, *MAPS_TOOLS, *MEMORY_TOOLS),
    Role.OWNER: (*_COMPANY, *MAPS_TOOLS, *MEMORY_TOOLS),
}


def tools_for(user: User) -> tuple[BaseTool, ...]:
    """The orchestrator's. Calendar, mail, channels and files are the company's own: for its people."""
    return _OF_ROLE[user.role]


def direct_tools_for(user: User) -> tuple[BaseTool, ...]:
    """Every tool of this user, those for files and contacts too, and none that hands a task on."""
    own = (tool for tool in tools_for(user) if not delegates(tool.name))
    return (*own, *workspace_tools_for(user))


def workspace_tools_for(user: User) -> tuple[BaseTool, ...]:
    """The workspace model's, in its subgraph."""
    return _WORKSPACE if user.role in (Role.STAFF, Role.OWNER) else ()
