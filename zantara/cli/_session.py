"""What the commands share: options, the local account, the open data folder, exit codes."""

import asyncio
import functools
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

import click
from pydantic import SecretStr

from zantara._outlets import guard
from zantara.cli._text import safe
from zantara.context import ARCHITECTURES, Context
from zantara.database import StorageError
from zantara.google import demo_person
from zantara.identity import Role, User
from zantara.runner import BadRequestError, DecisionError, PendingError, Runner
from zantara.services import Services
from zantara.settings import Settings

__all__ = [
    "ALL",
    "FAILED",
    "USAGE",
    "WAITING",
    "Wish",
    "account",
    "as_option",
    "describe_error",
    "graph_option",
    "graphs_of",
    "json_option",
    "leave",
    "load_settings",
    "opened",
    "print_json",
    "run",
    "turn_options",
]

FAILED, USAGE, WAITING = 1, 2, 3
ALL = "all"
"""In the place of an architecture: each of the four, one after another."""
_INTERRUPTED = 130
_ARMS = ", ".join(ARCHITECTURES)

as_option = click.option(
    "--as",
    "as_name",
    default="",
    metavar="NAME[:ROLE]",
    help=f"Another local user of this data folder; roles: {', '.join(Role)} (staff).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of a turn as they were given."""

    language: str
    timezone: str
    architecture: str
    as_name: str
    dry_run: bool = False

    def context(self) -> Context:
        """Raises BadRequestError, which names the option, for a value that is not accepted."""
        given = {key: value for key, value in asdict(self).items() if value and key != "as_name"}
        try:
            return Context(**given)
        except ValueError as error:
            raise BadRequestError(str(error)) from error


def turn_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a turn, handed to the command as one `wish`."""

    @as_option
    @click.option("--language", default="", metavar="en|id|it", help="Language of the answer.")
    @click.option("--timezone", default="", metavar="ZONE", help="IANA name (Asia/Makassar).")
    @click.option(
        "--architecture",
        default="",
        metavar="ID",
        help=f"The arm that answers: {_ARMS} (ask: all).",
    )
    @click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
    @functools.wraps(function)
    def command(**given: Any) -> Any:
        wished = {name: given.pop(name) for name in Wish.__dataclass_fields__}
        return function(wish=Wish(**wished), **given)

    return command


def graph_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which graph a command runs, for `graphs_of`."""
    return click.option(
        "--architecture",
        default="hybrid",
        metavar="ID|all",
        help=f"Which graph (hybrid): {_ARMS} or zantara; all: {_ARMS}.",
    )(function)


def graphs_of(architecture: str) -> tuple[str, ...]:
    """The graph ids that were asked for."""
    return ARCHITECTURES if architecture == ALL else (architecture,)


def load_settings() -> Settings:
    """Raises BadRequestError, which names the variable, when a setting cannot be used.

    Keys of hosts have no prefix and are no fields of the settings: .env brings them in here.
    """
    from dotenv import load_dotenv
    from pydantic import ValidationError

    load_dotenv(".env")
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadRequestError("; ".join(map(_wrong_setting, error.errors()))) from error
    guard(settings)
    return settings


def _wrong_setting(one: Mapping[str, Any]) -> str:
    """The value of a secret is not told, not even a wrong one."""
    name = "_".join(map(str, one["loc"]))
    field = Settings.model_fields.get(name)
    secret = field is not None and field.annotation is SecretStr
    got = "" if secret else f" (got {one['input']!r:.80})"
    return f"ZANTARA_{name.upper()}: {one['msg']}{got}"


def account(settings: Settings, as_name: str) -> User:
    """The person at this terminal, or with `--as` another local user: no login on one's own disk."""
    if not as_name:
        person = demo_person()
        return User("local", Role.OWNER, settings.user or person.name, person.email)
    name, _, role = as_name.partition(":")
    if not name.strip() or len(name) > 100:
        raise BadRequestError(f"as: {as_name[:80]!r}; accepted: NAME or NAME:ROLE")
    if role and role not in set(Role):
        raise BadRequestError(f"as: role {role!r} is not known; accepted: {', '.join(Role)}")
    return User(name.strip().casefold(), Role(role or Role.STAFF), name.strip())


@asynccontextmanager
async def opened(as_name: str) -> AsyncIterator[Runner]:
    """A runner for the local account on the data folder of the settings, on the open graph."""
    settings = load_settings()
    user = account(settings, as_name)
    services = Services.from_settings(settings)
    async with Runner.open(services, user) as runner:
        yield runner


def run(work: Callable[[], Coroutine[Any, Any, int]], *, as_json: bool = False) -> NoReturn:
    """`leave` for a command that is one coroutine."""
    leave(lambda: asyncio.run(work()), as_json=as_json)


def leave(work: Callable[[], int], *, as_json: bool = False) -> NoReturn:
    """Run a command and leave with its exit code; an error is one clear line, never a traceback.

    With ZANTARA_DEV=1 an error that is none of ours keeps its traceback.
    """
    try:
        code = work()
    except KeyboardInterrupt:
        click.echo("stopped; nothing is lost", err=True)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; there is nobody to tell
        os._exit(0)
    except Exception as error:
        code = _report(error, as_json=as_json)
    sys.exit(code)


def _report(error: Exception, *, as_json: bool) -> int:
    code, message = describe_error(error)
    if code == FAILED and os.environ.get("ZANTARA_DEV") == "1" and not _ours(error):
        raise error
    if as_json:
        body: dict[str, Any] = {"type": type(error).__name__, "message": message, "exit": code}
        if isinstance(error, PendingError):
            body["pending"] = [asdict(one) for one in error.pending]
        print_json({"error": body})
    else:
        click.echo(f"zantara: {safe(message)}", err=True)
    return code


def describe_error(error: Exception) -> tuple[int, str]:
    """The exit code and the line for an error."""
    if isinstance(error, BadRequestError | DecisionError):
        return USAGE, str(error)
    if isinstance(error, sqlite3.Error | OSError):
        return FAILED, (
            f"the data folder cannot be used: {error}. `zantara doctor` says which file; check that"
            " the disk has room and the folder is writable"
        )
    message = " ".join(str(error).split()) or "no message"
    return FAILED, message if _ours(error) else f"{type(error).__name__}: {message}"


def _ours(error: Exception) -> bool:
    return isinstance(error, StorageError) or type(error).__module__.startswith("zantara.")


def print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
