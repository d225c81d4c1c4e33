"""`zantara threads`: what was said, what was done, what waits."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from zantara.cli._conversation import Conversation, read_conversation
from zantara.cli._session import as_option, json_option, opened, print_json, run
from zantara.cli._show import action_lines, how_to_decide, value_text
from zantara.cli._tables import table_console
from zantara.cli._text import bold, faint, indented, safe, warn
from zantara.runner import Runner
from zantara.threads import Thread

__all__ = ["command"]

_LISTED = 20


@click.group("threads", invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help=f"Not only the newest {_LISTED}.")
@as_option
@json_option
@click.pass_context
def command(context: click.Context, *, everything: bool, as_name: str, as_json: bool) -> None:
    """List threads, newest first."""
    if context.invoked_subcommand is None:
        run(
            lambda: _list(
                "", as_name=as_name, as_json=as_json, most=None if everything else _LISTED
            ),
            as_json=as_json,
        )
    context.obj = (as_name, as_json)


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@as_option
@json_option
@click.pass_obj
def _search_command(
    outer: tuple[str, bool], *, words: tuple[str, ...], as_name: str, as_json: bool
) -> None:
    """Threads in which somebody said WORDS."""
    as_name, as_json = as_name or outer[0], as_json or outer[1]
    run(
        lambda: _list(" ".join(words), as_name=as_name, as_json=as_json, most=None),
        as_json=as_json,
    )


@command.command("show")
@click.argument("thread")
@as_option
@json_option
@click.pass_obj
def _show_command(outer: tuple[str, bool], *, thread: str, as_name: str, as_json: bool) -> None:
    """The whole conversation of THREAD, each call with how it ended, and what waits."""
    as_name, as_json = as_name or outer[0], as_json or outer[1]
    run(lambda: _show(thread, as_name=as_name, as_json=as_json), as_json=as_json)


async def _list(search: str, *, as_name: str, as_json: bool, most: int | None) -> int:
    async with opened(as_name) as runner:
        everything = await runner.threads(search)
        found = everything[:most]
        rows = [{**asdict(one), "state": await _state(runner, one)} for one in found]
    if as_json:
        print_json(rows)
    elif rows:
        _draw(rows)
        if len(found) < len(everything):
            click.echo(f"({len(found)} of {len(everything)}; --all shows all)", err=True)
    else:
        click.echo("No thread says that." if search else 'No threads yet. Try: zantara ask "..."')
    return 0


async def _state(runner: Runner, thread: Thread) -> str:
    turn, cut_off = await runner.look(thread.thread_id)
    return "waits" if turn.pending else "cut off" if cut_off else "ended"


def _draw(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("last", "thread", "state", "begins with", box=None, header_style="bold")
    for row in rows:
        state = Text(row["state"], style="" if row["state"] == "ended" else "yellow")
        when = datetime.fromisoformat(row["updated"]).astimezone()
        table.add_row(
            f"{when:%Y-%m-%d %H:%M}", Text(row["thread_id"]), state, Text(safe(row["title"]))
        )
    table_console().print(table)


async def _show(thread: str, *, as_name: str, as_json: bool) -> int:
    async with opened(as_name) as runner:
        found = await read_conversation(runner, thread)
    if as_json:
        print_json(found.to_json())
    else:
        click.echo("\n".join(_lines(found, as_name)))
    return 0


def _lines(found: Conversation, as_name: str) -> list[str]:
    lines: list[str] = []
    for said in found.messages:
        who = {"user": "You", "assistant": "ZANTARA"}.get(said["role"])
        if who:
            lines += ["", bold(who), *indented(safe(said["text"]).split("\n"), "  ")]
        else:
            lines += ["", *_call_lines(said["call"])]
    if found.pending:
        lines += ["", bold("Waiting for your decision:")]
        for one in found.pending:
            lines += ["", *indented(action_lines(one), "  ")]
        lines += ["", *how_to_decide(found.thread_id, found.pending, as_name=as_name)]
    if found.cut_off:
        tail = f" --as {as_name}" if as_name else ""
        lines += ["", warn("This turn was cut off. To finish it:")]
        lines += [f"  zantara approve {found.thread_id}{tail}"]
    return lines[1:]


def _call_lines(call: dict[str, Any]) -> list[str]:
    status = call["status"]
    shown = warn(status) if status in ("unknown", "failed") else status
    lines = [f"  {bold(safe(call['tool']))}: {shown} {faint(safe(call['call_id']))}"]
    if call["detail"]:
        lines.append(f"    {safe(call['detail'])}")
    for name, value in call["args"].items():
        first, *rest = safe(value_text(value)).split("\n")
        lines += [f"    {safe(name)}: {first}", *(f"      {line}" for line in rest)]
    return lines
