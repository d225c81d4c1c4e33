"""`zantara doctor`: what is live, what is missing, what is broken, and what to do."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from zantara.cli import _checks
from zantara.cli._checks import Check
from zantara.cli._local_models import find_local
from zantara.cli._session import FAILED, json_option, leave, load_settings, print_json
from zantara.cli._text import faint, safe
from zantara.clock import SystemClock
from zantara.costs import PriceFileError
from zantara.gate.policy import PolicyError
from zantara.gateway import overview
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["command"]

_COLOURS = {"ok": "green", "missing": "yellow", "broken": "red"}


@click.command("doctor")
@json_option
def command(*, as_json: bool) -> None:
    """Say of each part whether it is ok, missing or broken. Leaves with 1 when one is broken.

    What is missing is optional: ZANTARA works without it.
    """
    leave(lambda: _doctor(as_json=as_json), as_json=as_json)


def _doctor(*, as_json: bool) -> int:
    found: list[Check] = []
    for check in _all(load_settings()):
        found.append(check)
        if not as_json:
            click.echo("\n".join(_lines(check)))
    broken = [check.name for check in found if check.state == "broken"]
    if as_json:
        print_json({"ok": not broken, "checks": [asdict(check) for check in found]})
    else:
        click.echo(f"\nBroken: {', '.join(broken)}." if broken else "\nNothing is broken.")
    return FAILED if broken else 0


def _all(settings: Settings) -> Iterator[Check]:
    folder = _checks.check_folder(settings.home)
    yield folder
    if folder.state == "ok":
        yield from _checks.check_files(settings.home)
        yield from _check_services(settings)
    try:
        roles = overview(settings, SystemClock().now())
    except ValueError as error:
        yield Check("models", "broken", str(error), "set it, or unset ZANTARA_OPENAI_BASE_URL")
    else:
        yield from _checks.check_models(settings, roles)
        yield from _checks.check_sunsets(roles)
    yield from _checks.check_local(find_local(), settings)
    yield _checks.check_server()


def _check_services(settings: Settings) -> Iterator[Check]:
    """What a turn works with. A file of yours that cannot be used starts none of it."""
    try:
        services = Services.from_settings(settings)
    except PolicyError as error:
        yield Check("policy", "broken", str(error), "mend it, or unset ZANTARA_POLICY_FILE")
        return
    except PriceFileError as error:
        yield Check("prices", "broken", str(error), "mend it, or unset ZANTARA_PRICES_FILE")
        return
    yield _checks.check_ledger(services)
    yield from _checks.check_knowledge(services)
    yield _checks.check_google(services)
    yield from _checks.check_channels(services)
    yield _checks.check_maps(services)
    yield _checks.check_policy(services)
    services.close()


def _lines(check: Check) -> Iterator[str]:
    state = click.style(f"{check.state:<8}", fg=_COLOURS[check.state])
    yield f"{state}{check.name}: {safe(check.detail)}"
    if check.advice:
        yield faint(f"        -> {safe(check.advice)}")
