"""What every tool is made with: its call, its result, its errors and its place in the house."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from langchain_core.tools import BaseTool, tool
from langgraph.store.base import BaseStore

from zantara.gate.provenance import Provenance
from zantara.identity import User

__all__ = [
    "Call",
    "CallNotes",
    "OutcomeUnknownError",
    "Preview",
    "ToolError",
    "ToolResult",
    "ToolSpec",
    "declare",
    "delegates",
    "evaluation_name",
    "family_of",
    "spec_of",
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
    resolved: Mapping[str, str] = field(default_factory=dict)
    """What the preview found and the user approved: the id that "the dentist" meant, say."""
    store: BaseStore | None = None
    """The graph's store, where the user's own memory is."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a write would do, found out by reading alone.

    shows: JSON-able, what the user is asked to approve or a dry run tells: the matched event, the
    whole mail. resolved: ids that the approved call acts on, whatever its words would find by then.
    """

    shows: dict[str, Any]
    resolved: dict[str, str] = field(default_factory=dict)


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


PreviewFunction = Callable[..., Awaitable[Preview]]
UndoFunction = Callable[[Call, Mapping[str, Any]], Awaitable[ToolResult]]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What the house knows of a tool beside its schema.

    family: the graph node that runs it. writes: it changes something, so that it is journalled and
    done once. asks: the gate always asks before it runs; a write that does not ask changes the user's
    own data here and is asked only where a value came from outside.
    preview: like the tool, with the same arguments, reading alone; raises ToolError where the call
    could not work. undo: takes the undo's own call and the `data` of the result to reverse; raises
    ToolError where it cannot be reversed any more. A text says why it can never be.
    delegates: it hands a task to another model, whose own calls are what is done.
    """

    family: str
    writes: bool
    asks: bool
    preview: PreviewFunction | None = None
    undo: UndoFunction | str = ""
    delegates: bool = False


_SPECS: dict[str, ToolSpec] = {}


def declare(
    *,
    family: str,
    writes: bool,
    asks: bool | None = None,
    preview: PreviewFunction | None = None,
    undo: UndoFunction | str = "",
    delegates: bool = False,
) -> Callable[[Callable[..., Any]], BaseTool]:
    """Make an async function a tool of `family`; see ToolSpec for the rest.

    The docstring is the tool's description, Google style `Args:` describe its arguments. The
    parameter `call: Annotated[Call, InjectedToolArg]` is filled by the node and hidden from models.
    """
    if writes and not undo:
        raise TypeError(f"a write of {family} says how it is undone, or why it cannot be")

    def wrap(function: Callable[..., Any]) -> BaseTool:
        made = tool(parse_docstring=True)(function)
        asking = writes if asks is None else asks
        _SPECS[made.name] = ToolSpec(family, writes, asking, preview, undo, delegates)
        return made

    return wrap


def spec_of(made: BaseTool) -> ToolSpec:
    """What `declare` was told of this tool."""
    return _SPECS[made.name]


def family_of(made: BaseTool) -> str:
    """The tool node that runs this tool."""
    return spec_of(made).family


def writes(made: BaseTool) -> bool:
    """Whether the tool changes something, so that it is journalled and done once."""
    return spec_of(made).writes


def delegates(name: str) -> bool:
    """Whether a tool of this name hands its task to another model."""
    return name in _SPECS and _SPECS[name].delegates


def evaluation_name(name: str) -> str:
    """`calendar_list` -> `calendar.list`: the name in evaluation files."""
    return name.replace("_", ".", 1)
