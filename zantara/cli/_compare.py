"""`zantara ask --architecture all`: one question to each arm, and what came of it side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from zantara.cli._session import FAILED, Wish, describe_error, opened, print_json
from zantara.cli._show import call_lines
from zantara.cli._tables import table_console
from zantara.cli._text import bold, indented, safe, warn
from zantara.context import ARCHITECTURES
from zantara.runner import BadRequestError, Runner

__all__ = ["compare"]


async def compare(text: str, thread: str | None, wish: Wish, *, as_json: bool) -> int:
    """Each arm on a fresh thread, so that none reads another's answer; nothing is written outside.

    An arm that fails is told as that, and the others are asked all the same.
    """
    if thread is not None:
        raise BadRequestError("thread: not accepted with --architecture all: each arm has its own")
    async with opened(wish.as_name) as runner:
        told = [await _asked(runner, text, wish, arm) for arm in ARCHITECTURES]
    if as_json:
        print_json(told)
    else:
        _show(told)
    return FAILED if any("error" in one for one in told) else 0


async def _asked(runner: Runner, text: str, wish: Wish, arm: str) -> dict[str, Any]:
    context = replace(wish, architecture=arm, dry_run=True).context()
    try:
        return (await runner.ask(text, context=context)).to_json()
    except Exception as error:
        return {"architecture": arm, "error": describe_error(error)[1]}


def _show(told: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table

    table = Table(caption="The first arm opened the indexes for all of them.")
    table.add_column("arm")
    for name in ("model calls", "tokens in", "tokens out", "US$", "ms", "tool calls"):
        table.add_column(name, justify="right")
    table.add_column("model")
    for one in told:
        table.add_row(one["architecture"], *(_figures(one) if "error" not in one else ("-",) * 7))
    table_console().print(table)
    for one in told:
        click.echo(f"\n{bold(one['architecture'])}{_given_to(one)}")
        answer = warn(safe(one["error"])) if "error" in one else safe(one["answer"])
        lines = [*answer.split("\n"), *call_lines(one.get("calls", ()))]
        click.echo("\n".join(indented(lines, "  ")))


def _figures(one: Mapping[str, Any]) -> tuple[str, ...]:
    usage = one["usage"]
    counted = [str(usage.get(name, 0)) for name in ("model_calls", "tokens_in", "tokens_out")]
    took, calls = f"{one['latency_ms']:.0f}", str(len(one["calls"]))
    return (*counted, one["cost_usd"], took, calls, safe(one["model"]))


def _given_to(one: Mapping[str, Any]) -> str:
    names = one.get("specialists") or ()
    why = f" ({safe(one['unclassified'])})" if one.get("unclassified") else ""
    return f", given to {', '.join(names)}" if names else why
