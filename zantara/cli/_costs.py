"""`zantara costs`: what was spent, on what, and how fast it was answered."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

import click

from zantara.cli._scenarios import command as scenarios
from zantara.cli._session import account, json_option, leave, load_settings, print_json
from zantara.cli._tables import table_console
from zantara.cli._text import bold, faint, safe, warn
from zantara.clock import SystemClock
from zantara.costs import By, Group, Ledger, Percentiles, Report, report

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["command"]

_WIDTH = 28


@click.group("costs", invoke_without_command=True)
@click.option(
    "--by", default="day", type=click.Choice(get_args(By)), help="What a line stands for."
)
@click.option(
    "--since",
    "days",
    default=30,
    type=click.IntRange(1, 3660),
    metavar="DAYS",
    help="How many days back (30).",
)
@json_option
@click.pass_context
def command(context: click.Context, *, by: By, days: int, as_json: bool) -> None:
    """What model calls and paid tool calls cost, what turns were, how long they took.

    Figures come from the ledger alone: tokens as the hosts reported them, prices by the model that
    really answered.
    """
    if context.invoked_subcommand is None:
        leave(lambda: _costs(by, days, as_json=as_json), as_json=as_json)


command.add_command(scenarios, "scenarios")


def _costs(by: By, days: int, *, as_json: bool) -> int:
    settings = load_settings()
    ledger = Ledger.open(settings)
    user = account(settings, "").identity
    try:
        found = report(ledger, SystemClock().now() - timedelta(days=days), by=by, user=user)
    finally:
        ledger.close()
    if as_json:
        print_json(_plain(found))
    else:
        _draw(found, days)
    return 0


def _plain(found: Report) -> dict[str, Any]:
    """As JSON takes it: money is text, a budget one flat object."""
    told = dataclasses.asdict(found)
    told["kinds"] = {
        kind: {"turns": count, "cost_usd": str(cost)} for kind, (count, cost) in found.kinds.items()
    }
    told["budgets"] = [
        {"name": one.budget.name, "limit_usd": one.budget.limit, "spent_usd": str(one.spent)}
        for one in found.budgets
    ]
    return told


def _draw(found: Report, days: int) -> None:
    if not found.turns and not found.groups:
        click.echo(f"Nothing was asked in the last {days} days: try `zantara ask`.")
        return
    click.echo(bold(f"${_money(found.cost_usd)} in the last {days} days, {found.turns:,} turns"))
    click.echo("\n".join([*_chart(found), ""]))
    table_console().print(_table(found))
    click.echo("\n".join(["", *_shares(found), *_budgets(found)]))


def _chart(found: Report) -> Iterator[str]:
    """Cost by kind of turn; where nothing cost anything, turns by kind."""
    costs = {kind: cost for kind, (_count, cost) in found.kinds.items()}
    paid = any(costs.values())
    sizes = {kind: float(costs[kind] if paid else found.kinds[kind][0]) for kind in costs}
    most = max(sizes.values(), default=0) or 1
    for kind, size in sizes.items():
        count = found.kinds[kind][0]
        bar = "\N{FULL BLOCK}" * max(1, round(_WIDTH * size / most))
        yield f"  {kind:<11}{bar:<{_WIDTH}} ${_money(costs[kind])} {faint(f'{count:,} turns')}"


def _table(found: Report) -> "Table":
    from rich.table import Table

    table = Table(box=None, header_style="dim")
    table.add_column(f"by {found.by}")
    of = "turns" if found.by == "kind" else "calls"
    for name in (of, "US$", "in", "cached", "out", "failed", "P50 ms", "P95", "P99"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found.groups:
        table.add_row(*_row(one))
    return table


def _row(one: Group) -> tuple[str, ...]:
    figures = (one.count, one.tokens_in, one.tokens_cached, one.tokens_out, one.failed)
    count, *tokens, failed = (f"{figure:,}" for figure in figures)
    return (safe(one.name), count, _money(one.cost_usd), *tokens, failed, *_times(one.latency))


def _times(one: Percentiles) -> tuple[str, str, str]:
    p50, p95, p99 = ("-" if ms is None else f"{ms:,.0f}" for ms in (one.p50, one.p95, one.p99))
    return p50, p95, p99


def _shares(found: Report) -> Iterator[str]:
    p50, p95, p99 = _times(found.turn_latency)
    yield f"  answered with no outside call  {_percent(found.no_outside_call)}"
    yield f"  answered with no model call    {_percent(found.no_model_call)}"
    waited = (
        f" ({found.paused_turns:,} that waited for a person left out)" if found.paused_turns else ""
    )
    yield f"  a turn takes, ms               P50 {p50}, P95 {p95}, P99 {p99}{faint(waited)}"
    yield f"  tool calls that succeeded      {_percent(found.tool_success)}"
    if found.unsettled:
        yield warn(
            f"  calls under way, or cut off with their process: {found.unsettled}; they stand at what"
            " was reserved"
        )


def _budgets(found: Report) -> Iterator[str]:
    for one in found.budgets:
        if one.budget.limit is not None:
            left = max(one.budget.limit - one.spent, Decimal(0))
            yield (
                f"  budget of the {one.budget.name:<16} ${_money(one.spent)} of"
                f" ${one.budget.limit}, ${_money(left)} left"
            )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount >= 1 or not amount else f"{amount:.6f}"
