"""`zantara approve`: decide on what waits in a thread."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from zantara.cli._session import WAITING, as_option, json_option, opened, print_json, run
from zantara.cli._show import turn_lines
from zantara.runner import BadRequestError, DecisionError, Runner
from zantara.toolkit import arguments_of
from zantara.turn import Pending, Turn

__all__ = ["changed_args", "command", "decide"]


@click.command("approve")
@click.argument("thread")
@click.option("--call", "call_id", default="", metavar="ID", help="Decide on this call alone.")
@click.option("--approve", "yes", is_flag=True, help="Do it.")
@click.option("--reject", is_flag=False, flag_value="", default=None, metavar="[TEXT]")
@click.option("--edit", default=None, metavar="JSON", help="Do it with these arguments changed.")
@click.option("--respond", default=None, metavar="TEXT", help="Answer in the tool's place.")
@as_option
@json_option
def command(*, thread: str, call_id: str, as_name: str, as_json: bool, **given: Any) -> None:
    """Decide on the actions of THREAD that wait: on all of them, or with --call on one.

    With --call the decision is kept until the others that were asked with it are decided too. With no
    decision, a turn that was cut off is finished. --edit names only the arguments that change; null
    takes one away; an edit that cannot be used changes nothing. Leaves as `zantara ask` does.
    """

    async def work() -> int:
        decision = _decision(**given)
        async with opened(as_name) as runner:
            turn = await decide(runner, thread, call_id, decision)
        if call_id and turn.pending and not as_json:
            click.echo("Noted. It is done once the others that were asked with it are decided.\n")
        if as_json:
            print_json(turn.to_json())
        else:
            click.echo("\n".join(turn_lines(turn, as_name=as_name)))
        return WAITING if turn.pending else 0

    run(work, as_json=as_json)


def _decision(
    *, yes: bool, reject: str | None, edit: str | None, respond: str | None
) -> dict[str, Any]:
    """The decision as the gate reads it; empty when none was given. An edit holds its changes."""
    found: list[dict[str, Any]] = []
    if yes:
        found.append({"type": "approve"})
    if reject is not None:
        found.append({"type": "reject", "message": reject})
    if edit is not None:
        found.append({"type": "edit", "changes": _json_object(edit)})
    if respond is not None:
        found.append({"type": "respond", "message": respond})
    if len(found) > 1:
        raise BadRequestError(
            "decision: several given; accepted: one of --approve, --reject, --edit, --respond"
        )
    return found[0] if found else {}


def _json_object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadRequestError(f"edit: {text[:80]!r} is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise BadRequestError(f'edit: {text[:80]!r}; accepted: a JSON object, {{"name": value}}')
    return data


async def decide(runner: Runner, thread: str, call_id: str, decision: Mapping[str, Any]) -> Turn:
    """The thread after the decision. Raises DecisionError for an edit that cannot be used."""
    turn, cut_off = await runner.look(thread)
    if not decision and not cut_off:
        raise BadRequestError(_nothing_given(turn.pending, thread))
    edited = decision.get("type") == "edit"
    if edited:
        one = _chosen(turn.pending, call_id)
        call_id, decision = one.call_id, _edit(one, decision["changes"])
    outcome = await runner.decide(thread, decision, call_id=call_id)
    if not isinstance(outcome, Turn):
        outcome = replace((await runner.look(thread))[0], pending=outcome)
    again = [p.problem for p in outcome.pending if edited and p.call_id == call_id and p.problem]
    if again:  # that it could not work was found only where it was tried
        raise DecisionError(again[0])
    return outcome


def _nothing_given(pending: Sequence[Pending], thread: str) -> str:
    if not pending:
        return f"thread {thread}: nothing waits for a decision"
    waiting = ", ".join(f"{one.tool} ({one.call_id})" for one in pending)
    return (
        "decision: none given; accepted: --approve, --reject, --edit or --respond;"
        f" waiting: {waiting}"
    )


def _chosen(pending: Sequence[Pending], call_id: str) -> Pending:
    chosen = [one for one in pending if call_id in ("", one.call_id)]
    if call_id == "" and len(chosen) > 1:
        waiting = ", ".join(one.call_id for one in chosen)
        raise BadRequestError(f"edit: {len(chosen)} calls wait; name one with --call: {waiting}")
    if not chosen:
        waiting = ", ".join(one.call_id for one in pending) or "none: nothing waits here"
        raise BadRequestError(f"call: {call_id!r} does not wait here; accepted: {waiting}")
    return chosen[0]


def _edit(one: Pending, changes: Mapping[str, Any]) -> dict[str, Any]:
    args = changed_args(one.args, changes)
    accepted = arguments_of().get(one.tool, changes)
    args |= {name: None for name in changes if name not in accepted}  # a misspelt null is told too
    return {"type": "edit", "edited_action": {"name": one.tool, "args": args}}


def changed_args(args: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What the user named is replaced, null takes an argument away, the rest stays."""
    return {name: v for name, v in {**args, **changes}.items() if v is not None}
