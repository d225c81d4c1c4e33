"""The question before each action in a conversation."""

import json
import os
from collections.abc import Sequence
from typing import Any

import click

from zantara.cli._approve import changed_args
from zantara.cli._lines import Lines
from zantara.cli._show import action_lines, value_text
from zantara.cli._text import bold, indented, safe, warn
from zantara.gate.approval import DecisionError, parse_decisions
from zantara.turn import Pending

__all__ = ["ask_decisions", "read_decision"]

_PROMPT = "approve (a), edit (e), reject (r), or your answer in words: "
_YES = ("a", "approve", "y", "yes")


def ask_decisions(pending: Sequence[Pending], lines: Lines) -> dict[str, dict[str, Any]] | None:
    """An answer for each open interrupt; None when the input ends before all are decided."""
    answers: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(pending, 1):
        count = f" ({number} of {len(pending)})" if len(pending) > 1 else ""
        click.echo("\n" + bold(f"May I do this?{count}"))
        click.echo("\n".join(indented(action_lines(one), "  ")))
        decision = _ask_one(one, lines)
        if decision is None:
            return None
        answers.setdefault(one.interrupt_id, {"decisions": []})["decisions"].append(decision)
    return answers


def _ask_one(one: Pending, lines: Lines) -> dict[str, Any] | None:
    while True:
        line = lines.ask(_PROMPT)
        if line is None:
            return None
        word, _, rest = line.strip().partition(" ")
        if word.casefold() in ("e", "edit") and not rest:
            args = _edited(one, lines)
            decision = {"type": "edit", "edited_action": {"name": one.tool, "args": args}}
            if args is not None and _is_usable(decision, one):
                return decision
        elif word.casefold() in ("r", "reject") and not rest:
            reason = lines.ask("reason (may stay empty): ")
            return {"type": "reject", "message": (reason or "").strip()}
        elif word:
            return read_decision(line)


def _is_usable(decision: dict[str, Any], one: Pending) -> bool:
    """Whether the edit fits; what is wrong with it is said."""
    try:
        parse_decisions({"decisions": [decision]}, [{"tool": one.tool}])
    except DecisionError as error:
        click.echo(warn(safe(error)))
        return False
    return True


def read_decision(line: str) -> dict[str, Any]:
    """What a line decides: a letter or a word of ours, else it is an answer to ZANTARA."""
    word, _, rest = line.strip().partition(" ")
    if word.casefold() in _YES and not rest:
        return {"type": "approve"}
    if word.casefold() in ("r", "reject"):
        return {"type": "reject", "message": rest.strip()}
    return {"type": "respond", "message": line.strip()}


def _edited(one: Pending, lines: Lines) -> dict[str, Any] | None:
    """The arguments after the user's edit; None when they cannot be read."""
    if lines.terminal and (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        return _edited_in_editor(one)
    return _edited_by_field(one, lines)


def _edited_in_editor(one: Pending) -> dict[str, Any] | None:
    text = json.dumps(one.args, ensure_ascii=False, indent=2)
    changed = click.edit(text + "\n", extension=".json")
    if changed is None:
        click.echo(warn("nothing was saved: nothing changed"))
        return None
    try:
        data = json.loads(changed)
    except ValueError as error:
        click.echo(warn(f"that is not JSON: {error}"))
        return None
    if isinstance(data, dict):
        return data
    click.echo(warn('a JSON object is wanted: {"name": value}'))
    return None


def _edited_by_field(one: Pending, lines: Lines) -> dict[str, Any] | None:
    click.echo("Enter keeps a value; a single - takes it away.")
    changes: dict[str, Any] = {}
    for name, value in one.args.items():
        line = lines.ask(f"  {name} [{value_text(value)}]: ")
        if line is None:
            return None
        if line.strip():
            changes[name] = _typed(line.strip(), value)
    return changed_args(one.args, changes)


def _typed(line: str, old: Any) -> Any:
    """The line as a value of the kind that it replaces."""
    if line == "-":
        return None
    if isinstance(old, str):
        return line
    if isinstance(old, list) and not line.startswith("["):
        return [part.strip() for part in line.split(",") if part.strip()]
    try:
        return json.loads(line)
    except ValueError:
        return line
