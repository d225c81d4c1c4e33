"""`zantara alerts`: what somebody should look at."""

import dataclasses

import click

from zantara.cli._session import FAILED, json_option, leave, load_settings, print_json
from zantara.cli._text import faint, safe, warn
from zantara.costs import Alerts, Ledger

__all__ = ["command"]


@click.group("alerts", invoke_without_command=True)
@json_option
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """The last hundred alerts: budgets, GPU time, failing or ending models, share of knowledge.

    Each is raised once a day or month. With ZANTARA_ALERT_WEBHOOK set they are posted there too.
    """
    if context.invoked_subcommand is None:
        leave(lambda: _list(as_json=as_json), as_json=as_json)


@command.command("send")
@json_option
def _send(*, as_json: bool) -> None:
    """Post the alerts that the webhook has not had. Leaves with 1 when it does not take them."""
    leave(lambda: _post(as_json=as_json), as_json=as_json)


def _opened() -> tuple[Alerts, Ledger]:
    settings = load_settings()
    ledger = Ledger.open(settings)
    return Alerts.open(settings, ledger), ledger


def _list(*, as_json: bool) -> int:
    alerts, ledger = _opened()
    found = alerts.all()
    alerts.close()
    ledger.close()
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
        return 0
    for one in found:
        line = f"{one.at[:16].replace('T', ' ')}  {safe(one.text)}"
        click.echo(warn(line) if one.level == "critical" else line)
    if not found:
        click.echo(faint("no alert"))
    return 0


def _post(*, as_json: bool) -> int:
    alerts, ledger = _opened()
    sent = alerts.send()
    left = sum(not one.sent for one in alerts.all())
    alerts.close()
    ledger.close()
    if as_json:
        print_json({"sent": sent, "left": left})
    else:
        click.echo(f"{sent} sent, {left} left")
    return FAILED if left else 0
