"""`zantara models`: who may answer for each role, and whether they do."""

import asyncio
import dataclasses
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import click

from zantara.cli._session import FAILED, json_option, leave, load_settings, print_json
from zantara.cli._tables import table_console
from zantara.cli._text import faint, safe
from zantara.clock import SystemClock
from zantara.gateway import (
    Asked,
    Candidate,
    CandidateView,
    Gateway,
    ModelUnavailableError,
    RoleView,
    candidates_for,
    catalogue,
    overview,
)
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["command"]


@click.group("models", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Roles and their candidates in order: keys, prices, windows, quotas, sunset dates.

    A role whose candidates have no key is answered by the embedded model.
    """
    if ctx.invoked_subcommand is None:
        leave(lambda: _list(as_json=as_json), as_json=as_json)


@command.command("check")
@json_option
def check(*, as_json: bool) -> None:
    """Make one tiny call to each candidate that has a key. It costs less than a cent.

    Leaves with 1 when one of them does not answer.
    """
    leave(lambda: asyncio.run(_check(as_json=as_json)), as_json=as_json)


def _list(*, as_json: bool) -> int:
    roles = overview(load_settings(), SystemClock().now())
    if as_json:
        print_json({"roles": [_plain(role) for role in roles]})
    else:
        _draw(roles)
    return 0


def _plain(role: RoleView) -> dict[str, Any]:
    """As JSON takes it. Money is text."""
    prices = [one.price and one.price.model_dump(mode="json") for one in role.candidates]
    told = dataclasses.asdict(role)
    for view, price in zip(told["candidates"], prices, strict=True):
        view["price"] = price
    return told


def _draw(roles: Sequence[RoleView]) -> None:
    from rich.table import Table

    console = table_console()
    for role in roles:
        table = Table(title=f"{role.role}: {role.answers} answers", title_justify="left", box=None)
        for name in ("", "candidate", "window", "$ a million tokens: in / cached / out", "notes"):
            table.add_column(name, justify="right" if name == "window" else "left")
        for one in role.candidates:
            mark = "[green]live[/]" if one.live else "[dim]  -[/]"
            table.add_row(
                mark,
                safe(f"{one.provider} {one.model}"),
                f"{one.window:,}",
                _price(one),
                _notes(one),
            )
        console.print(table)
        if role.enable:
            click.echo(faint(f"  to give it a model: set {' or '.join(role.enable)}"))
        console.print()


def _price(one: CandidateView) -> str:
    """In, cached, out."""
    if one.per_hour:
        return f"${one.per_hour} an hour awake"
    if one.on_free_tier:
        return "free tier"
    if one.price:
        return _figures(one.price.input, one.price.cached or one.price.input, one.price.output)
    if any(one.ceiling):
        return f"{_figures(*one.ceiling)} (ceiling)"
    return "your machine"


def _figures(*prices: Decimal) -> str:
    return " / ".join(f"{price.normalize():f}" for price in prices)


def _notes(one: CandidateView) -> str:
    notes = []
    if not one.live:
        notes.append(one.enabled_by)
    if one.ends_in is not None:
        notes.append(f"ends on {one.sunset} ({one.ends_in} days)")
    if one.free_tier:
        notes.append(f"free tier: {one.free_tier}")
    return "; ".join(notes)


async def _check(*, as_json: bool) -> int:
    settings = load_settings()
    services = Services.from_settings(settings)
    found: list[dict[str, Any]] = []
    try:
        for candidate in _live(settings):
            told = await _ask(candidate, services)
            found.append(told)
            if not as_json:
                click.echo(_line(told))
    finally:
        services.close()
    if as_json:
        print_json({"candidates": found})
    elif len(found) == 1:
        click.echo(faint("no host has a key: `zantara models` names the variables"))
    return 0 if all(one["answers"] for one in found) else FAILED


def _live(settings: Settings) -> list[Candidate]:
    """Every candidate that can be called, once."""
    found: dict[tuple[str, str], Candidate] = {}
    for role in catalogue().roles:
        for candidate in candidates_for(role, settings):
            found.setdefault(candidate.key, candidate)
    return list(found.values())


async def _ask(candidate: Candidate, services: Services) -> dict[str, Any]:
    from langchain_core.messages import HumanMessage

    gateway = Gateway(lambda _role: [candidate], services.ledger)
    asked = Asked("check", "models-check", f"check-{time.time_ns()}", "check", "")
    told: dict[str, Any] = {"provider": candidate.provider, "model": candidate.model}
    began = time.perf_counter()
    try:
        reply = await gateway.reply(asked, [HumanMessage("Reply with the word ok.")])
    except ModelUnavailableError as error:
        return {**told, "answers": False, "problem": str(error)}
    return {
        **told,
        "answers": True,
        "answered_by": reply.model,
        "latency_ms": round((time.perf_counter() - began) * 1000),
        "cost_usd": str(reply.cost_usd),
    }


def _line(told: dict[str, Any]) -> str:
    name = safe(f"{told['provider']} {told['model']}")
    if not told["answers"]:
        return f"{click.style('broken', fg='red')}  {name}: {safe(told['problem'])}"
    as_other = "" if told["answered_by"] == told["model"] else f" as {safe(told['answered_by'])}"
    figures = f"{told['latency_ms']:,} ms, ${told['cost_usd']}"
    return f"{click.style('ok', fg='green')}      {name} answers{as_other}: {figures}"
