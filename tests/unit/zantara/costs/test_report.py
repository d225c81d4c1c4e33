"""What `zantara costs` tells of a ledger."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conformance.ledger.test_ledger import END, START, TURN
from zantara.cli._costs import command
from zantara.costs import By, Ledger, Percentiles, report

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def ledger(home: Path) -> Ledger:
    """Two hosts, a call that failed, one that never ended; four turns."""
    made = Ledger.of_folder(home)
    for provider, cost in (("groq", "0.01"), ("groq", "0.02"), ("google", "0.30")):
        start = replace(
            START, provider=provider, role="workspace" if cost == "0.30" else "orchestrator"
        )
        made.record(start, replace(END, cost_usd=Decimal(cost)))
    made.record(START, replace(END, outcome="failed", cost_usd=Decimal(0)))
    made.begin(START)
    turns = [
        replace(TURN, turn="a", kind="exact", model_calls=0, latency_ms=10.0),
        replace(TURN, turn="b", kind="knowledge", latency_ms=100.0),
        replace(
            TURN, turn="c", kind="few_tools", calls=3, outside=2, calls_failed=1, latency_ms=300.0
        ),
        replace(TURN, turn="d", kind="one_tool", calls=1, outside=1, paused=True, latency_ms=9e9),
    ]
    for turn in turns:
        made.write_turn(turn)
    return made


def test_shares_and_percentiles(ledger: Ledger) -> None:
    found = report(ledger, _LONG_AGO)
    assert found.no_outside_call == 0.5
    assert found.no_model_call == 0.25
    assert found.tool_success == 0.75
    assert found.unsettled == 1
    assert (found.turns, found.paused_turns) == (4, 1)
    assert found.turn_latency == Percentiles(3, 100.0, 300.0, 300.0)
    assert found.cost_usd == Decimal("0.34")


@pytest.mark.parametrize(
    ("by", "costs"),
    [
        ("provider", {"google": "0.30", "groq": "0.03", "openrouter": "0.01"}),
        ("role", {"orchestrator": "0.04", "workspace": "0.30"}),
        ("architecture", {"hybrid": "0.34"}),
    ],
)
def test_each_grouping_adds_up(ledger: Ledger, by: By, costs: dict[str, str]) -> None:
    found = report(ledger, _LONG_AGO, by=by)
    assert {one.name: one.cost_usd for one in found.groups} == {
        name: Decimal(cost) for name, cost in costs.items()
    }
    assert sum(one.failed for one in found.groups) == 1


def test_nothing_yet_has_no_shares(home: Path) -> None:
    found = report(Ledger.of_folder(home), _LONG_AGO)
    assert (found.no_outside_call, found.tool_success, found.turn_latency.p50) == (None, None, None)


def test_the_command_prints_the_same_as_json_and_for_people(
    ledger: Ledger, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.close()
    monkeypatch.setenv("ZANTARA_HOME", str(home))
    monkeypatch.setenv("ZANTARA_BUDGET_DAY", "2")
    runner = CliRunner()
    told = json.loads(runner.invoke(command, ["--by", "kind", "--json"]).output)
    assert told["kinds"]["few_tools"]["turns"] == 1
    assert told["budgets"][0]["limit_usd"] == "2"
    shown = runner.invoke(command, ["--by", "provider"]).output
    assert "answered with no outside call  50.0%" in shown
    assert "cut off with their process: 1" in shown
    assert "$0.34" in shown or "0.340000" in shown
    empty = runner.invoke(command, [], env={"ZANTARA_HOME": str(home / "other")})
    assert "zantara ask" in empty.output
