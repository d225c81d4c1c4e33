"""`zantara undo`: reverse what a thread has done, and say what cannot be reversed."""

import sys
from collections.abc import Collection, Sequence

import click

from zantara.cli._session import FAILED, WAITING, as_option, json_option, opened, print_json, run
from zantara.cli._show import detail_lines
from zantara.cli._text import bold, faint, indented, safe, warn
from zantara.runner import BadRequestError, Runner
from zantara.state import UndoRecord

__all__ = ["command"]

_STATUS = {
    "can": "can be undone",
    "cannot": "CANNOT be undone",
    "undone": "undone",
    "failed": "NOT undone",
    "unknown": "UNKNOWN: it may have been undone",
}


@click.command("undo")
@click.argument("thread")
@click.option("--call", "call_ids", multiple=True, metavar="ID", help="This call alone; repeat it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only list what could be undone.")
@as_option
@json_option
def command(
    *,
    thread: str,
    call_ids: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    as_name: str,
    as_json: bool,
) -> None:
    """Reverse what THREAD has done, newest first: all that can be, or the calls named.

    It lists the calls and asks; where nobody can be asked it wants --yes. Leaves with 0 when all that
    was asked for is undone, 3 when it only listed, 1 when something is not or can never be undone.
    """

    async def work() -> int:
        async with opened(as_name) as runner:
            known = await runner.undo(thread)
            able = [call["call_id"] for call in known if call["status"] == "can"]
            chosen = list(call_ids) or able
            wrong = [one for one in call_ids if one not in {c["call_id"] for c in known}]
            if wrong:
                raise BadRequestError(f"call: {wrong[0]!r} is none of this thread's")
            if dry_run or not chosen or not _agreed(known, chosen, yes=yes, as_json=as_json):
                return _listed(known, waits=bool(chosen) and not dry_run, as_json=as_json)
            return await _undone(runner, thread, chosen, as_json=as_json)

    run(work, as_json=as_json)


def _agreed(
    calls: Sequence[UndoRecord], chosen: Sequence[str], *, yes: bool, as_json: bool
) -> bool:
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        return False
    click.echo("\n".join(_lines(calls)))
    return click.confirm(f"\nUndo {len(chosen)} of these?", default=False)


def _listed(calls: Sequence[UndoRecord], *, waits: bool, as_json: bool) -> int:
    if as_json:
        print_json({"calls": list(calls)})
    else:
        lines = _lines(calls, earlier={call["call_id"] for call in calls})
        click.echo("\n".join(lines) if calls else "This thread has changed nothing.")
        if waits:
            click.echo("\nNothing has been undone. To undo what can be: add --yes")
    return WAITING if waits else 0


async def _undone(runner: Runner, thread: str, chosen: Sequence[str], *, as_json: bool) -> int:
    ended = await runner.undo(thread, chosen)
    if as_json:
        print_json({"calls": ended})
    else:
        earlier = {call["call_id"] for call in ended} - set(chosen)
        click.echo("\n".join(_lines(ended, earlier=earlier)))
    left = [c for c in ended if c["status"] == "cannot" or c["call_id"] in chosen]
    return FAILED if any(call["status"] != "undone" for call in left) else 0


def _lines(calls: Sequence[UndoRecord], *, earlier: Collection[str] = ()) -> list[str]:
    """earlier: ids of calls that this command has not touched."""
    lines: list[str] = []
    for call in calls:
        status = _STATUS[call["status"]]
        if call["status"] == "undone" and call["call_id"] in earlier:
            status = "was undone before"
        shown = status if call["status"] in ("can", "undone") else warn(status)
        lines.append(f"{bold(safe(call['tool']))}: {shown} {faint(safe(call['call_id']))}")
        if call["reason"]:
            lines.append(f"  {safe(call['reason'])}")
        lines += indented(detail_lines(call["args"]), "  ")
    return lines
