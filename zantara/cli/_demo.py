"""`zantara demo`: a tour that checks itself, on a data folder that it removes."""

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zantara.cli._expect import Mailbox, Outcome, check_turn
from zantara.cli._session import FAILED, account, run
from zantara.cli._show import action_lines, call_lines, source_lines
from zantara.cli._text import bold, faint, indented, safe, warn
from zantara.clock import Clock, FixedClock, SystemClock
from zantara.context import Context
from zantara.runner import BadRequestError, Runner
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["command"]

_NAMES = {"en": "English", "id": "Indonesian", "it": "Italian"}
_HELLO = """\
ZANTARA, Bali Zero's assistant. A tour on a temporary data folder, with the embedded model (a small
program, no language model), no key and no network. Calendar and mail are a local demo account."""


@click.command("demo")
@click.option("--at", default="", metavar="TIME", help="A fixed clock, ISO 8601 with offset.")
@click.option("--language", default="", metavar="en|id|it", help="One language alone.")
def command(*, at: str, language: str) -> None:
    """Take the tour. Leaves with 1 when something did not turn out as it should."""
    run(lambda: _demo(at, language))


async def _demo(at: str, language: str) -> int:
    clock = _clock(at)
    if language and language not in _NAMES:
        raise BadRequestError(f"language: {language!r} is not known; accepted: {', '.join(_NAMES)}")
    with tempfile.TemporaryDirectory(prefix="zantara-demo-", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), model="embedded")
        services = Services.from_settings(settings, clock=clock)
        click.echo(_HELLO)
        async with Runner.open(services, account(settings, "")) as runner:
            failed = [
                line
                for part in _script()
                for line in await _part(part, runner, Mailbox(services), language)
            ]
    return _verdict(failed)


def _clock(at: str) -> Clock:
    if not at:
        return SystemClock()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadRequestError(
            f"at: {at!r}; accepted: ISO 8601 with an offset, 2026-03-10T09:00+08:00"
        )
    return FixedClock(moment)


def _script() -> list[dict[str, Any]]:
    path = Path(__file__).with_name("demo.toml")
    return list(tomllib.loads(path.read_text("utf-8"))["part"])


async def _part(
    part: Mapping[str, Any], runner: Runner, mailbox: Mailbox, language: str
) -> list[str]:
    click.echo(f"\n\n{bold('## ' + part['title'])}")
    failed: list[str] = []
    for turn in part["turn"]:
        if language in ("", turn["language"]):
            failed += await _turn(turn, runner, mailbox)
    return failed


async def _turn(spec: Mapping[str, Any], runner: Runner, mailbox: Mailbox) -> list[str]:
    """Play one request, show what comes of it, and return what did not hold."""
    click.echo(f"\n{bold('You')} ({_NAMES[spec['language']]}): {spec['say']}")
    before = await mailbox.sent()
    first = await runner.ask(spec["say"], context=Context())
    last, untouched = first, await mailbox.sent()
    if first.pending:
        click.echo(f"\n{bold('ZANTARA asks first')}; nothing has been done:")
        for one in first.pending:
            click.echo("\n".join(indented(action_lines(one), "  ")))
        click.echo(f"\n{bold('You')}: approve")
        decided = await runner.decide(first.thread_id, {"type": "approve"})
        last = decided if not isinstance(decided, list) else first
    outcome = Outcome(first, last, before, untouched, await mailbox.sent())
    click.echo("\n".join(_shown(outcome)))
    failed: list[str] = []
    for held, text in check_turn(spec, outcome):
        click.echo(faint(f"  [ok] {text}") if held else warn(f"  [FAILED] {text}"))
        if not held:
            failed.append(f"{spec['say']!r}: {text}")
    return failed


def _shown(outcome: Outcome) -> Iterator[str]:
    turn = outcome.last
    yield f"\n{bold('ZANTARA')}: {safe(turn.answer)}"
    yield from source_lines(turn.citations)
    yield from call_lines(turn.calls)
    for mail in outcome.new_mails:
        yield f"\n{bold('In the mailbox')}, under Sent:"
        yield from indented(safe(mail.as_text()).split("\n"))
    yield faint(f"\n  {turn.latency_ms:.0f} ms, model {turn.model}, {turn.cost_usd} USD")


def _verdict(failed: list[str]) -> int:
    if failed:
        click.echo("\n" + warn(f"{len(failed)} expectations did not hold:"), err=True)
        click.echo("\n".join(f"  {line}" for line in failed), err=True)
        return FAILED
    click.echo(f"\n{bold('Everything held.')} Your turn: zantara chat")
    return 0
