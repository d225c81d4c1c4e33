"""What every tool is made with: its call, its result, its errors and its place in the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from langchain_core.tools import BaseTool, tool

from zantara.gate.provenance import Provenance
from zantara.identity import User

__all__ = [
    "Call",
    "CallNotes",
    "OutcomeUnknownError",
    "ToolError",
    "ToolResult",
    "declare",
    "evaluation_name",
    "family_of",
    "writes",
]


@runtime_checkable  # LangChain checks injected arguments with isinstance
class CallNotes(Protocol):
    """The journal entry of one call: facts that survive a crash, written before they are used."""

    @property
    def facts(self) -> Mapping[str, str]: ...

    async def note(self, **facts: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """What a tool is told beside the model's arguments. `id` is the idempotency key of a write."""

    id: str
    user: User
    now: datetime
    timezone: ZoneInfo
    language: str
    notes: CallNotes


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A tool's answer.

    data: JSON-able, what the model reads.
    provenance: JSON path pattern ("events[].summary"; "" is the default of all others) -> class.
    """

    data: dict[str, Any]
    provenance: dict[str, Provenance] = field(default_factory=lambda: {"": Provenance.SYSTEM})


class ToolError(Exception):
    """The call did nothing; `args[0]` says what was wrong and what is accepted."""


class OutcomeUnknownError(Exception):
    """The call may have acted. Never retried; `args[0]` says how to check."""


def declare(*, family: str, writes: bool) -> Callable[[Callable[..., Any]], BaseTool]:
    """Make an async function a tool of `family` (the graph node that runs it).

    The docstring is the tool's description, Google style `Args:` describe its arguments. The
    parameter `call: Annotated[Call, InjectedToolArg]` is filled by the node and hidden from models.
    """

    def wrap(function: Callable[..., Any]) -> BaseTool:
        made = tool(parse_docstring=True)(function)
        made.metadata = {"family": family, "writes": writes}
        return made

    return wrap


def family_of(made: BaseTool) -> str:
    return str((made.metadata or {})["family"])


def writes(made: BaseTool) -> bool:
    """Whether the tool changes something outside, so that the gate asks first."""
    return bool((made.metadata or {})["writes"])


def evaluation_name(name: str) -> str:
    """`calendar_list` -> `calendar.list`: the name in evaluation files."""
    return name.replace("_", ".", 1)
