"""`zantara gate`: what calls may do, and why a call ran, was asked, warned of or refused."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.table import Table
from rich.text import Text

from zantara.cli._session import (
    as_option,
    json_option,
    leave,
    load_settings,
    opened,
    print_json,
    run,
)
from zantara.cli._tables import table_console
from zantara.cli._text import bold, faint, safe, warn
from zantara.gate.kinds import Effect, Outcome
from zantara.gate.policy import SHIPPED, Policy, load_policy, policy_names
from zantara.gate.provenance import COLUMNS
from zantara.identity import Role
from zantara.runner import BadRequestError, load_graph
from zantara.toolkit import arguments_of

__all__ = ["command"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_STYLES = {"run": "green", "ask": "", "warn": "yellow", "refuse": "red"}


@click.group("gate")
def command() -> None:
    """What calls may do by where their values come from, and why."""


@command.command("explain")
@click.argument("thread")
@click.option("--call", "call_id", default="", metavar="ID", help="This call alone.")
@as_option
@json_option
def _explain(*, thread: str, call_id: str, as_name: str, as_json: bool) -> None:
    """The verdict on each call of the last turn of THREAD: every value, where it came from, what that
    lets the call do.
    """

    async def work() -> int:
        async with opened(as_name) as runner:
            turn, _cut = await runner.look(thread)
        calls = [*turn.calls, *(_waiting(one) for one in turn.pending)]
        calls = list({c["call_id"]: c for c in calls if call_id in ("", c["call_id"])}.values())
        if not calls:
            raise BadRequestError(
                f"call: the last turn of {thread} has no call {call_id!r}".rstrip()
            )
        if as_json:
            print_json(calls)
        else:
            click.echo("\n\n".join("\n".join(_explained(one)) for one in calls))
        return 0

    run(work, as_json=as_json)


def _waiting(one: Any) -> dict[str, Any]:
    return {"call_id": one.call_id, "tool": one.tool, "status": "proposed", "verdict": one.verdict}


def _explained(call: Mapping[str, Any]) -> Iterator[str]:
    verdict = call.get("verdict") or {}
    head = f"{bold(safe(call['tool']))} {faint(safe(call['call_id']))}"
    if not verdict:
        yield f"{head}: no verdict ({safe(call['status'])})"
        return
    yield (
        f"{head}: {_styled(verdict['outcome'])}, the strictest of its values"
        f" ({safe(verdict['policy'])}, {safe(verdict['effect'])}; now: {safe(call['status'])})"
    )
    for one in verdict["reasons"]:
        value = safe(one["value"]).replace("\n", " ")
        yield f"  {_styled(one['outcome'])}: {safe(one['argument'])} ({one['kind']}) {value}"
        yield f"      {faint(safe(one['column'] + ': ' + one['source']))}"


def _styled(outcome: str) -> str:
    return warn(outcome) if outcome in ("warn", "refuse") else outcome


@command.command("policy")
@click.argument("name", default="")
@click.option("--file", "path", type=_FILE, help="Check and show this file.")
@click.option("--role", type=click.Choice(list(Role)), default=Role.STAFF, show_default=True)
@json_option
def _policy(*, name: str, path: Path | None, role: Role, as_json: bool) -> None:
    """Check a policy file and show what it says: the one in use, or the policy NAME."""
    leave(lambda: _show_policy(name, path, Role(role), as_json=as_json), as_json=as_json)


def _show_policy(name: str, path: Path | None, role: Role, *, as_json: bool) -> int:
    settings = load_settings()
    load_graph("hybrid")  # the tools and their arguments are declared then
    path = path or settings.policy_file or SHIPPED
    names = policy_names(path)
    name = name or (settings.policy if settings.policy in names else names[0])
    policy = load_policy(name, path, tools=arguments_of())
    if as_json:
        print_json({"name": name, "names": names, "rows": list(_rows(policy, role))})
        return 0
    console = table_console()
    console.print(Text(f"{name} (of {', '.join(names)}), for {role}: {policy.about}"))
    console.print(_table(policy, role))
    return 0


def _rows(policy: Policy, role: Role) -> Iterator[dict[str, str]]:
    """As the policy is written, with every column; of tools too."""
    for effect in Effect:
        for kind, row in policy.rows(effect, role).items():
            yield {"of": str(effect), "values": kind, **_columns(row)}
    for tool, rows in policy.tools.items():
        for argument, row in rows.items():
            yield {"of": tool, "values": argument, **_columns(row)}


def _columns(row: Mapping[str, Outcome]) -> dict[str, str]:
    return {column: str(row.get(column) or row["rest"]) for column in COLUMNS}


def _table(policy: Policy, role: Role) -> Table:
    headings = (column.replace("_", "\n") for column in COLUMNS)
    table = Table("effect", "values", *headings, box=box.SIMPLE)
    last = ""
    for row in _rows(policy, role):
        cells = [Text(row[column], style=_STYLES[row[column]]) for column in COLUMNS]
        values = "all other" if row["values"] == "rest" else row["values"]
        table.add_row(row["of"] if row["of"] != last else "", values, *cells)
        last = row["of"]
    return table


@command.command("try")
@click.argument("tool")
@click.option("--args", "args", default="{}", metavar="JSON", help="The call's arguments.")
@click.option("--said", multiple=True, required=True, metavar="TEXT", help="What the user said.")
@click.option("--read", multiple=True, metavar="TEXT", help="Outside text the model has read.")
@click.option("--policy", "name", default="", metavar="NAME", help="Another policy.")
@click.option("--role", type=click.Choice(list(Role)), default=Role.STAFF, show_default=True)
@json_option
def _try(*, tool: str, args: str, as_json: bool, **given: Any) -> None:
    """What the gate would say of a call of TOOL in a conversation that you make up.

    Nothing runs and nothing is looked up: neither address book nor calendar.
    """
    leave(lambda: _tried(tool, args, as_json=as_json, **given), as_json=as_json)


def _tried(
    tool: str,
    args: str,
    *,
    said: tuple[str, ...],
    read: tuple[str, ...],
    name: str,
    role: Role,
    as_json: bool,
) -> int:
    settings = load_settings()
    load_graph("hybrid")
    policy = name or settings.policy
    call = _judged(tool, _object(args), said, read, policy, settings.policy_file or SHIPPED, role)
    if as_json:
        print_json(call)
    else:
        click.echo("\n".join(_explained(call)))
    return 0


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadRequestError(f"args: {text[:80]!r} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadRequestError(f"args: {text[:80]!r}; accepted: an object, argument by argument")
    return found


def _judged(
    tool: str,
    args: dict[str, Any],
    said: tuple[str, ...],
    read: tuple[str, ...],
    name: str,
    path: Path,
    role: Role,
) -> dict[str, Any]:
    from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

    from zantara.clock import SystemClock
    from zantara.gate.conversation import Conversation
    from zantara.gate.decision import decide
    from zantara.gate.tracing import trace
    from zantara.toolkit import spec_named

    spec = spec_named(tool)
    if spec is None:
        raise BadRequestError(f"tool: {tool!r}; accepted: {', '.join(sorted(arguments_of()))}")
    unknown = sorted(set(args) - set(spec.args))
    if unknown:
        raise BadRequestError(f"args: {unknown[0]!r}; accepted: {', '.join(spec.args)}")
    stamp = {"at": SystemClock().now().astimezone().isoformat(timespec="seconds")}
    window: list[BaseMessage] = [
        HumanMessage(text, id=f"said{n}", additional_kwargs=stamp) for n, text in enumerate(said)
    ]
    window += [
        ToolMessage(
            json.dumps({"text": text}),
            tool_call_id=f"read{n}",
            name="outside",
            artifact={"provenance": {"": "outside"}},
        )
        for n, text in enumerate(read)
    ]
    effect = spec.effect_of(args)
    traced = trace(args, spec.args, Conversation(window), effect=effect)
    verdict = decide(
        traced, policy=load_policy(name, path), tool=tool, effect=effect, role=Role(role)
    )
    told = {"policy": name, **verdict.to_json()}
    return {"call_id": "trial", "tool": tool, "args": args, "status": "proposed", "verdict": told}
