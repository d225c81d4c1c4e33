"""The file of a replay: YAML, held to a schema; an error names file, line and what is accepted."""

from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from zantara.identity import Role
from zantara.strict_yaml import YamlError, load_yaml

__all__ = [
    "Decision",
    "Expectation",
    "Person",
    "Script",
    "ScriptError",
    "Sent",
    "TurnSpec",
    "load_script",
]


class ScriptError(ValueError):
    """The file is no script; the message says where and what is accepted."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Strict):
    """Who speaks."""

    name: str = "local"
    role: Role = Role.STAFF
    display_name: str = ""
    email: str = ""


class ReplyCall(_Strict):
    """A call that the scripted model makes."""

    tool: str
    args: dict[str, Any] = {}


class Reply(_Strict):
    """One reply of the scripted model: text, or calls."""

    text: str = ""
    calls: list[ReplyCall] = []


class ExpectedCall(_Strict):
    """A call that must have been made. args: those given must be equal; the others are free."""

    tool: str
    args: dict[str, Any] = {}
    status: str = "done"


class Sent(_Strict):
    """Something that must have left: a mail or a message; holds: texts that it must say."""

    via: Literal["mail", "whatsapp", "slack", "googlechat"]
    to: str
    holds: list[str] = []


class Expectation(_Strict):
    """What must hold after a turn; what is not named is not looked at, but for what was sent.

    calls_order: exact, these and no others in this order; any, these and no others; subset, at least
    these. sources: how many sources are named at least, 0 for none. nothing_sent is implied where
    `sent` is empty.
    """

    language: Literal["en", "id", "it"] | None = None
    nodes: list[str] | None = None
    calls: list[ExpectedCall] | None = None
    calls_order: Literal["exact", "any", "subset"] = "any"
    pending: list[str] | None = None
    questions: int | None = Field(default=None, ge=0)
    says: list[str] = []
    says_not: list[str] = []
    sources: int | None = Field(default=None, ge=0)
    sentences: int | None = Field(default=None, ge=1)
    sent: list[Sent] = []


class Decision(_Strict):
    """What the user decides on everything that waits. edit: arguments that change, by tool."""

    kind: Literal["approve", "edit", "reject", "respond"]
    message: str = ""
    edit: dict[str, dict[str, Any]] = {}


class TurnSpec(_Strict):
    """One turn. thread: a label; turns of one label go on in one thread. decide: at each pause.

    heading: what the turns from here on show.
    """

    say: str
    heading: str = ""
    thread: str = "main"
    language: Literal["", "en", "id", "it"] = ""
    dry_run: bool = False
    decide: list[Decision | Literal["approve", "reject"]] = []
    expect: Expectation = Expectation()


class Script(_Strict):
    """A replay. at: the time at which the clock stands. replies: of a scripted model, in order."""

    version: Literal[1]
    title: str
    at: AwareDatetime | None = None
    user: Person | None = None
    model: Literal["embedded", "scripted"] = "embedded"
    replies: list[Reply] = []
    turns: list[TurnSpec] = Field(min_length=1)


def load_script(path: Path) -> Script:
    """Raises ScriptError, or OSError where the file cannot be read."""
    try:
        return load_yaml(path, Script, what="a script")
    except YamlError as error:
        raise ScriptError(str(error)) from error
