"""`zantara demo`: a replay script that is shown as it goes, on a data folder that is removed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from zantara.cli._session import FAILED, account, load_settings, run
from zantara.cli._show import action_lines, call_lines, source_lines
from zantara.cli._text import bold, faint, indented, safe, warn
from zantara.replay import Script, TurnReport, load_script, play
from zantara.runner import BadRequestError

__all__ = ["command", "turn_lines"]

_NAMES = {"en": "English", "id": "Indonesian", "it": "Italian"}
_SCRIPT = Path(__file__).with_name("demo.yaml")
_HELLO = """\
ZANTARA, Bali Zero's assistant. A tour on a temporary data folder, with the embedded model (a small
program, no language model), no key and no network. Calendar, mail, Drive, Maps and the channels are
local ones of a demo account."""


@click.command("demo")
@click.option("--at", default="", metavar="TIME", help="A fixed clock, ISO 8601 with offset.")
@click.option("--language", default="", metavar="en|id|it", help="One language alone.")
def command(*, at: str, language: str) -> None:
    """Take the tour. Leaves with 1 when something did not turn out as it should."""
    run(lambda: _demo(at, language))


async def _demo(at: str, language: str) -> int:
    script = _chosen(load_script(_SCRIPT), language)
    if at:
        script = script.model_copy(update={"at": _moment(at)})
    click.echo(_HELLO)
    settings = load_settings()
    played = await play(script, settings, account(settings, ""), said=_show)
    failed = [f"{one.spec.say!r}: {text}" for one in played.turns for text in one.failures]
    if failed:
        click.echo("\n" + warn(f"{len(failed)} expectations did not hold:"), err=True)
        click.echo("\n".join(f"  {line}" for line in failed), err=True)
        return FAILED
    click.echo(f"\n{bold('Everything held.')} Your turn: zantara chat")
    return 0


def _moment(at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadRequestError(
            f"at: {at!r}; accepted: ISO 8601 with an offset, 2026-03-10T09:00+08:00"
        )
    return moment


def _chosen(script: Script, language: str) -> Script:
    if not language:
        return script
    if language not in _NAMES:
        raise BadRequestError(f"language: {language!r} is not known; accepted: {', '.join(_NAMES)}")
    kept = [turn for turn in script.turns if turn.expect.language == language]
    return script.model_copy(update={"turns": kept})


def _show(report: TurnReport) -> None:
    if report.spec.heading:
        click.echo(f"\n\n{bold('## ' + report.spec.heading)}")
    click.echo("\n".join(turn_lines(report)))


def turn_lines(report: TurnReport) -> Iterator[str]:
    """One turn as it went: what was asked and approved, the answer, what left, what was checked."""
    turn, spec = report.turn, report.spec
    language = f" ({_NAMES[turn.language]})" if turn.language in _NAMES else ""
    yield f"\n{bold('You')}{language}: {safe(spec.say)}"
    for number, pause in enumerate(report.asked):
        yield f"\n{bold('ZANTARA asks first')}; nothing has been done:"
        for one in pause:
            yield from indented(action_lines(one), "  ")
        decided = spec.decide[number : number + 1]
        if decided:
            yield f"\n{bold('You')}: {getattr(decided[0], 'kind', decided[0])}"
    yield f"\n{bold('ZANTARA')}: {safe(turn.answer)}"
    yield from source_lines(turn.citations)
    yield from call_lines(turn.calls)
    for sent in report.left:
        subject = f", {safe(sent.subject)}" if sent.subject else ""
        yield f"\n{bold('Sent')} by {sent.via} to {safe(sent.to)}{subject}"
        yield from indented(safe(sent.text).rstrip().split("\n"))
    yield faint(f"\n  {turn.latency_ms:.0f} ms, model {turn.model}, {turn.cost_usd} USD")
    for held, text in report.checks:
        yield faint(f"  [ok] {text}") if held else warn(f"  [FAILED] {text}")
