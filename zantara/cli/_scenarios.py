"""`zantara costs scenarios`: what the old design promised beside what it is."""

from collections.abc import Iterator, Sequence

import click

from zantara.cli._session import json_option, leave, load_settings, print_json
from zantara.cli._text import bold, faint
from zantara.clock import SystemClock
from zantara.costs import Percentiles, Prices
from zantara.costs.scenarios import Range, Scenarios, scenarios

__all__ = ["command"]


@click.command("scenarios")
@click.option(
    "--queries", default=1500, type=click.IntRange(1, 10_000_000), help="Queries a day (1500)."
)
@json_option
def command(*, queries: int, as_json: bool) -> None:
    """Cost, savings, training, latency, free tiers and GPUs of the four arms at today's prices.

    Token prices are listed ones, prompt sizes measured; the rest is assumed and stands in
    zantara/costs/scenarios/assumptions.toml. What your own traffic costs is told by `zantara costs`.
    """
    leave(lambda: _print(queries, as_json=as_json), as_json=as_json)


def _print(queries: int, *, as_json: bool) -> int:
    prices = Prices(load_settings().prices_file)
    found = scenarios(queries, SystemClock().now(), prices)
    if as_json:
        print_json(found.to_json())
    else:
        click.echo("\n".join(_lines(found)))
    return 0


def _lines(found: Scenarios) -> Iterator[str]:
    yield bold(f"US dollars a month at {found.queries_day:,} queries a day")
    rows = [
        (one.arm, f"{one.old:,.0f}", *_money(one.total), *_money(one.models)[1:2])
        for one in found.monthly
    ]
    yield from _table(("arm", "old", "lower", "middle", "upper", "models alone"), rows)
    saved = ", ".join(f"{arm} {low} to {high}%" for arm, (low, high) in found.savings.items())
    yield f"  cheaper than the baseline: {saved} {faint(f'(old: {found.old_savings}%)')}"
    yield ""
    yield bold("The old arithmetic done again")
    told = [(one.what, one.old, one.new, one.how) for one in found.corrections]
    yield from _table(("", "old", "new", "how"), told, left=(0, 3))
    yield ""
    yield from _payback(found)
    yield ""
    yield bold("Seconds of a turn: a model with assumed provider latencies, no measurement")
    times = [(one.arm, *_seconds(one.knowledge), *_seconds(one.mix)) for one in found.latency]
    yield from _table(("arm", "no call: P50", "P95", "all: P50", "P95"), times)
    yield ""
    yield bold("Do free tiers hold a day of it?")
    yield from _table(
        ("provider", "requests a day", "tokens a day", "holds", "at most serves"),
        [
            (
                one.provider,
                f"{one.requests or '?':,}" if one.requests else "?",
                f"{one.tokens:,}" if one.tokens else "?",
                "yes" if one.holds else "no" if one.share else "not published",
                f"{one.share.lower:.0%} to {one.share.upper:.0%}" if one.share else "-",
            )
            for one in found.free_tiers
        ],
    )
    need = found.free_tiers[0]
    yield faint(
        f"  needed: {need.needed_requests.lower:,.0f} to {need.needed_requests.upper:,.0f} calls and"
        f" {need.needed_tokens.lower / 10**6:,.1f} to {need.needed_tokens.upper / 10**6:,.1f}"
        " million tokens a day"
    )
    yield ""
    yield bold("When a GPU that never sleeps pays, against Llama 4 Scout by the token")
    yield from _table(
        ("GPU", "$ an hour", "always on", "sleeping when idle", "pays from queries a day"),
        [
            (
                one.name,
                f"{one.hour:.2f}",
                f"{one.always:,.0f}",
                f"{one.scaled:,.0f}",
                f"{one.pays_from.lower:,.0f} to {one.pays_from.upper:,.0f}",
            )
            for one in found.gpus
        ],
    )
    yield from _origins()


def _origins() -> Iterator[str]:
    yield ""
    yield faint(
        "  Prices are listed, prompt sizes measured; calls, replies, cache, tools and latencies are"
        " assumed:\n  zantara/costs/scenarios/assumptions.toml, and --json has all of it."
    )


def _payback(found: Scenarios) -> Iterator[str]:
    told = found.payback
    days = told["days"]
    new = f"{days.lower:.1f} to {days.upper:.1f} days" if days else "never, in one of the cases"
    before = faint(f"(old: ${told['old_run_usd']} and {told['old_days']} days)")
    yield bold("Training")
    yield f"  a run: ${told['run_usd']:.2f}, paid back by what hybrid saves in {new} {before}"
    yield faint(f"  {told['note']}")


def _money(one: Range) -> tuple[str, str, str]:
    lower, middle, upper = (f"{figure:,.0f}" for figure in (one.lower, one.middle, one.upper))
    return lower, middle, upper


def _seconds(one: Percentiles) -> tuple[str, str]:
    p50, p95 = (f"{figure:.1f}" if figure is not None else "-" for figure in (one.p50, one.p95))
    return p50, p95


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, left: Sequence[int] = (0,)
) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    yield faint(_aligned(head, widths, left))
    for row in rows:
        yield _aligned(row, widths, left)


def _aligned(row: Sequence[str], widths: Sequence[int], left: Sequence[int]) -> str:
    cells = [
        f"{cell:<{width}}" if number in left else f"{cell:>{width}}"
        for number, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return ("  " + "  ".join(cells)).rstrip()
