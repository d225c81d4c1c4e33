"""Alerts: each once in its period, to the log and the webhook, and never in the way."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.conformance.ledger.test_ledger import END, START, TURN
from tests.kit import Ticking
from tests.loopback import serving
from zantara.costs import Alerts, Ledger
from zantara.settings import Settings

_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Watched:
    """A ledger with its alerts, and a clock that the test moves."""

    def __init__(self, home: Path, **settings: Any) -> None:
        known = Settings.model_validate({"home": home, **settings})
        self.clock = Ticking(_NOON)
        self.ledger = Ledger.open(known, self.clock)
        self.alerts = Alerts.open(known, self.ledger, self.clock)

    def keys(self) -> list[str]:
        return [one.key for one in self.alerts.all()]

    def turns(self, count: int, *, outside: int) -> None:
        for number in range(count):
            at = (_NOON + timedelta(seconds=number)).isoformat()
            row = replace(TURN, turn=f"{outside}-{number}", outside=int(number < outside), at=at)
            self.ledger.write_turn(row)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def test_each_step_of_a_budget_is_told_once_a_period(home: Path) -> None:
    watched = Watched(home, budget_day=1)
    for _ in range(3):
        watched.ledger.record(START, replace(END, cost_usd=Decimal("0.17")))
        watched.alerts.check_budgets()
    assert watched.keys() == ["budget day 50%"]
    watched.ledger.record(START, replace(END, cost_usd=Decimal("0.49")))
    watched.alerts.check_budgets()
    assert set(watched.keys()) == {"budget day 50%", "budget day 100%"}
    assert [one.level for one in watched.alerts.all() if "100" in one.key] == ["critical"]
    watched.clock.at += timedelta(days=1)
    watched.ledger.record(START, replace(END, cost_usd=Decimal("0.51")))
    watched.alerts.check_budgets()
    assert watched.keys().count("budget day 50%") == 2


def test_forty_dollars_of_gpu_time_in_a_month(home: Path) -> None:
    watched = Watched(home)
    awake = replace(END, cost_usd=Decimal("20.5"), priced="time")
    watched.ledger.record(START, awake)
    watched.ledger.record(START, replace(END, cost_usd=Decimal(90)))  # tokens are no GPU time
    watched.alerts.check_all()
    assert watched.keys() == []
    watched.ledger.record(START, awake)
    watched.alerts.check_all()
    (alert,) = watched.alerts.all()
    assert (alert.key, alert.period) == ("gpu", "2026-11")
    assert "$41.00" in alert.text


def test_a_low_share_of_knowledge_is_told_when_there_are_turns_enough(home: Path) -> None:
    watched = Watched(home)
    watched.turns(49, outside=40)
    watched.alerts.check_all()
    assert watched.keys() == []
    watched.turns(60, outside=30)
    watched.alerts.check_all()
    (alert,) = watched.alerts.all()
    assert alert.key == "knowledge share"
    assert alert.text.startswith("36% of the last 109 turns")


def test_a_high_rate_of_errors_is_told(home: Path) -> None:
    watched = Watched(home)
    for number in range(60):
        watched.ledger.record(START, replace(END, outcome="failed" if number < 4 else "answered"))
    watched.alerts.check_all()
    (alert,) = watched.alerts.all()
    assert (alert.key, alert.text[:20]) == ("error rate", "7% of the last 60 mo")


class _Hook(BaseHTTPRequestHandler):
    bodies: ClassVar[list[dict[str, Any]]] = []
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        if self.status == 200:
            self.bodies.append(json.loads(self.rfile.read(length)))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def hook() -> Iterator[str]:
    _Hook.bodies, _Hook.status = [], 200
    with serving(HTTPServer(("127.0.0.1", 0), _Hook)) as url:
        yield f"{url}/secret-of-the-hook"


@pytest.mark.loopback
def test_a_webhook_gets_each_alert_once_and_what_it_missed(
    home: Path, hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched(home, alert_webhook=hook)
    _Hook.status = 500
    watched.alerts.note("one", "the first")
    watched.alerts.close()
    assert [one.sent for one in watched.alerts.all()] == [False]
    _Hook.status = 200
    watched.clock.at += timedelta(seconds=1)
    watched.alerts.note("two", "the second", level="critical")
    watched.alerts.note("two", "the second again")
    watched.alerts.close()
    assert [body["text"] for body in _Hook.bodies] == [
        "ZANTARA warning: the first",
        "ZANTARA critical: the second",
    ]
    assert watched.alerts.send() == 0
    assert "the first" in caplog.text


@pytest.mark.loopback
def test_a_webhook_that_is_not_there_fails_nothing(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    watched = Watched(home, alert_webhook="http://127.0.0.1:1/secret-of-the-hook")
    watched.alerts.note("one", "the first")
    watched.alerts.close()
    assert [(one.key, one.sent) for one in watched.alerts.all()] == [("one", False)]
    assert "does not answer" in caplog.text
    assert "secret-of-the-hook" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("zantara")
    )
