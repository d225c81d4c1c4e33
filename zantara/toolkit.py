"""What every tool is made with: its call, its result, its errors and its place in the house."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast, runtime_checkable
from zoneinfo import ZoneInfo

from langchain_core.tools import BaseTool, tool
from langgraph.store.base import BaseStore
from pydantic import BaseModel

from zantara.gate.arguments import problems_of
from zantara.gate.kinds import Effect, Kind
from zantara.gate.naming import Thing
from zantara.gate.provenance import Provenance
from zantara.identity import User

__all__ = [
    "Call",
    "CallNotes",
    "Effect",
    "Kind",
    "OutcomeUnknownError",
    "Preview",
    "Thing",
    "ToolError",
    "ToolResult",
    "ToolSpec",
    "arguments_of",
    "check_all",
    "declare",
    "delegates",
    "evaluation_name",
    "family_of",
    "schema_of",
    "spec_named",
    "spec_of",
    "writes",
    "wrong_arguments",
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
    tainted: bool = False
    """Something in the arguments comes from outside: what is made from them is not the user's own."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a write would do, found out by reading alone.

    shows: JSON-able, what the user is asked to approve or a dry run tells: the matched event, the
    whole mail. resolved: ids that the approved call acts on, whatever its words would find by then.
    things: what each target, by the words or id of the argument, was found to be. reached: who would
    be told of it or can read it, beside those in the arguments, with what they belong to.
    worked_out: of what it shows, the values that no argument says, each with how it was found.
    """

    shows: dict[str, Any]
    resolved: dict[str, str] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    reached: dict[str, Thing] = field(default_factory=dict)
    worked_out: dict[str, str] = field(default_factory=dict)


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


def check_all(*checks: Callable[[], object]) -> None:
    """Make every check, each of which may raise ToolError; raises one that tells all they found."""
    found: list[str] = []
    for check in checks:
        try:
            check()
        except ToolError as error:
            found.append(str(error))
    if found:
        raise ToolError("\n".join(found))


class OutcomeUnknownError(Exception):
    """The call may have acted. Never retried; `args[0]` says how to check."""


PreviewFunction = Callable[..., Awaitable[Preview]]
UndoFunction = Callable[[Call, Mapping[str, Any]], Awaitable[ToolResult]]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What the house knows of a tool beside its schema.

    family: the graph node that runs it. effect, args: what it does and what each argument is, which the
    policy goes by. tells: those in its recipient arguments are told at once.
    preview: like the tool, with the same arguments, reading alone; raises ToolError where the call
    could not work. undo: takes the undo's own call and the `data` of the result to reverse; raises
    ToolError where it cannot be reversed any more. A text says why it can never be.
    """

    family: str
    effect: Effect
    args: Mapping[str, Kind]
    tells: bool = False
    preview: PreviewFunction | None = None
    undo: UndoFunction | str = ""

    @property
    def writes(self) -> bool:
        """Whether the tool changes something, so that it is journalled and done once."""
        return self.effect not in (Effect.READ, Effect.DELEGATE)

    def effect_of(self, args: Mapping[str, Any], *, reaches: bool = False) -> Effect:
        """What this call does: a thing that others are told of, or can read, is theirs too.

        reaches: whether it has readers or guests beside those in the arguments.
        """
        told = self.tells and any(
            args.get(name) for name, kind in self.args.items() if kind is Kind.RECIPIENT
        )
        mine = self.effect in (Effect.CREATE, Effect.CHANGE)
        return Effect.INVITE if mine and (told or reaches) else self.effect


_SPECS: dict[str, ToolSpec] = {}
_SCHEMAS: dict[str, type[BaseModel]] = {}


def declare(
    *,
    family: str,
    effect: Effect,
    args: Mapping[str, Kind],
    tells: bool = False,
    preview: PreviewFunction | None = None,
    undo: UndoFunction | str = "",
) -> Callable[[Callable[..., Any]], BaseTool]:
    """Make an async function a tool of `family`; see ToolSpec for the rest.

    The docstring is the tool's description, Google style `Args:` describe its arguments. The
    parameter `call: Annotated[Call, InjectedToolArg]` is filled by the node and hidden from models.
    Raises TypeError for an argument without a kind: the gate would not know what it is.
    """
    spec = ToolSpec(family, effect, dict(args), tells, preview, undo)
    if spec.writes and not undo:
        raise TypeError(f"a write of {family} says how it is undone, or why it cannot be")

    def wrap(function: Callable[..., Any]) -> BaseTool:
        made = tool(parse_docstring=True)(function)
        schema = schema_of(made)
        if set(schema.model_fields) != set(args):
            raise TypeError(f"{made.name}: args says of each argument what it is, and of no other")
        _SPECS[made.name], _SCHEMAS[made.name] = spec, schema
        return made

    return wrap


def spec_of(made: BaseTool) -> ToolSpec:
    """What `declare` was told of this tool."""
    return _SPECS[made.name]


def spec_named(name: str) -> ToolSpec | None:
    """That of a tool by its name; None where there is no such tool."""
    return _SPECS.get(name)


def schema_of(made: BaseTool) -> type[BaseModel]:
    """The arguments of a call as a model gives them."""
    return cast("type[BaseModel]", made.tool_call_schema)


def wrong_arguments(name: str, args: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with the arguments for the tool of this name, if it is declared."""
    return problems_of(_SCHEMAS[name], args) if name in _SCHEMAS else []


def family_of(made: BaseTool) -> str:
    """The tool node that runs this tool."""
    return spec_of(made).family


def writes(made: BaseTool) -> bool:
    """Whether the tool changes something, so that it is journalled and done once."""
    return spec_of(made).writes


def delegates(name: str) -> bool:
    """Whether a tool of this name hands its task to another model."""
    return name in _SPECS and _SPECS[name].effect is Effect.DELEGATE


def arguments_of() -> dict[str, Mapping[str, Kind]]:
    """The arguments of every tool that is declared, and what they are."""
    return {name: spec.args for name, spec in _SPECS.items()}


def evaluation_name(name: str) -> str:
    """`calendar_list` -> `calendar.list`: the name in evaluation files."""
    return name.replace("_", ".", 1)
